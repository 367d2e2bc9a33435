import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { allReads, isCold, isComplete, reads } from '../../../src/judge/facts/reads.js';
import { viewOf } from './view-of.js';

const begin = (t: number, read: string, more: Partial<EventOf<'read'>> = {}): EventOf<'read'> => ({
  ...{ t, session: '5', kind: 'read', read, room: 'r1', cold: false, at: 'after' },
  ...more,
});
const stored = (t: number, read: string, index = 0): EventOf<'stored'> => ({
  ...{ t, session: '5', kind: 'stored', read, index, message: `abcd1234.1.${t}`, digest: 'd' },
});
const end = (t: number, read: string, more: Partial<EventOf<'read-end'>> = {}): EventOf<'read-end'> => ({
  ...{ t, session: '5', kind: 'read-end', read, ok: true, count: 1 },
  ...more,
});
const view = (...events: Event[]) => viewOf(reads, events);

describe('the reads of what is stored', () => {
  it('have their beginning, their entries and their end', () => {
    const [read] = allReads(view(begin(1, 'a'), stored(2, 'a'), stored(3, 'a', 1), end(4, 'a')));
    expect(read).toMatchObject({ begin: begin(1, 'a'), end: end(4, 'a') });
    expect([...(read?.entries ?? [])]).toEqual([stored(2, 'a'), stored(3, 'a', 1)]);
  });

  it('have no end while there is none', () => {
    expect(allReads(view(begin(1, 'a')))[0]?.end).toBeNull();
  });

  it('are kept by room, those before the restart apart from those after it and first among all', () => {
    const told = view(
      ...[begin(1, 'a'), begin(2, 'b', { at: 'before' }), begin(3, 'c', { room: 'r2' })],
      ...[begin(4, 'd', { at: 'before' }), begin(5, 'e')],
    );
    const idsOf = (list: readonly { readonly begin: EventOf<'read'> }[]) => list.map((one) => one.begin.read);
    const rooms = [...told].map(([room, its]) => [room, its.room, idsOf(its.before), idsOf(its.after)]);
    expect(rooms).toEqual([
      ['r1', 'r1', ['b', 'd'], ['a', 'e']],
      ['r2', 'r2', [], ['c']],
    ]);
    expect(idsOf(allReads(told))).toEqual(['b', 'd', 'a', 'e', 'c']);
  });

  it('go on beside each other, told apart by session and name', () => {
    const other = { session: '6' };
    const told = view(
      ...[begin(1, 'a'), begin(2, 'a', other), begin(3, 'b')],
      ...[stored(4, 'a'), { ...stored(5, 'a'), ...other }, stored(6, 'b'), stored(7, 'a', 1)],
    );
    expect(allReads(told).map(({ entries }) => [...entries].map(({ t }) => t))).toEqual([[4, 7], [5], [6]]);
  });

  it('take nothing in that was never begun, or is over', () => {
    const told = view(
      stored(0, 'a'),
      begin(1, 'a'),
      end(2, 'a'),
      stored(3, 'a'),
      end(4, 'a', { ok: false }),
      end(5, 'x'),
    );
    const [read, ...others] = allReads(told);
    expect(others).toEqual([]);
    expect(read?.entries).toHaveLength(0);
    expect(read?.end?.t).toBe(2);
  });

  it('number what they show by the names of the run', () => {
    const { names } = view();
    expect(names.messageOf(names.keyOf('abcd1234.1.7'))).toBe('abcd1234.1.7');
  });
});

describe('a read', () => {
  const only = (...events: Event[]) => {
    const [read] = allReads(view(begin(1, 'a', { cold: true }), ...events));
    if (!read) throw new Error('no read was begun');
    return read;
  };

  it('is complete if it came to the end of the room, and all that it counted is here', () => {
    expect(isComplete(only(stored(2, 'a'), end(3, 'a')))).toBe(true);
    expect(isComplete(only(end(3, 'a', { count: 0 })))).toBe(true);
    expect(isComplete(only(stored(2, 'a')))).toBe(false);
    expect(isComplete(only(stored(2, 'a'), end(3, 'a', { ok: false })))).toBe(false);
    expect(isComplete(only(stored(2, 'a'), end(3, 'a', { count: 2 })))).toBe(false);
  });

  it('is cold if it says so', () => {
    expect(isCold(only())).toBe(true);
    expect(allReads(view(begin(1, 'a'))).map(isCold)).toEqual([false]);
  });
});
