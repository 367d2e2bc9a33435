import { disruptionsInWords } from '../../derived/met.js';
import { returnsOf } from '../../derived/returns.js';
import { threadOf, lastMomentMs, type Thread } from '../../derived/thread.js';
import type { Message } from '../../facts/message.js';
import { messages } from '../../facts/messages.js';
import { timeline } from '../../facts/timeline.js';
import { disruptionCause, fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Cause, Context, End, Finding } from '../../port.js';
import { agree, count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const threadContinues = defineCheck({
  id: 'thread-continues',
  test: 'continuity',
  about: {
    question:
      'Does the chat go on in the same threads, and was enough going on for the other findings to mean something?',
    seenBy:
      'Messages got through before the restart, were sent while it lasted, and got through after it, in each room that was alive before. The restart must also have met what it could break: an acknowledgement within 250 ms before the signal, something owed to each absentee from before the restart, and an acknowledged message that was sent again afterwards. A restart in a quiet moment proves little, and is unknown.',
    causes: [
      'Rooms or threads are not found any more by the id that they had.',
      'Members were lost: sending is refused in rooms where it was allowed.',
      'The load was too low for the restart to meet it (then it is unknown, not failed).',
    ],
    next: [
      'Look at the answers to what was sent after the restart: refused, or no answer at all?',
      'Raise `messagesPerSecond`, or lower the number of sessions for the same rate.',
    ],
    modes: [34, 42],
  },
  needs: [],
  uses: [messages],
  passesOn: 'presence',
  judge(context, end) {
    const thread = threadOf(context);
    if (!thread) return unknown('Nothing was disrupted in this history, so no thread had to go on');
    const figures = {
      before: thread.before.length,
      attemptsDuring: thread.attemptsDuring,
      after: thread.throughAfter.length,
      lastMoment: thread.lastMoment,
      retries: thread.retries,
    };
    const silent = silentRooms(thread);
    if (silent.length > 0) return isSilent(thread, silent, end, figures);
    const missing = vacuityOf(context, thread);
    if (missing.length > 0) {
      const blames = blamed(context, thread, missing);
      return unknown(`Too little was going on: ${list(missing, 5)}`, { figures, blames });
    }
    const { before, attemptsDuring, after } = figures;
    const summary = `${count(before, 'message')} got through before the restart, ${count(attemptsDuring, 'attempt')} fell into it, and ${count(after, 'message')} followed on in the same threads`;
    return pass(summary, { figures });
  },
});

const roomsOf = (all: readonly Message[]) => new Set(present(all.map(({ send }) => send?.room)));

/** Rooms that were alive before, in which people spoke after the restart, and nothing got through. */
function silentRooms({ before, sentAfter, throughAfter }: Thread): string[] {
  const through = roomsOf(throughAfter);
  const alive = roomsOf(before);
  return [...roomsOf(sentAfter)].filter((room) => alive.has(room) && !through.has(room));
}

function isSilent(
  { sentAfter }: Thread,
  silent: readonly string[],
  end: End,
  figures: Finding['figures'],
): Finding {
  const unheard = sentAfter.filter(({ send }) => silent.includes(send?.room ?? ''));
  const senders = [...new Set(unheard.map(({ sender }) => sender))];
  const what = count(unheard.length, 'message');
  const summary = `Nothing gets through in ${list(silent)} since the restart: ${what} of ${sessionsInWords(senders)}, ${agree(unheard.length, 'not accepted', 'none of them accepted')}`;
  const evidence = unheard.slice(0, 4).flatMap(({ send, unanswered }) => present([send, unanswered[0]]));
  const more = { figures, evidence, blames: senders.map(sessionCause) };
  // A run that was stopped early did not wait for answers, nor for the senders to be back.
  const wasStopped = end === null || end.how === 'interrupted';
  return wasStopped ? unknown(`${summary} before the history ended`, more) : fail(summary, more);
}

/** Sessions that never came back had nothing to say; where all were there, and only its moment was quiet, a disruption shows nothing. */
function blamed(context: Context, { quiet }: Thread, missing: readonly string[]): Cause[] {
  const never = returnsOf(context).filter(({ back }) => back === null);
  if (never.length > 0 || missing.length > 1) return never.map(({ session }) => sessionCause(session));
  return quiet.map(({ index }) => disruptionCause(index));
}

/** What the restart did not meet, in words. Source: semantics, "Outcomes" (vacuity). */
function vacuityOf(context: Context, thread: Thread): string[] {
  const { contract, plan } = context.header;
  const isAcknowledged = plan.without.acknowledgements === undefined;
  const idle = thread.idleAbsentees;
  return present([
    thread.before.length === 0 ? 'nothing got through before the restart' : null,
    thread.attemptsDuring === 0 ? 'nothing was sent while it lasted' : null,
    thread.throughAfter.length === 0 ? 'nothing was sent after it' : null,
    thread.quiet.length > 0
      ? `nothing was acknowledged in the last ${lastMomentMs} ms before ${signalsOf(context, thread)}`
      : null,
    idle.length > 0 ? `nothing was owed to ${sessionsInWords(idle)}, away over the restart` : null,
    contract.idempotent && isAcknowledged && thread.retries === 0
      ? 'no acknowledged message was sent again after the signal and answered again'
      : null,
  ]);
}

/** Numbered from 1, as a person counts; where there is only one, it needs no number. */
function signalsOf(context: Context, { quiet }: Thread): string {
  const { disruptions } = context.facts(timeline);
  if (disruptions.length === 1) return 'the signal';
  return `the ${agree(quiet.length, 'signal', 'signals')} of ${disruptionsInWords(context, quiet)}`;
}
