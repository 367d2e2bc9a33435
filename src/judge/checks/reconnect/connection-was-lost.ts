import { struckOf } from '../../derived/returns.js';
import { isProved, timeline, type Disruption } from '../../facts/timeline.js';
import { fail, pass, present, serviceCause, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** The restart is real, and the sessions' connections were really lost by it. */
export const connectionWasLost = defineCheck({
  id: 'connection-was-lost',
  test: 'reconnect',
  about: {
    question: 'Was the service really restarted, and did sessions really lose their connection?',
    seenBy:
      'At the door of each restarted service: it names another instance than before, or connections to its port were refused while its whole process group was dead. A process id proves nothing. Then: how many of the sessions that were connected to it saw their connection close.',
    causes: [
      'The command that restarts the service returned without restarting it.',
      'Another process, a stale one or another replica, kept answering on the same port.',
      'The health answer names something that does not change at a restart, such as the host.',
    ],
    next: [
      'Look at the events of kind "disruption" in the history: which instance answered before, and which after?',
      'Let the health answer of the service carry an id that is made anew at every start.',
      "Where a deploy is meant to be noticed by nobody, say `connectionLost: 'never'` in the contract.",
    ],
    modes: [69],
  },
  needs: [],
  passesOn: 'presence',
  judge(context) {
    const struck = context.facts(timeline).disruptions.filter(({ struckAt }) => struckAt !== null);
    const unproved = struck.flatMap(({ restarts }) => restarts).filter((restart) => !isProved(restart));
    if (struck.length === 0) return unknown('Nothing was restarted in this history, so nothing is proved');
    if (unproved.length > 0) {
      const services = [...new Set(unproved.map(({ service }) => service))];
      return unknown(
        `It is not proved that ${list(services)} ${agree(services, 'was', 'were')} restarted: the same instance, or none that names itself, answered before and after, and ${agree(services, 'its port was', 'their ports were')} never seen closed`,
        {
          evidence: present(unproved.flatMap(({ begin, ready }) => [begin, ready])),
          blames: services.map(serviceCause),
        },
      );
    }
    return lostOrNot(context, struck);
  },
});

function lostOrNot(context: Context, struck: readonly Disruption[]): Finding {
  const sessions = struckOf(context);
  const lost = sessions.filter(({ lostAt }) => lostAt !== null);
  const figures = { sessions: sessions.length, lost: lost.length };
  const proofs = struck.flatMap(({ restarts }) => restarts);
  const atTheDoor = proofs.flatMap(({ begin, portClosed, ready }) => [begin, portClosed, ready]);
  const more = {
    figures,
    evidence: present([...atTheDoor, ...lost.slice(0, 3).map(({ had }) => had.close)]),
  };
  const { connectionLost } = context.header.contract;
  if (lost.length === 0) {
    const nobody = 'The restart is proved at the door, and no session lost its connection by it';
    const isMissing = connectionLost === 'expected' && sessions.length > 0;
    return isMissing ? unknown(`${nobody}; the contract expects that they do`, more) : pass(nobody, more);
  }
  if (connectionLost !== 'never') {
    const share = `${count(lost.length, 'session')} of ${sessions.length}`;
    return pass(`The restart is proved at the door; ${share} lost the connection by it`, more);
  }
  const who = lost.map(({ session }) => session);
  const summary = `The contract promises a restart that nobody notices, and ${sessionsInWords(who)} lost the connection`;
  return fail(summary, { ...more, blames: who.map(sessionCause) });
}
