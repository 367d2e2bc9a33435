import type { Event } from '../../../history/events.js';
import { duplicatesOf, type Duplicate, type Fault, type StoredTwice } from '../../derived/repeats.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { fail, messageCause, pass, present, unknown } from '../../finding.js';
import type { Finding } from '../../port.js';
import { count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

const faults: Readonly<Record<Fault, string>> = {
  'same-connection': 'twice on one connection',
  'not-after-cursor': 'although the cursor that was sent says that they were there',
  'ghost-twin': 'on two of its connections that were both alive',
};

export const messagesDuplicated = defineCheck({
  id: 'messages-duplicated',
  test: 'continuity',
  about: {
    question: 'Did every message arrive once, and is it stored once?',
    seenBy:
      'By the tag in the text, never by a flag of the protocol. A repeat is the fault of the service if it came twice on one connection, if its number is not after the cursor that the session sent when it joined on that connection, or if an older connection of the session was still alive. Any other repeat was asked for by the client. One message at two places of the stored log, under two ids or numbers, was stored twice.',
    causes: [
      'A message that is sent again after the restart, because its acknowledgement was lost, is stored as a new one.',
      'The replay begins at the cursor instead of after it.',
      'Replay and live delivery overlap: what arrives while the replay is read is sent by both.',
      'The old connection of a session is still subscribed when the new one is.',
    ],
    next: [
      'Compare the ids and positions in the evidence: two ids are two stored copies, one id is one copy delivered twice.',
      'Keep the id that the client gives a message under a unique key, and answer a retry with the first result.',
      'Where repeats are part of the promise, say `atLeastOnce()` in the contract.',
    ],
    modes: [16, 25, 26],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  binds: ({ delivery }) => delivery !== 'at-least-once',
  judge(context) {
    const { received, askedFor, stored } = duplicatesOf(context);
    const { received: receipts } = context.facts(messages).totals();
    const figures = { receipts, received: received.length, stored: stored.length, askedFor };
    if (received.length + stored.length > 0) return shown(received, stored, figures);
    if (receipts === 0) return unknown('Nobody received anything, so nothing could come twice', { figures });
    const aside = askedFor === 0 ? '' : `; ${count(askedFor, 'repeat')} had been asked for by the client`;
    return pass(`${count(receipts, 'receipt')}, none of them a repeat${aside}`, { figures });
  },
});

function shown(
  received: readonly Duplicate[],
  stored: readonly StoredTwice[],
  figures: Finding['figures'],
): Finding {
  const ids = [
    ...received.map(({ repeat }) => repeat.again.message ?? ''),
    ...stored.map(({ message }) => message),
  ];
  const parts = [
    stored.length > 0 ? storedInWords(stored) : null,
    received.length > 0 ? receivedInWords(received) : null,
  ];
  const evidence = [
    ...stored.slice(0, 2).flatMap(({ entries }): readonly Event[] => entries),
    ...received.slice(0, 4).flatMap(({ repeat }) => present<Event>([repeat.first, repeat.again])),
  ];
  return fail(present(parts).join('; '), { figures, evidence, blames: ids.map(messageCause) });
}

function storedInWords(stored: readonly StoredTwice[]): string {
  const rooms = listed(stored.map(({ room }) => room));
  return `${count(new Set(stored.map(({ message }) => message)).size, 'message')} stored twice, in ${rooms}`;
}

function receivedInWords(received: readonly Duplicate[]): string {
  const sessions = received.map(({ repeat }) => repeat.again.session);
  const kinds = [...new Set(received.map(({ fault }) => faults[fault]))];
  return `${sessionsInWords(sessions)} received ${count(received.length, 'repeat')}: ${kinds.join('; ')}`;
}
