import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { notices } from '../../../src/judge/facts/notices.js';
import { viewOf } from './view-of.js';

const note = (text: string): Event => ({ t: 0, kind: 'note', text });
const leak = (where: EventOf<'leak'>['where'], session: string): Event => ({
  t: 0,
  session,
  kind: 'leak',
  where,
});
const stall = (t: number, ms: number): Event => ({ t, kind: 'stall', ms });
const view = (...events: Event[]) => viewOf(notices, events);

describe('what a reader should know besides the findings', () => {
  it('is nothing of a history that has nothing to say', () => {
    expect(view({ t: 0, kind: 'phase', phase: 'steady' })).toEqual([]);
  });

  it('is every note, as it is', () => {
    expect(view(note('one'), note('two'), note('one'))).toEqual(['one', 'two', 'one']);
  });

  it('is fifty notes at most, and how many more there were', () => {
    const texts = Array.from({ length: 52 }, (_, index) => `n${index}`);
    expect(view(...texts.slice(0, 50).map(note))).toEqual(texts.slice(0, 50));
    expect(view(...texts.slice(0, 51).map(note))).toEqual([...texts.slice(0, 50), 'and 1 more note']);
    expect(view(...texts.map(note))).toEqual([...texts.slice(0, 50), 'and 2 more notes']);
  });

  it.each([
    ['close', 'the reason of a close'],
    ['error', 'an error'],
    ['frame', 'a frame'],
  ] as const)('is where a secret was shown, and to whom: in a %s', (where, place) => {
    expect(view(leak(where, '2'), leak(where, '10'), leak(where, '2'))).toEqual([
      `the target showed a secret in ${place} to sessions 2 and 10; it was removed from this history`,
    ]);
  });

  it('is one sentence for each place at which secrets were shown', () => {
    expect(view(leak('error', '1'), leak('close', '2'))).toEqual([
      'the target showed a secret in an error to session 1; it was removed from this history',
      'the target showed a secret in the reason of a close to session 2; it was removed from this history',
    ]);
  });

  it('is how often Outlast itself stood still, and the longest of that', () => {
    expect(view(stall(1, 40))).toEqual([
      'Outlast itself stood still 1 time, at most for 40 ms: timings near it are wider',
    ]);
    expect(view(stall(1, 40), stall(2, 90), stall(3, 60))).toEqual([
      'Outlast itself stood still 3 times, at most for 90 ms: timings near it are wider',
    ]);
  });

  it('is that the service was slow before, at the median', () => {
    const send: Event = { t: 0, session: '1', kind: 'send', due: 0, room: 'r', message: 'm', digest: 'd' };
    const ack: Event = { t: 2_000, session: '1', kind: 'ack', message: 'm' };
    const slow = [expect.stringContaining('an acknowledgement took 2 s at the median')];
    expect(view(send, ack)).toEqual(slow);
    const begin: Event = { t: 2_000, kind: 'disruption', disruption: 0, type: 'restart', step: 'begin' };
    expect(view(send, begin)).toEqual(slow);
  });

  it('comes in an order: notes, secrets, slowness, stalls, and how many more notes there are', () => {
    const all = view(stall(1, 40), leak('error', '1'), ...Array.from({ length: 51 }, () => note('n')));
    expect(all.slice(49).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['n', 'the target', 'Outlast itself', 'and 1'],
    ]);
  });
});
