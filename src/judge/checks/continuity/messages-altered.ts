import type { Event, EventOf, MessageId } from '../../../history/events.js';
import { deliveriesOf } from '../../derived/deliveries.js';
import { rememberedOf } from '../../derived/remembered.js';
import { messages, type Listed } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { once } from '../../once.js';
import { fail, firstOf, messageCauses, pass, present, roomCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** A message whose text is stored with another digest than it was sent with. */
interface StoredAltered {
  readonly message: MessageId;
  readonly send: EventOf<'send'>;
  readonly stored: EventOf<'stored'>;
}

export const messagesAltered = defineCheck({
  id: 'messages-altered',
  test: 'continuity',
  about: {
    question: 'Did every message arrive, and is it stored, exactly as it was sent?',
    seenBy:
      'The identity at the start of the text is that of a message of this run, and the digest of the whole text differs from the one that it was sent with. The contract may allow trimming or HTML entities; both are undone before the digest is made. A text whose identity itself is damaged counts when its reader misses a message in that room.',
    causes: [
      'A column or a buffer is shorter than the message: it is cut, often within a character.',
      'A layer decodes and encodes the text again in another character set, or sanitizes it.',
      'Part of a text is written before the process ends, and the rest never.',
    ],
    next: [
      'Are long messages concerned, or those with letters of several bytes? Both are in the mix that sessions send.',
      "Where the service is meant to change texts, say how in the contract: `text: 'trimmed'` or `'escaped'`.",
    ],
    modes: [29],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  judge(context) {
    const ledger = context.facts(messages);
    const stored = storedAltered(context);
    const damaged = damagedIn(context);
    const { received } = ledger.totals();
    const figures = {
      receipts: received,
      received: ledger.altered.length,
      stored: stored.length,
      damaged: ledger.damaged.length,
    };
    if (ledger.altered.length + stored.length + damaged.length > 0) {
      return shown(ledger.altered, stored, damaged, figures);
    }
    if (received === 0)
      return unknown('Nobody received anything, so nothing could arrive changed', { figures });
    return pass(`${count(received, 'receipt')}, each with the digest that it was sent with`, { figures });
  },
});

const storedAltered = once((context): readonly StoredAltered[] => {
  const { messages: all } = context.facts(messages);
  const found = new Map<MessageId, StoredAltered>();
  for (const { event: stored } of rememberedOf(context)) {
    const send = stored.message === null ? null : all.get(stored.message)?.send;
    if (send && stored.digest !== send.digest)
      found.set(send.message, { message: send.message, send, stored });
  }
  return [...found.values()];
});

/** Damaged texts where something that was owed is missing: this is what became of it. */
function damagedIn(context: Context): readonly EventOf<'receive'>[] {
  const missing = new Set(
    deliveriesOf(context).misses.map(({ reader, room }) => JSON.stringify([reader, room])),
  );
  const damaged = [...context.facts(messages).damaged];
  return damaged.filter(({ session, room }) => missing.has(JSON.stringify([session, room])));
}

function shown(
  received: Listed<EventOf<'receive'>>,
  stored: readonly StoredAltered[],
  damaged: readonly EventOf<'receive'>[],
  figures: Finding['figures'],
): Finding {
  const [changed, readers] = [new Set<MessageId>(), new Set<string>()];
  for (const { message, session } of received) {
    changed.add(message ?? '');
    readers.add(session);
  }
  const evidence = [
    ...firstOf(received, 3),
    ...stored.slice(0, 3).flatMap(({ send, stored: entry }): Event[] => [send, entry]),
    ...damaged.slice(0, 2),
  ];
  const ids = [...changed, ...stored.map(({ message }) => message)];
  const blames = [...messageCauses(ids), ...damaged.map(({ room }) => roomCause(room))];
  return fail(inWords(changed.size, [...readers], stored, damaged), { figures, evidence, blames });
}

function inWords(
  changed: number,
  readers: readonly string[],
  stored: readonly StoredAltered[],
  damaged: readonly EventOf<'receive'>[],
): string {
  const senders = sessionsInWords(stored.map(({ send }) => send.session));
  const rooms = listed(damaged.map(({ room }) => room));
  return present([
    changed > 0 ? `${sessionsInWords(readers)} received ${count(changed, 'message')} changed` : null,
    stored.length > 0 ? `${count(stored.length, 'message')} of ${senders} stored changed` : null,
    damaged.length > 0
      ? `${count(damaged.length, 'text')} arrived with a damaged identity in ${rooms}`
      : null,
  ]).join('; ');
}
