import type { EventOf, MessageId } from '../../../history/events.js';
import { intrusionsOf } from '../../derived/intrusions.js';
import { messages, type Listed } from '../../facts/messages.js';
import { fail, firstOf, messageCauses, pass, sessionCause, unknown } from '../../finding.js';
import { agree, count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const messagesLeaked = defineCheck({
  id: 'messages-leaked',
  test: 'continuity',
  about: {
    question: 'Did messages reach nobody but the members of their room?',
    seenBy:
      'The header says which session is meant to be in which room. A message of this run is leaked when a session received it in a room that it was never meant to be in, or as a message of another room than it was sent to. Where the service keeps strangers out of a room before the restart, a signed-in user who does not belong there tries after it to resume in the place of some sessions, with its own token and with what those have read; what it is handed is leaked.',
    causes: [
      'The replay after a restart asks for everything after a number, and forgets to ask whose rooms.',
      'Subscriptions are rebuilt from a cache that belongs to another user or another process.',
      'A resumed session is handed the buffer of somebody else.',
      'Who shows a cursor or a session id is taken for who it was given to, and is not asked again where it belongs.',
    ],
    next: [
      'Did it happen only on connections made after the restart? Then look at what rebuilds subscriptions.',
      'Check membership where messages are read, not only where a room is joined.',
    ],
    modes: [79, 80, 81],
  },
  needs: [],
  uses: [messages],
  passesOn: 'absence',
  judge(context) {
    const ledger = context.facts(messages);
    const { received } = ledger.totals();
    const intrusions = intrusionsOf(context);
    const figures = { receipts: received, leaked: ledger.strays.length, intrusions };
    if (ledger.strays.length > 0) return shown(ledger.strays, figures);
    if (context.header.plan.sessions.length === 0) {
      return unknown('The header does not say who is meant to be where', { figures });
    }
    if (received === 0) return unknown('Nobody received anything, so nothing could leak', { figures });
    const tried =
      intrusions === 0
        ? ''
        : `; who tried ${count(intrusions, 'time')} to resume in another’s place was handed nothing`;
    return pass(`${count(received, 'receipt')}, none of them outside its room${tried}`, { figures });
  },
});

function shown(strays: Listed<EventOf<'receive'>>, figures: Readonly<Record<string, number>>) {
  const [ids, rooms, sessions] = [new Set<MessageId>(), new Set<string>(), new Set<string>()];
  for (const { message, room, session } of strays) {
    // What has no identity is nobody's.
    ids.add(message ?? '');
    rooms.add(room);
    sessions.add(session);
  }
  const readers = [...sessions];
  const summary = `${sessionsInWords(readers)} received ${count(ids.size, 'message')} that ${agree(readers, 'it was', 'they were')} never meant to see, shown in ${listed([...rooms])}`;
  const blames = [...messageCauses(ids), ...readers.map(sessionCause)];
  return fail(summary, { figures, evidence: firstOf(strays, 6), blames });
}
