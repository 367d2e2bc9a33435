import { describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../../src/history/events.js';
import { rememberedOf } from '../../../src/judge/derived/remembered.js';
import { hears, idOf, reading, says, telling, type Entry, type Telling } from './telling.js';

const sessions: readonly PlannedSession[] = ['1', '2'].map((session) => ({
  ...{ session, role: 'chatter', rooms: ['r1', 'r2'] },
}));
const remembered = (...events: readonly Telling[]) =>
  [...rememberedOf(telling({ sessions }, ...events))].map(({ room, stored, event }) => [
    ...[room, stored, event.message ?? event.digest],
  ]);
const heard = (t: number, session: string, number: number) => [
  says(t, session, number),
  hears(t + 1, session === '1' ? '2' : '1', [session, number]),
];
/** Message 1 is so old that only its number is remembered; 2 was never received, and 3 is young. */
const told = [heard(100, '1', 1), says(110, '1', 2), says(80_000, '1', 3)];
const entryOf = (number: number, sender = '1'): Entry => ({ of: [sender, number] });
const fill = Array.from({ length: 64 }, (_, index): Entry => ({ of: null, digest: `filler ${index}` }));
/** As most are: told by numbers alone from the 65th of a read on. */
const digest = '0123456789abcdef';

describe('what is remembered of what is stored', () => {
  it('is told by room, that before the restart first', () => {
    const reads = [
      ...[reading(500, 'after', [entryOf(3)]), reading(100, 'before', [entryOf(2)])],
      reading(501, 'after', [entryOf(2)], { room: 'r2' }),
    ];
    expect(remembered(reads)).toEqual([
      ['r1', 'before', idOf('1', 2)],
      ['r1', 'after', idOf('1', 3)],
      ['r2', 'after', idOf('1', 2)],
    ]);
  });

  it('is all but what is so old that only its number is remembered', () => {
    const all = [
      entryOf(1),
      entryOf(2),
      entryOf(3),
      entryOf(1, '2'),
      { of: null, digest: 'foreign' } as const,
    ];
    const rest = [2, 3].map((number) => ['r1', 'after', idOf('1', number)]);
    expect(remembered(told, reading(90_000, 'after', all))).toEqual([
      ...[...rest, ['r1', 'after', idOf('2', 1)], ['r1', 'after', 'foreign']],
    ]);
  });

  it('is worked out once for all who ask, unless it is so much that it would have to be held', () => {
    const entries = (length: number) =>
      Array.from({ length }, (_, index): Entry => ({ of: null, digest: `foreign ${index}` }));
    const twice = (length: number) => {
      const context = telling({ sessions }, reading(90_000, 'after', entries(length)));
      return [rememberedOf(context), rememberedOf(context)] as const;
    };
    const [one, other] = twice(65_536);
    expect(other).toBe(one);
    const [much, again] = twice(65_537).map((all) => [all, [...all]] as const);
    expect(again?.[0]).not.toBe(much?.[0]);
    expect(again?.[1]).toEqual(much?.[1]);
    expect(again?.[1]).toHaveLength(65_537);
  });

  it('is the same in long reads, of which most is held as numbers', () => {
    const many = [...fill, ...[1, 2, 3].map((number): Entry => ({ ...entryOf(number), digest }))];
    const other: Entry = { of: ['2', 1], digest };
    const found = remembered(told, reading(90_000, 'after', [...many, other])).slice(fill.length);
    expect(found).toEqual([
      ['r1', 'after', idOf('1', 2)],
      ['r1', 'after', idOf('1', 3)],
      ['r1', 'after', idOf('2', 1)],
    ]);
  });

  it('has what is old in another room, where it should not be', () => {
    const elsewhere = reading(90_000, 'after', [entryOf(1)], { room: 'r2' });
    expect(remembered(told, elsewhere)).toEqual([['r2', 'after', idOf('1', 1)]]);
    const long = reading(90_000, 'after', [...fill, { ...entryOf(1), digest }], { room: 'r2' });
    expect(remembered(told, long)).toHaveLength(65);
  });

  it('has what an old number names in another run, or in another spelling', () => {
    const foreign = { t: 90_001, session: '90', kind: 'stored', read: 'r1 at 90000', index: 0 } as const;
    const entry = (message: string) => ({ ...foreign, message, digest: 'd' });
    const [begin, end] = reading(90_000, 'after', [], { count: 1 });
    const of = (message: string) => remembered(told, begin ?? [], entry(message), end ?? []);
    expect(of('zzzz9999.1.1')).toHaveLength(1);
    expect(of(idOf('1', 1))).toEqual([]);
    expect(of(`${idOf('1', 1).slice(0, -1)}01`)).toEqual([]);
  });
});
