import { endedEarly, goneFinding } from '../../derived/gone.js';
import { isProved } from '../../derived/proof.js';
import { droppedAgain, isThereAtTheEnd, nobodyThere, returnsOf } from '../../derived/returns.js';
import { sessionsIn, wasAnyoneThere, type Return } from '../../derived/returns.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, End, Finding } from '../../port.js';
import { count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** More unexplained losses than this after the return are a loop. */
const tolerableDrops = 2;

export const reconnected = defineCheck({
  id: 'reconnected',
  test: 'reconnect',
  about: {
    question: 'Is every session that lost its connection connected again, with no help from its user?',
    seenBy:
      'Each session whose connection was on the restarted service, or was cut at the network meanwhile, has a later connection on which it is signed in and in its rooms, and still has one when the chat is over. Opening and closing again and again is not being connected.',
    causes: [
      'The service refuses a session id or a cursor from before the restart, for ever.',
      'Clients take the close code of the restart for a final one, and stop.',
      'The service accepts connections and drops them: it is still draining, or a dependency is missing.',
    ],
    next: [
      'Look at the events "refused" and "close" of the sessions that are named: which status or code, at which step?',
      'Compare with `came-back`, which asks whether anything goes through on the new connection.',
    ],
    modes: [10, 14, 17, 18],
  },
  needs: ['connection'],
  passesOn: 'absence',
  judge(context, end) {
    const gone = goneFinding(context, end, 'Nobody could reconnect');
    if (gone) return gone;
    const returns = returnsOf(context);
    const broken = returns.filter(({ lostAt }) => lostAt !== null);
    if (broken.length === 0) return nobodyLost(context, returns);
    const missing = broken.filter((one) => !one.back || !isThereAtTheEnd(context, one));
    const looping = broken.filter((one) => droppedAgain(context, one).length > tolerableDrops);
    const figures = {
      sessions: sessionsIn(broken),
      back: sessionsIn(broken) - sessionsIn(missing),
      looping: sessionsIn(looping),
    };
    if (missing.length + looping.length > 0) return isMissing(context, end, missing, looping, figures);
    return pass(`${count(figures.sessions, 'session')} of ${figures.sessions} reconnected without help`, {
      figures,
    });
  },
});

function nobodyLost(context: Context, returns: readonly Return[]): Finding {
  const figures = { sessions: returns.length };
  if (!wasAnyoneThere(context)) return unknown(nobodyThere, { figures });
  if (isProved(context)) {
    return pass('No session lost its connection, so none had to reconnect', { figures });
  }
  return unknown('No session lost its connection, and the restart is not proved', { figures });
}

function isMissing(
  context: Context,
  end: End,
  missing: readonly Return[],
  looping: readonly Return[],
  figures: Readonly<Record<string, number>>,
): Finding {
  const never = missing.map(({ session }) => session);
  const loops = looping.map(({ session }) => session);
  const parts = [
    never.length > 0 ? `${sessionsInWords(never)} did not get the connection back` : null,
    loops.length > 0 ? `${sessionsInWords(loops)} lost it again and again afterwards` : null,
  ];
  const summary = present(parts).join('; ');
  const evidence = [...missing, ...looping].flatMap((one) => [
    one.had.close,
    one.line.refusals.at(-1)?.event,
    ...droppedAgain(context, one).map(({ close }) => close),
  ]);
  const more = { figures, evidence: present(evidence), blames: [...never, ...loops].map(sessionCause) };
  // A run that was stopped early stopped their attempts as well.
  const wasStopped = loops.length === 0 && endedEarly(context, end);
  return wasStopped ? unknown(`${summary} before the history ended`, more) : fail(summary, more);
}
