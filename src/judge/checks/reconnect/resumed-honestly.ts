import type { Event } from '../../../history/events.js';
import { absencesOf, isReplayOwed } from '../../derived/absences.js';
import { deliveriesOf, type Miss } from '../../derived/deliveries.js';
import { unknownOf } from '../../derived/met.js';
import { isProved } from '../../derived/proof.js';
import { nobodyThere, returnsOf, wasAnyoneThere, type Return } from '../../derived/returns.js';
import { messages } from '../../facts/messages.js';
import type { Disruption } from '../../facts/timeline.js';
import { fail, messageCause, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Cause, Context, Finding } from '../../port.js';
import { count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const resumedHonestly = defineCheck({
  id: 'resumed-honestly',
  test: 'reconnect',
  about: {
    question: 'When a session is told that it continues where it stopped, does it really?',
    seenBy:
      'A session came back and was told that it was resumed, or said where it had stopped and was let in. It is compared with what it was owed from the time of its absence: if something of that never arrived, it was told that nothing was missed, and something was. Who begins anew after an absence beyond the replay window is told the truth.',
    causes: [
      'The replay begins at the newest message instead of after the cursor.',
      'The buffer that a resumption replays from was lost with the process, and nobody says so.',
      'A session that had received nothing yet has no cursor, and what it missed first is skipped.',
    ],
    next: [
      'Look at the `join` event of the session that is named: which cursor did it send?',
      'Where the replay cannot reach back far enough, say so to the client, so that it can read the log instead.',
    ],
    modes: [31, 32, 58],
  },
  needs: ['resume', 'acknowledgements'],
  uses: [messages],
  passesOn: 'absence',
  judge(context) {
    const resumed = returnsOf(context).filter(isResumed);
    const { misses } = deliveriesOf(context);
    const broken = resumed.map((one) => ({ one, missed: misses.filter((miss) => isMissedBy(one, miss)) }));
    const lying = broken.filter(({ missed }) => missed.some(({ is }) => is === 'lost'));
    const unclear = broken.filter(({ missed }) => missed.length > 0);
    const figures = { resumed: resumed.length, falsely: lying.length };
    if (lying.length > 0) return isLying(lying, figures);
    if (resumed.length === 0) return notExercised(context, figures);
    if (unclear.length > 0) {
      const who = sessionsInWords(unclear.map(({ one }) => one.session));
      const blames = unclear.flatMap(({ missed }) => missed.map(suspect));
      return unknown(`${who} resumed, and it is not clear whether something is missing`, { figures, blames });
    }
    const says = (named: string) => `No session was resumed after ${named}: ${notTold}`;
    const untold = unknownOf(context, untoldOf(context, resumed), says, figures);
    if (untold) return untold;
    return pass(`${count(resumed.length, 'session')} resumed, and nothing that they were owed is missing`, {
      figures,
    });
  },
});

/** A reader that hears nothing may be deaf: then it is not about the message. */
const suspect = ({ is, reader, message }: Miss): Cause =>
  is === 'unproven' ? sessionCause(reader) : messageCause(message.id);

/** It was told so, or it sent a cursor and was let in. */
function isResumed({ back, lostAt }: Return): boolean {
  if (lostAt === null || !back?.ready) return false;
  if (back.ready.claims === 'resumed') return true;
  return (
    back.ready.claims === 'unstated' && [...back.joins.values()].some(({ cursor }) => cursor !== undefined)
  );
}

/** From this absence, and not from one in a stretch without a restart, nor from that over another restart. */
function isMissedBy({ session, lostAt }: Return, { reader, absence, withoutRestart }: Miss): boolean {
  if (reader !== session || withoutRestart || !absence || lostAt === null) return false;
  return absence.beganAtMost <= lostAt && lostAt <= absence.endedAtMost;
}

/** The disruptions by which sessions lost their connection, and after which none resumed that might have had to. */
function untoldOf(context: Context, resumed: readonly Return[]): readonly Disruption[] {
  const lost = returnsOf(context).filter(({ lostAt }) => lostAt !== null);
  return [...new Set(lost.map(({ disruption }) => disruption))].filter((disruption) => {
    const its = lost.filter((one) => one.disruption === disruption);
    return !its.some((one) => resumed.includes(one)) && !isToldTheTruth(context, its);
  });
}

const notTold = 'none was told so, and none said where it had stopped';

function notExercised(context: Context, figures: Finding['figures']): Finding {
  const lost = returnsOf(context).filter(({ lostAt }) => lostAt !== null);
  if (lost.length === 0) return nobodyLost(context, figures);
  if (isToldTheTruth(context, lost)) {
    const who = count(lost.length, 'session');
    return pass(`${who} came back and began anew: none was told that nothing is missing`, { figures });
  }
  return unknown(`No session was resumed: ${notTold}`, { figures });
}

function nobodyLost(context: Context, figures: Finding['figures']): Finding {
  if (!wasAnyoneThere(context)) return unknown(nobodyThere, { figures });
  if (!isProved(context))
    return unknown('No session lost its connection, and the restart is not proved', { figures });
  return pass('No session lost its connection, so none had to resume', { figures });
}

/**
 * Where messages may be missed, a target that has everybody begin anew owes nothing more: it promised no resumption. Nor does one
 * that says so to who was away for longer than its replay window.
 */
function isToldTheTruth(context: Context, lost: readonly Return[]): boolean {
  const isFree = context.header.contract.delivery === 'at-most-once';
  return lost.every((one) => one.back?.ready?.claims === 'fresh' && (isFree || isTooLate(context, one)));
}

const isTooLate = (context: Context, { line, lostAt }: Return): boolean =>
  [...line.stays.keys()].some((room) =>
    absencesOf(line, room)
      .filter(
        ({ beganAtMost, endedAtMost }) => lostAt !== null && beganAtMost <= lostAt && lostAt <= endedAtMost,
      )
      .some((absence) => isReplayOwed(context, absence, room) === 'no'),
  );

function isLying(
  lying: readonly { readonly one: Return; readonly missed: readonly Miss[] }[],
  figures: Finding['figures'],
): Finding {
  const lost = lying.flatMap(({ missed }) => missed.filter(({ is }) => is === 'lost'));
  const ids = new Set(lost.map(({ message }) => message.id));
  const who = sessionsInWords(lying.map(({ one }) => one.session));
  const evidence = lying.slice(0, 3).flatMap(({ one, missed }) => {
    const [miss] = missed;
    return present<Event>([one.back?.ready, miss?.message.send, miss?.message.acks[0], miss?.canary]);
  });
  return fail(`${who} resumed as if nothing were missing, and ${count(ids.size, 'message')} never arrived`, {
    figures,
    evidence,
    blames: [...ids].map(messageCause),
  });
}
