import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { answers } from '../../../src/judge/facts/answers.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { doors } from '../../../src/judge/facts/doors.js';
import { leaks } from '../../../src/judge/facts/leaks.js';
import { messages } from '../../../src/judge/facts/messages.js';
import { notices } from '../../../src/judge/facts/notices.js';
import { reads } from '../../../src/judge/facts/reads.js';
import { records } from '../../../src/judge/facts/records.js';
import { timeline } from '../../../src/judge/facts/timeline.js';
import type { Projection } from '../../../src/judge/port.js';
import { Story } from '../story.js';
import { header } from './view-of.js';

const named = { answers, connections, doors, leaks, messages, notices, reads, records, timeline };
const facts: readonly Projection<unknown>[] = Object.values(named);

const seats = header.plan.sessions.map(({ session }) => session);

/** Of every kind one event at least. */
const story: readonly Event[] = [
  // Each session connects first: of who only acts otherwise there is a line with nothing on it.
  ...seats.map((session): Event => ({ t: 1, session, kind: 'connect', door: 'ws' })),
  ...new Story().events,
  { t: 2, session: '1', kind: 'wait', ms: 5, why: 'backoff' },
  { t: 3, session: '1', kind: 'leave', room: 'r1' },
  { t: 4, session: '1', kind: 'left', room: 'r1' },
  { t: 5, session: '1', kind: 'leak', where: 'error' },
  { t: 6, session: '1', kind: 'record-unread', name: 'n', of: 'user', at: 'after', reason: 'gone' },
  { t: 7, kind: 'note', text: 'a note' },
  { t: 8, kind: 'stall', ms: 5 },
  { t: 9, session: '1', kind: 'nack', message: 'm', reason: 'no' },
  { t: 10, session: '1', kind: 'unsure', message: 'm', reason: 'late' },
];

describe('a fact', () => {
  it('is called by its own name where a check asks for it without saying so', () => {
    expect(facts.map(({ id }) => id)).toEqual(Object.keys(named));
  });
});

describe('the kinds that a fact names', () => {
  it.each(facts.map((fact) => [fact.id, fact] as const))(
    'are all that it makes anything of: %s',
    (_, fact) => {
      const [all, own] = [fact.start(header), fact.start(header)];
      for (const event of story) {
        all.see(event);
        if (fact.kinds.includes(event.kind)) own.see(event);
      }
      const made = textOf(own.view);
      expect(textOf(all.view) === made).toBe(true);
      expect(made === textOf(fact.start(header).view)).toBe(false);
    },
  );
});

/** With maps as lists, so that the text holds all of a view. */
const textOf = (view: unknown): string =>
  JSON.stringify(view, (_, value: unknown) => (value instanceof Map ? ([...value] as unknown[]) : value));
