import type { Event, MessageId } from '../../../history/events.js';
import type { Contract } from '../../../contract/data.js';
import { firstAckAt, firstAttemptAt } from '../../facts/message.js';
import { messages, type Inversion } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { behindOthers } from '../../derived/behind-others.js';
import { disagreementsOf } from '../../derived/disagreements.js';
import { reusesOf } from '../../derived/places.js';
import { fail, messageCauses, pass, present, unknown } from '../../finding.js';
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
    const judged = new Judged();
    const doubtful: Inversion[] = [];
    for (const one of ledger.inversions) {
      if (isShown(one)) judged.add(one);
      else if (one.by === 'number') doubtful.push(one);
    }
    for (const one of behindOthers(context, doubtful, isShown)) judged.add(one);
    if (contract.order === 'room') for (const one of disagreementsOf(context)) judged.add(one);
    const figures = { receipts: received, pairs: judged.pairs };
    if (judged.pairs > 0) {
      const [evidence, blames] = [evidenceOf(judged.first), messageCauses(judged.messages)];
      return fail(inWords(judged), { figures, evidence, blames });
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

/** What is said of inversions: there may be millions. */
class Judged {
  readonly readers = new Set<string>();
  readonly senders = new Set<string>();
  readonly rooms = new Set<string>();
  readonly messages = new Set<MessageId>();
  readonly first: Inversion[] = [];
  pairs = 0;

  add(one: Inversion): void {
    this.pairs += 1;
    this.readers.add(one.reader);
    this.senders.add(one.earlier.sender);
    this.rooms.add(one.receipt.room);
    this.messages.add(one.earlier.id).add(one.later.id);
    if (this.first.length < mostShown) this.first.push(one);
  }
}

const mostShown = 2;

function inWords({ readers, pairs, senders, rooms }: Judged): string {
  const who = sessionsInWords([...readers]);
  const whose = sessionsInWords([...senders]);
  return `${who} received ${count(pairs, 'message')} of ${whose} after later ones, in ${listed([...rooms])}`;
}

const evidenceOf = (inversions: readonly Inversion[]) =>
  inversions.flatMap(({ earlier, later, receipt, laterReceipt }) =>
    present<Event>([earlier.send, earlier.acks[0], later.send, laterReceipt, receipt]),
  );
