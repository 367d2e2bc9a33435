import type { Event, MessageId } from '../../../history/events.js';
import {
  duplicatesOf,
  type Duplicate,
  type Duplicates,
  type Fault,
  type StoredTwice,
} from '../../derived/repeats.js';
import { indeterminateOf } from '../../derived/indeterminate.js';
import type { TakenForNew } from '../../derived/taken-for-new.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { fail, firstOf, messageCauses, pass, present, unknown } from '../../finding.js';
import type { Finding } from '../../port.js';
import { agree, count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

const faults: Readonly<Record<Fault, string>> = {
  'same-connection': 'twice on one connection',
  'not-after-cursor': 'although the cursor that was sent says that the session had them already',
  'ghost-twin': 'on two connections that were both alive',
  'another-place': 'under another number or id than before',
};

const [storedAgain, fromCursor, overlap, twin] = [
  'A message that is sent again after the restart, because its acknowledgement was lost, is stored as a new one.',
  'The replay begins at the cursor instead of after it.',
  'Replay and live delivery overlap: what arrives while the replay is read is sent by both.',
  'The old connection of a session is still subscribed when the new one is.',
] as const;

const causes: Readonly<Record<Fault, string>> = {
  'same-connection': overlap,
  'not-after-cursor': fromCursor,
  'ghost-twin': twin,
  'another-place': storedAgain,
};

const look =
  'Compare the ids and positions in the evidence: two ids are two stored copies, one id is one copy delivered twice.';

export const messagesDuplicated = defineCheck({
  id: 'messages-duplicated',
  test: 'continuity',
  about: {
    question: 'Did every message arrive once, and is it stored once?',
    seenBy:
      'By the tag in the text, never by a flag of the protocol. A repeat is the fault of the service if it came twice on one connection, if its number is not after the cursor that the session sent when it joined on that connection (where positions are no numbers: if the session had it before it sent that cursor), if an older connection of the session was still alive, or if a session that sent a cursor is given what it has under another number or id. Where the contract has idempotency, a message that was sent again under the same id and was acknowledged, or delivered to one reader, under two numbers or two ids was taken for a new one, whether or not a log can be read. Any other repeat was asked for by the client. One message at two places of the stored log, under two ids or numbers, was stored twice. A message whose sender never learned what became of it may be there or not, and is there once at most: how many of those were seen is told, and no failure.',
    causes: [storedAgain, fromCursor, overlap, twin],
    next: [
      look,
      'Keep the id that the client gives a message under a unique key, and answer a retry with the first result.',
      'Where repeats are part of the promise, say `atLeastOnce()` in the contract.',
    ],
    modes: [16, 25, 26, 27],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  binds: ({ delivery }) => delivery !== 'at-least-once',
  judge(context) {
    const found = duplicatesOf(context);
    const { takenForNew, received, askedFor, stored } = found;
    const { received: receipts } = context.facts(messages).totals();
    const indeterminate = indeterminateOf(context);
    const figures = {
      receipts,
      takenForNew: takenForNew.length,
      received: received.length,
      stored: stored.length,
      askedFor,
      indeterminate: indeterminate.all,
      indeterminateSeen: indeterminate.seen,
    };
    if (takenForNew.length + received.length + stored.length > 0) return shown(found, figures);
    if (receipts === 0) return unknown('Nobody received anything, so nothing could come twice', { figures });
    const aside = askedFor === 0 ? '' : `; ${count(askedFor, 'repeat')} had been asked for by the client`;
    const doubt =
      indeterminate.seen === 0
        ? ''
        : `; ${count(indeterminate.seen, 'message')} that ${agree(indeterminate.seen, 'was', 'were')} never answered can be seen, once`;
    return pass(`${count(receipts, 'receipt')}, none of them a repeat${aside}${doubt}`, { figures });
  },
});

function shown(found: Duplicates, figures: Finding['figures']): Finding {
  const { takenForNew, received, stored } = found;
  const repeated = repeatedOf(received);
  const ids = [
    ...takenForNew.map(({ message }) => message.id),
    ...repeated.messages,
    ...stored.map(({ message }) => message),
  ];
  const parts = [
    takenForNew.length > 0 ? takenInWords(takenForNew) : null,
    stored.length > 0 ? storedInWords(stored) : null,
    received.length > 0 ? receivedInWords(received.length, repeated) : null,
  ];
  const [first] = repeated.faults;
  const fault = takenForNew.length + stored.length > 0 ? undefined : first;
  const likely = fault === undefined ? undefined : { cause: causes[fault], next: look };
  return fail(present(parts).join('; '), {
    ...{ figures, evidence: evidenceOf(found), blames: messageCauses(ids) },
    ...(likely === undefined ? {} : { likely }),
  });
}

function evidenceOf({ takenForNew, received, stored }: Duplicates): Event[] {
  return [
    ...takenForNew.slice(0, 2).flatMap(({ message, first, again }) => {
      return present<Event>([message.send, first, again]);
    }),
    ...stored.slice(0, 2).flatMap(({ entries }): readonly Event[] => entries),
    ...firstOf(received, 4).flatMap(({ repeat }) => present<Event>([repeat.first, repeat.again])),
  ];
}

/** How many, and the first of them with what it was called. */
function takenInWords(taken: readonly TakenForNew[]): string {
  const what =
    taken.length === 1
      ? '1 message that was sent again was taken for a new one'
      : `${count(taken.length, 'message')} that were sent again were taken for new ones`;
  const [one] = taken;
  if (!one) return what;
  const { message, by, first, again } = one;
  const name = `session ${message.sender}'s ${message.sender}.${message.number}`;
  const happened = first.kind === 'ack' ? 'was acknowledged' : `reached session ${first.session}`;
  const place = `${by === 'position' ? 'number' : 'id'} ${first[by] ?? ''}`;
  return `${what}: ${name} ${happened} as ${place} and again as ${again[by] ?? ''}`;
}

function storedInWords(stored: readonly StoredTwice[]): string {
  const rooms = listed(stored.map(({ room }) => room));
  return `${count(new Set(stored.map(({ message }) => message)).size, 'message')} stored twice, in ${rooms}`;
}

/** What is said of what came twice: there may be millions. */
interface Repeated {
  readonly messages: ReadonlySet<MessageId>;
  readonly sessions: ReadonlySet<string>;
  readonly faults: ReadonlySet<Fault>;
}

function repeatedOf(received: Iterable<Duplicate>): Repeated {
  const its = { messages: new Set<MessageId>(), sessions: new Set<string>(), faults: new Set<Fault>() };
  for (const { repeat, fault } of received) {
    its.messages.add(repeat.again.message ?? '');
    its.sessions.add(repeat.again.session);
    its.faults.add(fault);
  }
  return its;
}

function receivedInWords(amount: number, { sessions, faults: all }: Repeated): string {
  const kinds = [...all].map((fault) => faults[fault]);
  return `${sessionsInWords([...sessions])} received ${count(amount, 'repeat')}: ${kinds.join('; ')}`;
}
