import { describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../../src/history/events.js';
import { keptOf } from '../../../src/judge/derived/kept.js';
import { idOf, reading, says, telling, type Entry, type Telling } from './telling.js';

const newcomer: PlannedSession = { session: '90', role: 'newcomer', rooms: ['r1'] };
const kept = (...events: readonly Telling[]) => {
  const { vanished, ...more } = keptOf(telling({ sessions: [newcomer] }, ...events));
  return { ...more, vanished: vanished.map(({ id, room }) => [id, room]) };
};
const one: Entry = { of: ['1', 1] };
const two: Entry = { of: ['1', 2] };
const said = [says(100, '1', 1), says(110, '1', 2)];

describe('an acknowledged message', () => {
  it('is kept where a cold read that came to its end shows it, and has vanished where it does not', () => {
    expect(kept(said, reading(500, 'after', [one, two]))).toEqual({
      ...{ judged: 2, vanished: [], unread: [], damaged: 0 },
    });
    expect(kept(said, reading(500, 'after', [two]))).toMatchObject({
      ...{ judged: 2, vanished: [[idOf('1', 1), 'r1']] },
    });
  });

  it('is told with the read that shows that it has vanished', () => {
    const reads = [
      reading(500, 'after', []),
      reading(600, 'after', []),
      reading(700, 'after', [], { ok: false }),
    ];
    const [found] = keptOf(telling({}, said, reads)).vanished;
    expect(found).toMatchObject({ message: { number: 1 }, read: { begin: { t: 600 } } });
  });

  it('was acknowledged before that read began, or is not judged', () => {
    expect(kept(says(498, '1', 1), reading(500, 'after', []))).toMatchObject({ judged: 1 });
    expect(kept(says(499, '1', 1), reading(500, 'after', []))).toMatchObject({ judged: 0, vanished: [] });
    expect(kept(says(100, '1', 1, { ackAt: null }), reading(500, 'after', []))).toMatchObject({ judged: 0 });
  });

  it('is there where any read shows it: a replica may lag behind', () => {
    const partial = reading(450, 'after', [one], { ok: false, cold: false });
    expect(kept(said, partial, reading(500, 'after', [two])).vanished).toEqual([]);
    const before = reading(50, 'before', [one], { cold: true });
    expect(kept(said, before, reading(500, 'after', [two])).vanished).toHaveLength(1);
  });

  it('is judged by cold reads alone', () => {
    expect(kept(said, reading(500, 'after', [], { cold: false }))).toEqual({
      ...{ judged: 0, vanished: [], unread: ['r1'], damaged: 0 },
    });
    expect(kept(said, reading(500, 'after', [], { ok: false })).unread).toEqual(['r1']);
    expect(kept(said, reading(500, 'after', [], { count: 1 })).unread).toEqual(['r1']);
    expect(kept(said, reading(500, 'before', [], { cold: true })).unread).toEqual(['r1']);
  });

  it('may be in a room that no newcomer was to read', () => {
    const elsewhere = says(120, '1', 3, { room: 'r2' });
    expect(kept(said, elsewhere, reading(500, 'after', [one, two])).unread).toEqual([]);
    expect(kept(elsewhere).unread).toEqual([]);
    expect(kept(said).unread).toEqual(['r1']);
    const chatter: PlannedSession = { ...newcomer, role: 'chatter' };
    expect(keptOf(telling({ sessions: [chatter] }, said)).unread).toEqual([]);
  });

  it('is judged room by room', () => {
    const elsewhere = says(120, '1', 3, { room: 'r2' });
    const reads = [reading(500, 'after', [one]), reading(510, 'after', [], { room: 'r2' })];
    expect(kept(said, elsewhere, reads)).toMatchObject({
      judged: 3,
      vanished: [
        [idOf('1', 2), 'r1'],
        [idOf('1', 3), 'r2'],
      ],
    });
  });

  it('may be among the stored texts whose identity was damaged', () => {
    const damaged: Entry = { of: null, digest: 'x', damaged: true };
    const foreign: Entry = { of: null, digest: 'y' };
    const reads = [reading(450, 'after', [damaged]), reading(500, 'after', [two, damaged, foreign, damaged])];
    expect(kept(said, reads)).toMatchObject({ damaged: 3, vanished: [[idOf('1', 1), 'r1']] });
    const other = reading(510, 'after', [damaged], { room: 'r2' });
    expect(kept(said, says(120, '1', 3, { room: 'r2' }), reads, other).damaged).toBe(4);
  });
});

describe('a message so old that only its number is remembered', () => {
  const readers: readonly PlannedSession[] = [{ session: '1', role: 'chatter', rooms: ['r1'] }, newcomer];
  const old = [says(100, '1', 1), says(110, '1', 2), says(80_000, '1', 3)];
  const aged = (...entries: readonly Entry[]) =>
    keptOf(telling({ sessions: readers }, old, reading(90_000, 'after', entries)));

  it('is judged as others are', () => {
    expect(aged(one, two, { of: ['1', 3] })).toMatchObject({ judged: 3, vanished: [] });
    expect(aged(two, { of: ['1', 3] }).vanished).toMatchObject([
      { id: idOf('1', 1), room: 'r1', message: null, read: { begin: { t: 90_000 } } },
    ]);
    expect(aged().vanished.map(({ id }) => id)).toEqual([1, 2, 3].map((number) => idOf('1', number)));
  });

  it('is judged in a room in which nothing was said since', () => {
    const rest = [says(100, '1', 1), says(80_000, '1', 3, { room: 'r2' })];
    const sessions = readers.map((seat) => ({ ...seat, rooms: ['r1', 'r2'] }));
    const found = keptOf(telling({ sessions }, rest, reading(90_000, 'after', [])));
    expect(found.vanished.map(({ id }) => id)).toEqual([idOf('1', 1)]);
    expect(found.unread).toEqual(['r2']);
  });
});
