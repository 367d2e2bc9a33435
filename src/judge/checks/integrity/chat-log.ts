import type { Event } from '../../../history/events.js';
import { logDiffOf, type Difference, type LogDifference } from '../../derived/log-diff.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { fail, messageCause, pass, present, roomCause, unknown } from '../../finding.js';
import type { Cause, Finding } from '../../port.js';
import { agree, count, list, listed } from '../../words.js';
import { defineCheck } from '../define.js';

const inWords: Readonly<Record<Difference, string>> = {
  missing: 'missing',
  changed: 'changed',
  renamed: 'stored under another id or number',
  twice: 'stored twice',
  'out of order': 'in another order',
  'shown twice by the paging': 'shown twice by the paging',
};

export const chatLog = defineCheck({
  id: 'chat-log',
  test: 'integrity',
  about: {
    question: 'Is the stored chat log the same as before, entry by entry?',
    seenBy:
      'Each room is read from its beginning to its end before the restart and after it. Every entry of the first read is in the second, once, in the same order, with the same digest, the same id and the same number. What was said since comes on top and is not looked at here.',
    causes: [
      'The log lives in memory, and begins anew.',
      'Entries are loaded again from a snapshot and from a journal, and some are in both.',
      'The log is sorted by a clock, and two entries of one millisecond change places.',
      'The paging uses an offset, and skips or repeats entries while others arrive.',
    ],
    next: [
      'Compare the two stored events in the evidence.',
      'If `log-kept` fails as well, the entries are gone for good; if not, only this way of reading is wrong.',
    ],
    modes: [35, 36, 37, 39, 40],
  },
  needs: ['log'],
  uses: [reads, messages],
  passesOn: 'presence',
  judge(context) {
    const { compared, differences, unread } = logDiffOf(context);
    const figures = { compared, differences: differences.length };
    if (differences.length > 0) return shown(differences, compared, figures);
    if (unread.length > 0) {
      const blames = unread.map(roomCause);
      return unknown(
        `${list(unread)} ${agree(unread, 'was', 'were')} not read to the end after the restart`,
        { figures, blames },
      );
    }
    if (compared === 0)
      return unknown('Nothing was stored before the restart, so nothing can be compared', { figures });
    return pass(`${count(compared, 'stored message')}, each at its place and unchanged`, { figures });
  },
});

function shown(
  differences: readonly LogDifference[],
  compared: number,
  figures: Finding['figures'],
): Finding {
  const kinds = [...new Set(differences.map(({ is }) => is))].map((kind) => {
    const amount = differences.filter(({ is }) => is === kind).length;
    return `${count(amount, 'message')} ${inWords[kind]}`;
  });
  const rooms = listed(differences.map(({ room }) => room));
  return fail(`Of ${count(compared, 'message')} stored before the restart, in ${rooms}: ${list(kinds, 5)}`, {
    figures,
    evidence: differences.slice(0, 4).flatMap(({ before, after }) => present<Event>([before, after])),
    blames: differences.map(causeOf),
  });
}

const causeOf = ({ room, before }: LogDifference): Cause =>
  before.message === null ? roomCause(room) : messageCause(before.message);
