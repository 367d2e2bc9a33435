import { inWords } from '../../../base/duration.js';
import { silencesOf, type Silenced } from '../../derived/silences.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** A shorter silence is no silence. */
const exercisedMs = 500;

export const idleTimeOut = defineCheck({
  id: 'idle-time-out',
  test: 'reconnect',
  about: {
    question: 'Were connections closed because they were quiet, and not because of the restart?',
    seenBy:
      'Connections that were closed while their own instance was not being restarted, by neither side in its own words, after about the same silence each (three sessions or more), while no connection outlived a longer silence. That is a time-out of what stands between. Such a close is not the restart’s, whenever it comes.',
    causes: [
      'The balancer or proxy ends connections on which nothing was said for a time (`timeout tunnel`, `proxy_read_timeout`, an idle time-out), and that time is shorter than the pauses of the chat.',
      'The service sends no pings, or sends them more rarely than that.',
    ],
    next: [
      'Compare the silence that is named with the time-outs of what stands before the service.',
      'Let the service send pings at half that time or sooner, or raise the time-out.',
    ],
    modes: [77],
  },
  needs: ['balancer', 'instance'],
  passesOn: 'absence',
  judge(context) {
    const { timedOut, unexplained, longestOutlivedMs, idleMs } = silencesOf(context);
    const figures = {
      timedOut: timedOut.length,
      unexplained: unexplained.length,
      longestOutlivedMs,
      ...(timedOut.length > 0 ? { idleMs } : {}),
    };
    if (timedOut.length > 0) return isTimeOut(timedOut, idleMs, figures);
    const others =
      unexplained.length === 0
        ? ''
        : `; ${count(unexplained.length, 'connection')} ${agree(unexplained.length, 'was', 'were')} closed with no restart of ${agree(unexplained.length, 'its', 'their')} instance near, after no silence in common`;
    if (longestOutlivedMs < exercisedMs) {
      return unknown(`No connection was ever quiet for ${inWords(exercisedMs)}${others}`, { figures });
    }
    const summary = `No connection was closed for being quiet, and one outlived a silence of ${inWords(longestOutlivedMs)}`;
    return pass(`${summary}${others}`, { figures, evidence: closesOf(unexplained) });
  },
});

function isTimeOut(timedOut: readonly Silenced[], idleMs: number, figures: Finding['figures']): Finding {
  const sessions = timedOut.map(({ session }) => session);
  const summary = `The connections of ${sessionsInWords(sessions)} were closed after about ${inWords(idleMs)} in which nothing was said, while their instances were not being restarted: an idle time-out of what stands between, and not the restart`;
  return fail(summary, { figures, evidence: closesOf(timedOut), blames: sessions.map(sessionCause) });
}

const closesOf = (silences: readonly Silenced[]) =>
  present(silences.slice(0, 4).flatMap(({ connection, close }) => [connection.lastTraffic, close]));
