import type { Event } from '../../../history/events.js';
import type { Contract } from '../../../contract/data.js';
import { firstAckAt, firstAttemptAt } from '../../facts/message.js';
import { messages, type Inversion } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { behindOthers } from '../../derived/behind-others.js';
import { disagreementsOf } from '../../derived/disagreements.js';
import { reusesOf } from '../../derived/places.js';
import { fail, messageCause, pass, present, unknown } from '../../finding.js';
import { count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const messagesReordered = defineCheck({
  id: 'messages-reordered',
  test: 'continuity',
  about: {
    question: 'Did messages arrive in the order in which they were sent?',
    seenBy:
      'At their first receipt by each reader. Two messages of one sender in one room are compared only where their order is certain: the first was acknowledged before the second was sent, or both were sent once, on one connection, and the contract promises to keep that order. Where the contract promises one order for a room, the positions at each reader must rise as well; where no positions are told, its readers must agree.',
    causes: [
      'What was missed is replayed while live messages already flow.',
      'The log is read in the order of a clock instead of the order of its numbers; clocks differ and go back.',
      'A pool of workers handles the messages of one sender side by side.',
    ],
    next: [
      'Compare the positions of the two messages in the evidence: if they rise, the delivery is at fault, otherwise the storing.',
      'Is the reader one that had just come back? Then look at the seam between replay and live delivery.',
      "Where only some order is promised, say `order: 'none'` or `'sender'` in the contract.",
    ],
    modes: [45, 46, 47],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  binds: ({ order }) => order !== 'none',
  judge(context) {
    const ledger = context.facts(messages);
    const { contract } = context.header;
    const { received } = ledger.totals();
    const renumbered = new Set(reusesOf(context).map(({ room }) => room));
    const isShown = (one: Inversion) => isCertain(one, contract, renumbered);
    const doubtful = ledger.inversions.filter((one) => one.by === 'number' && !isShown(one));
    const judged = [
      ...ledger.inversions.filter(isShown),
      ...behindOthers(context, doubtful, isShown),
      ...(contract.order === 'room' ? disagreementsOf(context) : []),
    ];
    const figures = { receipts: received, pairs: judged.length };
    if (judged.length > 0) {
      return fail(inWords(judged), {
        figures,
        evidence: evidenceOf(judged),
        blames: judged.flatMap(blamesOf),
      });
    }
    if (received === 0)
      return unknown('Nobody received anything, so nothing could be out of order', { figures });
    const of = contract.order === 'room' ? 'in the order of their rooms' : "in their senders' order";
    return pass(`${count(received, 'receipt')}, all ${of}`, { figures });
  },
});

/** Where numbers of a room were given twice, its positions do not compare. */
function isCertain(inversion: Inversion, contract: Contract, renumbered: ReadonlySet<string>): boolean {
  if (inversion.by === 'number') return isOfFirstAttempt(inversion) && isSentInOrder(inversion, contract);
  return contract.order === 'room' && !renumbered.has(inversion.receipt.room);
}

/** A copy that was stored when the message was sent again comes late by right; that it was stored is a finding of its own. */
function isOfFirstAttempt({ earlier, receipt }: Inversion): boolean {
  const again = earlier.attempts[1];
  if (again === undefined || receipt.t < again.t) return true;
  const told = earlier.acks[0]?.position;
  return told !== undefined && told === receipt.position;
}

/** Source: semantics, "reordered". */
function isSentInOrder({ earlier, later }: Inversion, { pipelining }: Contract): boolean {
  const ackAt = firstAckAt(earlier);
  if (ackAt === null || !later.send) return false;
  if (ackAt < firstAttemptAt(later)) return true;
  const [one, other] = [earlier.attempts[0], later.attempts[0]];
  // A library that keeps messages may write the later one first.
  const isOneConnection = one?.conn !== undefined && one.conn === other?.conn && one.t < other.t;
  const areFirst = (earlier.attempts[1]?.t ?? Infinity) > ackAt && later.attempts.length === 1;
  return pipelining && isOneConnection && areFirst;
}

const blamesOf = ({ earlier, later }: Inversion) => [messageCause(earlier.id), messageCause(later.id)];

function inWords(inversions: readonly Inversion[]): string {
  const readers = sessionsInWords(inversions.map(({ reader }) => reader));
  const senders = [...new Set(inversions.map(({ earlier }) => earlier.sender))];
  const pairs = count(inversions.length, 'message');
  return `${readers} received ${pairs} of ${sessionsInWords(senders)} after later ones, in ${listed(inversions.map(({ receipt }) => receipt.room))}`;
}

const evidenceOf = (inversions: readonly Inversion[]) =>
  inversions
    .slice(0, 2)
    .flatMap(({ earlier, later, receipt, laterReceipt }) =>
      present<Event>([earlier.send, earlier.acks[0], later.send, laterReceipt, receipt]),
    );
