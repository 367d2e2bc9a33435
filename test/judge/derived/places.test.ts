import { describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../../src/history/events.js';
import { movedOf, reusesOf } from '../../../src/judge/derived/places.js';
import { hears, idOf, reading, says, telling, type Entry, type Saying, type Telling } from './telling.js';

const said = (number: number, place: Pick<Saying, 'id' | 'position' | 'room'>, t = 100 + number) =>
  says(t, '1', number, place);
const entry = (number: number, place: Omit<Entry, 'of'>): Entry => ({ of: ['1', number], ...place });

describe('a position or an id that was given to two messages', () => {
  const reuses = (...events: readonly Telling[]) =>
    reusesOf(telling({}, ...events)).map(({ room, by, position, first, second }) => [
      ...[room, by, position, first?.message ?? null, second.message],
    ]);
  const [one, two] = [idOf('1', 1), idOf('1', 2)];

  it('was told in two promises', () => {
    expect(reuses(said(1, { position: '5' }), said(2, { position: '5' }))).toEqual([
      ['r1', 'position', '5', one, two],
    ]);
    expect(reuses(said(1, { id: 'x' }), said(2, { id: 'x' }))).toEqual([['r1', 'id', 'x', one, two]]);
    expect(reuses(said(1, { id: 'x', position: '1' }), said(2, { id: 'y', position: '2' }))).toEqual([]);
    expect(reuses(said(1, {}), said(2, {}))).toEqual([]);
  });

  it('was told of both in one way, of ids first', () => {
    const same = { id: 'x', position: '5' };
    expect(reuses(said(1, same), said(2, same)).map(([, by]) => by)).toEqual(['id', 'position']);
  });

  it('is one in each room by itself', () => {
    expect(reuses(said(1, { position: '5' }), said(2, { position: '5', room: 'r2' }))).toEqual([]);
  });

  it('was told to a reader, or stands in what is stored', () => {
    const heard = [says(102, '1', 2), hears(110, '2', ['1', 2], { position: '5' })];
    expect(reuses(said(1, { position: '5' }), heard)).toHaveLength(1);
    const stored = reading(500, 'after', [entry(2, { position: '5' })]);
    expect(reuses(said(1, { position: '5' }), stored)).toEqual([['r1', 'position', '5', one, two]]);
    const before = reading(50, 'before', [entry(2, { position: '5' })]);
    expect(reuses(said(1, { position: '5' }), before)).toHaveLength(1);
  });

  it('is told with where it was seen', () => {
    const [found] = reusesOf(telling({}, said(1, { position: '5' }), said(2, { position: '5' })));
    expect(found).toMatchObject({
      first: { event: { kind: 'ack', t: 102 } },
      second: { event: { kind: 'ack', t: 103 } },
    });
  });

  it('is told of each with the message that had that one first, of rooms and of ids by themselves', () => {
    const [three, four] = [idOf('1', 3), idOf('1', 4)];
    const positions = [said(1, { position: '5' }), said(2, { position: '5' })];
    const others = [said(3, { position: '6' }), said(4, { position: '6' })];
    expect(reuses(positions, others)).toEqual([
      ['r1', 'position', '5', one, two],
      ['r1', 'position', '6', three, four],
    ]);
    const elsewhere = [said(3, { position: '5', room: 'r2' }), said(4, { position: '5', room: 'r2' })];
    expect(reuses(positions, elsewhere)).toEqual([
      ['r1', 'position', '5', one, two],
      ['r2', 'position', '5', three, four],
    ]);
    expect(reuses(positions, said(3, { id: '5' }), said(4, { id: '5' }))).toEqual([
      ['r1', 'id', '5', three, four],
      ['r1', 'position', '5', one, two],
    ]);
  });

  it('is told once, however many messages have it, and not of one message', () => {
    const same = { position: '5' };
    expect(reuses(said(1, same), said(2, same), said(3, same))).toHaveLength(1);
    expect(reuses(said(1, same), hears(110, '2', ['1', 1], same))).toEqual([]);
  });

  it('is none of a receipt in another room: that is a leak', () => {
    const leaked = [says(102, '1', 2), hears(110, '2', ['1', 2], { position: '5', room: 'r2' })];
    expect(reuses(said(1, { position: '5', room: 'r2' }), leaked)).toEqual([]);
    expect(reuses(said(1, { position: '5' }), leaked)).toEqual([]);
    const unannounced = says(102, '1', 2).slice(1);
    const heard = hears(110, '2', ['1', 2], { position: '5', room: 'r2' });
    expect(reuses(said(1, { position: '5', room: 'r2' }), unannounced, heard)).toHaveLength(1);
  });

  it('says nothing where no room is told, or by texts that are not of this run', () => {
    const promised = says(102, '1', 2, { position: '5' }).slice(1);
    expect(reuses(said(1, { position: '5' }), promised)).toEqual([]);
    expect(reuses(said(1, { position: '5' }).slice(1), promised)).toEqual([]);
    const foreign = reading(500, 'after', [{ of: null, position: '5' }]);
    expect(reuses(said(1, { position: '5' }), foreign)).toEqual([]);
  });
});

describe('the position of a message so old that only its number is remembered', () => {
  const sessions: readonly PlannedSession[] = [{ session: '1', role: 'chatter', rooms: ['r1', 'r2'] }];
  const old = says(100, '1', 1, { position: '5', id: 'x' });
  const reuses = (...events: readonly Telling[]) => reusesOf(telling({ sessions }, old, ...events));

  it('was given again to another', () => {
    const found = reuses(says(80_000, '1', 2, { position: '5' }));
    expect(found).toMatchObject([
      { by: 'position', position: '5', first: null, second: { message: idOf('1', 2) } },
    ]);
    expect(reuses(says(80_000, '1', 2, { position: '6' }))).toEqual([]);
    expect(reuses(says(80_000, '1', 2, { position: '5', room: 'r2' }))).toEqual([]);
  });

  it('is told once, and its id is not remembered', () => {
    const again = [says(80_000, '1', 2, { position: '5' }), says(80_010, '1', 3, { position: '5' })];
    expect(reuses(again)).toHaveLength(1);
    expect(reuses(says(80_000, '1', 2, { id: 'x' }))).toEqual([]);
  });

  it('is not compared with what is stored of it', () => {
    const young = says(80_000, '1', 2, { position: '6', room: 'r2' });
    const stored = reading(90_000, 'after', [entry(1, { position: '6' })], { room: 'r2' });
    expect(reuses(young, stored)).toEqual([]);
    const its = reading(90_000, 'after', [entry(2, { position: '7' })], { room: 'r2' });
    expect(movedOf(telling({ sessions }, old, young, its))).toHaveLength(1);
  });
});

describe('a message that is stored at another place than it was told', () => {
  const moved = (...events: readonly Telling[]) =>
    movedOf(telling({}, ...events)).map(({ message, room, live, stored }) => [
      ...[message, room, live.t, stored.t],
    ]);
  const stored = (place: Omit<Entry, 'of'>, at: 'before' | 'after' = 'after', t = 500) =>
    reading(t, at, [entry(1, place)]);

  it('was moved where its position or its id is another', () => {
    expect(moved(said(1, { position: '1' }), stored({ position: '2' }))).toEqual([
      [idOf('1', 1), 'r1', 102, 501],
    ]);
    expect(moved(said(1, { id: 'x' }), stored({ id: 'y' }))).toHaveLength(1);
    expect(moved(said(1, { position: '1', id: 'x' }), stored({ position: '1', id: 'y' }))).toHaveLength(1);
    expect(moved(said(1, { position: '1', id: 'x' }), stored({ position: '1', id: 'x' }))).toEqual([]);
  });

  it('was not moved where only one of both is told', () => {
    expect(moved(said(1, { position: '1' }), stored({ id: 'x' }))).toEqual([]);
    expect(moved(said(1, {}), stored({ id: 'x' }))).toEqual([]);
    expect(moved(said(1, { position: '1' }))).toEqual([]);
    expect(moved(stored({ position: '1' }))).toEqual([]);
  });

  it('is where any read after the restart shows it, and that before it counts only where there is none', () => {
    const both = [stored({ position: '2' }), stored({ position: '1' }, 'after', 600)];
    expect(moved(said(1, { position: '1' }), both)).toEqual([]);
    expect(moved(said(1, { position: '1' }), stored({ position: '2' }, 'before', 200))).toHaveLength(1);
    expect(
      moved(said(1, { position: '1' }), stored({ position: '2' }, 'before', 200), stored({ position: '1' })),
    ).toEqual([]);
    expect(
      moved(said(1, { position: '1' }), stored({ position: '1' }, 'before', 200), stored({ position: '2' })),
    ).toEqual([[idOf('1', 1), 'r1', 102, 501]]);
  });

  it('may have been told to one reader alone', () => {
    const heard = hears(110, '2', ['1', 1], { position: '3' });
    expect(moved(said(1, { position: '2' }), heard, stored({ position: '2' }))).toMatchObject([
      [idOf('1', 1), 'r1', 110, 501],
    ]);
  });
});
