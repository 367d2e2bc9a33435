import type { Event } from '../../../history/events.js';
import { movedOf, reusesOf, type Moved, type Reuse } from '../../derived/places.js';
import { recordsKept } from '../../derived/records.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { records } from '../../facts/records.js';
import { fail, messageCause, pass, present, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, listed } from '../../words.js';
import { defineCheck } from '../define.js';

export const noRecordChanged = defineCheck({
  id: 'no-record-changed',
  test: 'integrity',
  about: {
    question: 'Does every id and every number still name what it named?',
    seenBy:
      'Within a room, a server id or a number never names two messages, whether it was seen in an acknowledgement, in a receipt or in the log. What was told live carries the same id and number as what is stored. Where other records are read, they are the same after the restart as before.',
    causes: [
      'Numbers are counted in memory, and begin at one again, or at what was last written down.',
      'The number is taken as the highest one plus one, outside the transaction that stores the message.',
      'What is delivered is numbered by another part than what is stored.',
    ],
    next: [
      'Compare the two events in the evidence: which of them came after the restart?',
      'Give out numbers in the transaction that stores the message, from a row that is locked.',
    ],
    modes: [38, 43, 44],
  },
  needs: ['positions', 'log'],
  uses: [messages, reads, records],
  passesOn: 'absence',
  judge(context) {
    const reused = reusesOf(context);
    const moved = movedOf(context);
    const others = otherRecords(context);
    const { acknowledged } = context.facts(messages).totals();
    const figures = { messages: acknowledged, reused: reused.length, moved: moved.length };
    const told = shown(reused, moved, figures);
    if (told && others?.outcome === 'fail') return together(told, others);
    if (told) return told;
    if (others && others.outcome !== 'pass') return others;
    if (acknowledged === 0)
      return unknown('No message was acknowledged, so no number was given', { figures });
    const aside = others ? `; ${others.summary}` : '';
    return pass(`${count(acknowledged, 'message')}, each under a number of its own${aside}`, { figures });
  },
});

/** Null where this set-up has none. */
const otherRecords = (context: Context): Finding | null =>
  context.header.plan.without['other-records'] === undefined ? recordsKept(context, 'other') : null;

function shown(
  reused: readonly Reuse[],
  moved: readonly Moved[],
  figures: Finding['figures'],
): Finding | null {
  if (reused.length + moved.length === 0) return null;
  const rooms = listed([...reused, ...moved].map(({ room }) => room));
  const parts = present([
    reused.length > 0
      ? `${count(reused.length, 'number or id', 'numbers or ids')} given to two messages`
      : null,
    moved.length > 0
      ? `${count(moved.length, 'message')} stored under another number or id than was told`
      : null,
  ]);
  const evidence: Event[] = [
    ...reused.slice(0, 3).flatMap(({ first, second }) => present<Event>([first?.event, second.event])),
    ...moved.slice(0, 3).flatMap(({ live, stored }) => [live, stored]),
  ];
  const ids = [
    ...reused.map(({ first, second }) => (first ?? second).message),
    ...moved.map(({ message }) => message),
  ];
  return fail(`${parts.join('; ')}, in ${rooms}`, { figures, evidence, blames: ids.map(messageCause) });
}

const together = (one: Finding, other: Finding): Finding =>
  fail(`${one.summary}; ${other.summary}`, {
    figures: { ...other.figures, ...one.figures },
    evidence: [...one.evidence, ...other.evidence],
    blames: [...one.blames, ...other.blames],
  });
