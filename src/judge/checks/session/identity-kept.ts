import type { Event, EventOf } from '../../../history/events.js';
import { partsOf } from '../../../history/tag.js';
import type { Message } from '../../facts/message.js';
import { messages, type Repeat } from '../../facts/messages.js';
import { senderOfKey, unnumbered } from '../../facts/names.js';
import { allReads, reads } from '../../facts/reads.js';
import { records, type IdentityHistory } from '../../facts/records.js';
import { seatsOf } from '../../facts/seats.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const identityKept = defineCheck({
  id: 'identity-kept',
  test: 'session',
  about: {
    question: 'Is everyone still the user that they were before, with the same claims?',
    seenBy:
      'The service is asked who each session is, before and after: the same user, and the same digest of the claims. And every message is shown as from the same sender before and after, to everyone.',
    causes: [
      'Users are found by an index or a cache that is built anew, in another order, at every start.',
      'Roles or claims are taken from a default when a store is not ready yet.',
      'A pooled connection still carries the user of the request before.',
    ],
    next: [
      'Compare the two events in the evidence: another user, or the same user with other claims?',
      'Is it the same session that is wrong each time, or another one at every restart?',
    ],
    modes: [6, 7, 30],
  },
  needs: ['who-am-i'],
  uses: [records, messages, reads],
  passesOn: 'presence',
  judge(context) {
    const seats = seatsOf(context.header);
    const asked = context
      .facts(records)
      .identities.filter(({ session, before }) => before.length > 0 && seats.isResident(session));
    const changed = asked.filter(isChanged);
    const silent = asked.filter(({ after }) => after.length === 0);
    const strange = misattributed(context);
    const figures = { sessions: asked.length, changed: changed.length, misattributed: strange.length };
    if (changed.length + strange.length > 0) return shown(changed, strange, figures);
    if (asked.length === 0)
      return unknown("The service was asked nobody's identity before the restart", { figures });
    if (silent.length > 0)
      return notTold(
        silent.map(({ session }) => session),
        figures,
      );
    return pass(`${count(asked.length, 'session')}, each the same user with the same claims as before`, {
      figures,
    });
  },
});

function isChanged({ before, after }: IdentityHistory): boolean {
  const [first] = before;
  return after.some(({ user, digest }) => user !== first?.user || digest !== first.digest);
}

function notTold(sessions: readonly string[], figures: Finding['figures']): Finding {
  const summary = `The service did not say after the restart who ${sessionsInWords(sessions)} ${agree(sessions, 'is', 'are')}`;
  return unknown(summary, { figures, blames: sessions.map(sessionCause) });
}

interface Misattributed {
  readonly sender: string;
  readonly first: Event;
  readonly other: Event;
}

/** Messages of one sender that are shown as from two; live and stored names need not be the same. */
function misattributed(context: Context): Misattributed[] {
  const { messages: all, repeats } = context.facts(messages);
  const { run } = context.header;
  return [...namedTwice(run, receiptsOf(all.values(), repeats)), ...namedTwice(run, storedOf(context))];
}

function* receiptsOf(all: Iterable<Message>, repeats: Iterable<Repeat>) {
  for (const { receipts } of all) yield* receipts.values();
  // What is shown again after the restart is what shows that the names have changed.
  for (const { again } of repeats) yield again;
}

/** Of each read, the first entry of each sender under each name. */
function* storedOf(context: Context): Generator<EventOf<'stored'>> {
  for (const { entries } of allReads(context.facts(reads))) {
    const names = new Map<number, Set<number>>();
    for (let place = 0; place < entries.length; place++) {
      const key = entries.keyAt(place);
      if (key !== unnumbered && !isFirst(names, senderOfKey(key), entries.fromAt(place))) continue;
      const entry = entries.at(place);
      if (entry) yield entry;
    }
  }
}

function isFirst(names: Map<number, Set<number>>, sender: number, name: number): boolean {
  const known = names.get(sender) ?? new Set<number>();
  if (known.has(name)) return false;
  names.set(sender, known.add(name));
  return true;
}

/** In another run, the session with this number may have been somebody else. */
function namedTwice(run: string, events: Iterable<EventOf<'receive' | 'stored'>>): Misattributed[] {
  const names = new Map<string, Event & { readonly from?: string }>();
  const found = new Map<string, Misattributed>();
  for (const event of events) {
    const parts = event.message === null ? null : partsOf(event.message);
    if (parts?.run !== run || event.from === undefined) continue;
    const sender = parts.session;
    const first = names.get(sender);
    if (!first) names.set(sender, event);
    else if (first.from !== event.from && !found.has(sender))
      found.set(sender, { sender, first, other: event });
  }
  return [...found.values()];
}

function shown(
  changed: readonly IdentityHistory[],
  strange: readonly Misattributed[],
  figures: Finding['figures'],
): Finding {
  const evidence = [
    ...changed
      .slice(0, 3)
      .flatMap(({ before, after }): Event[] => [...before.slice(0, 1), ...after.slice(-1)]),
    ...strange.slice(0, 3).flatMap(({ first, other }) => [first, other]),
  ];
  const sessions = [...changed.map(({ session }) => session), ...strange.map(({ sender }) => sender)];
  return fail(inWords(changed, strange), { figures, evidence, blames: sessions.map(sessionCause) });
}

function inWords(changed: readonly IdentityHistory[], strange: readonly Misattributed[]): string {
  const isAnother = changed.some(({ before, after }) => after.some(({ user }) => user !== before[0]?.user));
  const what = isAnother ? 'somebody else' : 'the same user with other claims';
  const sessions = sessionsInWords(changed.map(({ session }) => session));
  const senders = sessionsInWords(strange.map(({ sender }) => sender));
  return present([
    changed.length > 0 ? `${sessions} came back as ${what}` : null,
    strange.length > 0 ? `messages of ${senders} are shown as from somebody else` : null,
  ]).join('; ');
}
