import type { Event } from '../../../history/events.js';
import { digitsOfUnit } from '../../../history/sketch.js';
import { answers, type Answer } from '../../facts/answers.js';
import { timeline } from '../../facts/timeline.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, grouped } from '../../words.js';
import { defineCheck } from '../define.js';

export const answersCancelled = defineCheck({
  id: 'answers-cancelled',
  test: 'continuity',
  about: {
    question: 'Does an answer that was cancelled before the restart stay cancelled?',
    seenBy:
      'A session has an answer cancelled while it is being made, and the target confirms that. A moment later, before the disruption, the answer is read as it is stored, and once more in the end. What stands there afterwards and did not before was made after the cancellation.',
    causes: [
      'The cancellation lives in the process that made the answer: whoever takes up unfinished answers after the restart does not know of it.',
      'Cancelling ends what the reader hears, and not what is made.',
    ],
    next: [
      'Store the cancellation before you confirm it, in the record by which unfinished answers are found.',
      'Look at the two `stored-answer` events: how much was made in between, and in which state is it?',
    ],
    modes: [60],
  },
  needs: ['streams', 'cancellation'],
  uses: [answers],
  passesOn: 'presence',
  judge(context) {
    const asked = [...context.facts(answers).values()].filter(({ purpose }) => purpose === 'cancel');
    const tried = asked.filter((answer) => isExercised(context, answer));
    const figures = {
      cancelled: tried.length,
      grownUnits: tried.reduce((sum, one) => sum + Math.max(0, grownBy(one)), 0),
    };
    const grown = tried.filter((answer) => grownBy(answer) > 0);
    if (grown.length > 0) return wentOn(grown, figures);
    if (tried.length === 0)
      return unknown(`No answer was cancelled while it was being made: ${whyNot(asked)}`, { figures });
    const unread = tried.filter(({ after }) => after === null);
    if (unread.length > 0) {
      const blames = unread.map(({ session }) => sessionCause(session));
      return unknown('The answer that was cancelled could not be read afterwards', { figures, blames });
    }
    return pass(`${count(tried.length, 'cancelled answer')} did not go on after the restart`, { figures });
  },
});

/** It was confirmed before anything struck, of an answer that was not over, and what was there then was seen. */
function isExercised(context: Context, { cancelled, before, over }: Answer): boolean {
  const struckAt = context.facts(timeline).disruptions.flatMap((one) => one.struckAt ?? [])[0] ?? Infinity;
  if (!cancelled || !before || before.sketch === null || before.state === 'done') return false;
  if (before.t > struckAt || before.t < cancelled.t) return false;
  return over === null || over.step !== 'end' || over.t >= cancelled.t || before.state === 'cancelled';
}

/**
 * By how much it is longer than when it had been cancelled, as it is stored; or what its reader got since then that did not
 * stand there. What it had read by then may not have been stored yet, and what comes again is no more.
 */
function grownBy({ before, after, parts }: Answer): number {
  if (!before) return 0;
  const since = parts.filter((part) => part.t > before.t && !isIn(before, part));
  const read = since.reduce((sum, { units }) => sum + units, 0);
  return Math.max((after?.units ?? 0) - before.units, read);
}

function isIn({ sketch }: NonNullable<Answer['before']>, part: Answer['parts'][number]): boolean {
  if (sketch === null) return false;
  let at = sketch.indexOf(part.sketch);
  while (at !== -1 && at % digitsOfUnit !== 0) at = sketch.indexOf(part.sketch, at + 1);
  return at !== -1;
}

function wentOn(grown: readonly Answer[], figures: Finding['figures']): Finding {
  const [first] = grown;
  const said = `the answer that session ${first?.session ?? '?'} had cancelled at character ${grouped(first?.before?.units ?? 0)}`;
  const more = first ? count(grownBy(first), 'character') : '';
  return fail(
    `${said} went on: ${more} more ${first && grownBy(first) === 1 ? 'was' : 'were'} made after the service had confirmed it`,
    {
      figures,
      evidence: grown.flatMap(({ cancelled, before, after }) => present<Event>([cancelled, before, after])),
      blames: grown.map(({ session }) => sessionCause(session)),
    },
  );
}

function whyNot(asked: readonly Answer[]): string {
  const [first] = asked;
  if (!first) return 'nothing was asked';
  const refusal = first.connections.find(({ step, reason }) => step === 'refused' && reason !== undefined);
  if (refusal?.reason !== undefined) return refusal.reason;
  return first.cancelled === null ? 'it had not begun' : 'it was over before it could be cancelled';
}
