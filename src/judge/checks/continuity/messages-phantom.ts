import type { Event, EventOf, MessageId } from '../../../history/events.js';
import { partsOf } from '../../../history/tag.js';
import { rememberedOf } from '../../derived/remembered.js';
import { connections } from '../../facts/connections.js';
import { isAttempted, isRefused } from '../../facts/message.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { seatsOf } from '../../facts/seats.js';
import { fail, messageCause, pass, present, unknown } from '../../finding.js';
import { once } from '../../once.js';
import type { Context, Finding } from '../../port.js';
import { count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

interface Phantom {
  readonly message: MessageId;
  /** `unheard of`: nothing at all is told of its sender, so what it did is not known either. */
  readonly why: 'refused' | 'never sent' | 'unheard of';
  readonly seen: Event;
  readonly answer: Event | null;
}

export const messagesPhantom = defineCheck({
  id: 'messages-phantom',
  test: 'continuity',
  about: {
    question: 'Is everything that can be seen something that was really sent, and not refused?',
    seenBy:
      'A text that carries the identity of a message of this run was received or is stored, and that message was never handed to the service, or every attempt of it was refused. What was left without an answer may show up: it is no phantom.',
    causes: [
      'A message is delivered or stored before it is validated, and refused afterwards.',
      'A transaction is rolled back after its messages were already published.',
      'A retry is answered with an error although the first attempt was executed.',
    ],
    next: [
      'Look at the refusal in the evidence: what reason did the service give?',
      'Publish after the commit, from what was committed.',
    ],
    modes: [28],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  judge(context) {
    const ledger = context.facts(messages);
    const { received, refused, foreign } = ledger.totals();
    const all = phantomsOf(context);
    const phantoms = all.filter(({ why }) => why !== 'unheard of');
    const figures = { receipts: received, refused, foreign, phantoms: phantoms.length };
    if (phantoms.length > 0) {
      const kinds = [...new Set(phantoms.map(({ why }) => why))];
      const senders = sessionsInWords(phantoms.map(({ message }) => partsOf(message)?.session ?? ''));
      return fail(
        `${count(phantoms.length, 'message')} of ${senders} can be seen that had been ${list(kinds)}`,
        {
          figures,
          evidence: phantoms.slice(0, 4).flatMap(({ seen, answer }) => present([answer, seen])),
          blames: phantoms.map(({ message }) => messageCause(message)),
        },
      );
    }
    if (all.length > 0) return unheardOf(all, figures);
    if (received === 0) return unknown('Nobody received anything, so no phantom could be seen', { figures });
    return pass(`${count(received, 'receipt')}, each of a message that was sent and not refused`, {
      figures,
    });
  },
});

/** A file of the history is missing, or its end. */
function unheardOf(all: readonly Phantom[], figures: Finding['figures']): Finding {
  const senders = sessionsInWords(all.map(({ message }) => partsOf(message)?.session ?? ''));
  return unknown(
    `${count(all.length, 'message')} of ${senders} can be seen, and nothing is told of what was sent there: is a file missing?`,
    { figures, evidence: all.slice(0, 4).map(({ seen }) => seen) },
  );
}

function phantomsOf(context: Context): Phantom[] {
  const ledger = context.facts(messages);
  const found = new Map<MessageId, Phantom>();
  const look = (id: MessageId, seen: Event) => {
    const phantom = found.has(id) ? null : phantomOf(context, id, seen);
    if (phantom) found.set(id, phantom);
  };
  for (const { id, receipts } of ledger.messages.values()) {
    const [receipt] = receipts.values();
    if (receipt) look(id, receipt);
  }
  for (const { message, event } of storedIn(context)) look(message, event);
  return [...found.values()];
}

function phantomOf(context: Context, id: MessageId, seen: Event): Phantom | null {
  const message = context.facts(messages).messages.get(id);
  if (message && isRefused(message))
    return { message: id, why: 'refused', seen, answer: message.unanswered[0] ?? null };
  if (message && isAttempted(message)) return null;
  if (!isHeardOf(context, id)) return { message: id, why: 'unheard of', seen, answer: null };
  return { message: id, why: 'never sent', seen, answer: message?.unanswered[0] ?? null };
}

/** Whoever sends has a connection, or says that there is none. */
function isHeardOf(context: Context, id: MessageId): boolean {
  const sender = partsOf(id)?.session ?? '';
  return context.facts(connections).has(sender) || spokenOf(context).has(sender);
}

const spokenOf = once((context): ReadonlySet<string> => {
  const { messages: all, retired } = context.facts(messages);
  const senders = [...all.values()].flatMap(({ send, sender }) => (send ? [sender] : []));
  return new Set([...senders, ...[...retired.rooms()].flatMap((room) => [...retired.inRoom(room).keys()])]);
});

/** Messages of this run in any read, but for those that are remembered only by their numbers. */
function* storedIn(context: Context): Generator<{ message: MessageId; event: EventOf<'stored'> }> {
  const { retired } = context.facts(messages);
  const seats = seatsOf(context.header);
  for (const { room, event } of rememberedOf(context)) {
    const parts = event.message === null ? null : partsOf(event.message);
    if (event.message === null || parts?.run !== context.header.run) continue;
    if (seats.role(parts.session) === 'auditor') continue;
    const isRetired = retired.inRoom(room).get(parts.session)?.has(parts.number) ?? false;
    if (!isRetired) yield { message: event.message, event };
  }
}
