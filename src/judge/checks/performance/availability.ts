import { inWords } from '../../../base/duration.js';
import { deploysPerMonth, downtimeBudgetMs, downtimesOf, type Downtime } from '../../derived/downtime.js';
import { holdsNone } from '../../derived/returns.js';
import { spreadOf } from '../../derived/spread.js';
import { messages } from '../../facts/messages.js';
import { fail, pass, round, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const availability = defineCheck({
  id: 'availability',
  test: 'performance',
  about: {
    question: 'At this downtime for each restart, is the availability asked for within reach?',
    seenBy:
      'Per session, from the due time of the first message that was not served (acknowledged within a second of when it was due) to the due time of the first that was again. The longest of them, times the restarts a month in the contract, must fit into the error budget of a month: 43.2 minutes at 99.9 %. The availability of a run of some seconds would mean nothing, and is not judged.',
    causes: [
      'The service is down for long, or sessions come back late.',
      'More restarts a month than this way of deploying allows.',
    ],
    next: [
      'See how many deploys a month the measured downtime leaves room for.',
      'Restart replica by replica, so that most sessions never notice.',
    ],
    modes: [90],
  },
  needs: [],
  uses: [messages],
  passesOn: 'absence',
  judge(context) {
    const downtimes = downtimesOf(context);
    const spread = spreadOf(downtimes.map(({ ms }) => ms));
    if (!spread) return unmeasured(context);
    const deploys = deploysPerMonth(context);
    const figures = {
      ...{ sessions: downtimes.length, medianMs: spread.p50, maxMs: spread.max },
      ...(deploys !== null && { deploysPerMonth: deploys }),
    };
    const allowedMs = downtimeBudgetMs(context);
    const over = downtimes.filter(({ atLeast }) => atLeast > allowedMs);
    if (over.length > 0) return tooLong(context, over, figures);
    const unclear = downtimes.filter(({ atMost }) => atMost > allowedMs);
    if (unclear.length > 0) return notOver(unclear, figures);
    if (deploys === null) return pass('No session went without service', { figures });
    const longest = downtimes.filter(({ ms }) => round(ms) === spread.max).slice(0, 1);
    const summary = `No session went without service for longer than ${inWords(spread.max)}: ${shareOf(context)} a month leaves room for ${count(deploys, 'such restart')}`;
    return pass(summary, { figures, evidence: about(longest).evidence });
  },
});

const shareOf = ({ header }: Context) =>
  `${Number((header.contract.availability.target * 100).toFixed(4))} %`;

function tooLong(context: Context, over: readonly Downtime[], figures: Finding['figures']): Finding {
  const { restartsPerMonth } = context.header.contract.availability;
  const worst = inWords(Math.max(...over.map(({ ms }) => ms)));
  const summary = `${sessionsInWords(over.map(({ from }) => from.session))} went without service for up to ${worst}: ${restartsPerMonth} restarts a month leave room for ${inWords(downtimeBudgetMs(context))} each`;
  return fail(summary, { figures, ...about(over) });
}

function notOver(unclear: readonly Downtime[], figures: Finding['figures']): Finding {
  const endless = unclear.filter(({ isOver }) => !isOver);
  const sessions = (endless.length > 0 ? endless : unclear).map(({ from }) => from.session);
  const who = sessionsInWords(sessions);
  const summary =
    endless.length > 0
      ? `${who} ${agree(sessions, 'was', 'were')} not served any more, so the downtime has no end that was seen`
      : `The downtime of ${who} is not known well enough to be held against the error budget`;
  return unknown(summary, { figures, ...about(unclear) });
}

/** Nobody sent anything that could show it; or nobody was struck, and nobody had to notice. */
function unmeasured(context: Context): Finding {
  if (holdsNone(context))
    return pass('No session was connected to what was restarted', { figures: { sessions: 0 } });
  return unknown('No session sent anything around the restart, so no downtime can be measured');
}

const about = (downtimes: readonly Downtime[]) => ({
  evidence: downtimes.slice(0, 3).flatMap(({ evidence }) => evidence),
  blames: downtimes.map(({ from }) => sessionCause(from.session)),
});
