import type { Event } from '../../../history/events.js';
import { canariesOf } from '../../derived/canaries.js';
import { endedEarly, goneFinding } from '../../derived/gone.js';
import { holdsNone, isThereAtTheEnd, returnsOf, sessionsIn, type Return } from '../../derived/returns.js';
import { firstAckAt, firstAttemptAt } from '../../facts/message.js';
import { messages } from '../../facts/messages.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, End, Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** What is wrong with a session after the restart. */
type Ailment = 'gone' | 'unseen' | 'silent' | 'deaf';

const inWords: Readonly<Record<Ailment, (sessions: readonly string[]) => string>> = {
  gone: () => 'never came back, or did not stay',
  unseen: (sessions) =>
    `never lost ${agree(sessions, 'its', 'their')} connection, and what it led to was not seen ready again`,
  silent: () => 'came back, and nothing went through any more',
  deaf: (sessions) =>
    `came back, and did not hear a single canary in ${agree(sessions, 'its', 'their')} rooms`,
};

export const cameBack = defineCheck({
  id: 'came-back',
  test: 'session',
  about: {
    question: 'Is every session alive again: connected, and with messages going through?',
    seenBy:
      'For each session whose connection was on what was restarted, or that was cut at the network meanwhile: after its return a message was acknowledged to it or received by it; of the canaries that others send into its rooms at the end it hears at least one; and it is still connected when the chat is over. A connection alone proves nothing.',
    causes: [
      'The session is signed in again, but was not put back into its rooms.',
      'Connections are accepted before the database or the broker behind them is back.',
      'The process is dead, and the connection was never closed: the client waits for an idle time-out.',
      'The subscription to the broker was lost with it, and is not renewed.',
    ],
    next: [
      'Is a `ready` event there for the session after the restart? If not, `reconnected` says why.',
      'Is its own message acknowledged while it receives none? Then it is not in its rooms.',
    ],
    modes: [10, 11, 12, 13, 15, 19, 34],
  },
  needs: [],
  uses: [messages],
  passesOn: 'absence',
  judge(context, end) {
    const gone = goneFinding(context, end, 'No session could come back');
    if (gone) return gone;
    const returns = returnsOf(context);
    if (returns.length === 0) return notStruck(context);
    const ill = returns.flatMap((one) => {
      const ailment = ailmentOf(context, one, end);
      return ailment === null ? [] : [{ one, ailment }];
    });
    const sessions = sessionsIn(returns);
    const figures = { sessions, alive: sessions - sessionsIn(ill.map(({ one }) => one)) };
    if (ill.length > 0) return isIll(ill, endedEarly(context, end), figures);
    return pass(
      `${count(sessions, 'session')} of ${sessions} came back and ${agree(sessions, 'chats', 'chat')} on`,
      {
        figures,
      },
    );
  },
});

/** Where connections are held by a service that was not disrupted, sessions must simply go on. */
function notStruck(context: Context): Finding {
  if (holdsNone(context)) return pass('No session was connected to what was restarted, so all went on');
  return unknown('No session was connected to what was restarted, so none had to come back');
}

function ailmentOf(context: Context, one: Return, end: End): Ailment | null {
  const { back, backAt, had, line, lostAt } = one;
  // Nobody says that it was lost, and nobody that anything was there to come back to.
  if (lostAt === null && backAt === null) return 'unseen';
  if (!back || backAt === null || !isThereAtTheEnd(context, one)) return 'gone';
  const traffic = line.connections
    .filter(({ number }) => number >= back.number)
    .flatMap(({ lastTraffic }) => lastTraffic ?? []);
  // On a new connection everything is news, also what came in the moment in which it got ready.
  if (!traffic.some(({ t }) => back !== had || t > backAt)) return 'silent';
  return end?.how === 'completed' && isDeaf(context, one, backAt) ? 'deaf' : null;
}

/** Others' canaries were acknowledged in its rooms after its return, and it received none of them. */
function isDeaf(context: Context, { session, line }: Return, backAt: number): boolean {
  const canaries = canariesOf(context).filter(
    (message) =>
      message.sender !== session &&
      line.stays.has(message.send?.room ?? '') &&
      firstAttemptAt(message) >= backAt &&
      firstAckAt(message) !== null,
  );
  return canaries.length > 0 && !canaries.some(({ receipts }) => receipts.has(session));
}

interface Ill {
  readonly one: Return;
  readonly ailment: Ailment;
}

function isIll(ill: readonly Ill[], isEarly: boolean, figures: Finding['figures']): Finding {
  const kinds = (['gone', 'unseen', 'silent', 'deaf'] as const).map((kind) => {
    const sessions = ill.filter(({ ailment }) => ailment === kind).map(({ one }) => one.session);
    return sessions.length === 0 ? null : `${sessionsInWords(sessions)} ${inWords[kind](sessions)}`;
  });
  const summary = present(kinds).join('; ');
  const evidence = ill.flatMap(({ one }) => [
    one.had.close,
    one.back?.ready ?? one.line.refusals.at(-1)?.event,
    one.back?.lastTraffic,
  ]);
  const blames = ill.map(({ one }) => sessionCause(one.session));
  const more = { figures, evidence: present<Event>(evidence), blames };
  // A run that was stopped early stopped their return as well.
  if (isEarly) return unknown(`${summary} before the history ended`, more);
  return ill.every(({ ailment }) => ailment === 'unseen') ? unknown(summary, more) : fail(summary, more);
}
