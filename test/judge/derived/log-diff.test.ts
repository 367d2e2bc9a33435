import { describe, expect, it } from 'vitest';
import { logDiffOf } from '../../../src/judge/derived/log-diff.js';
import { reading, telling, type Entry, type Reading, type Telling } from './telling.js';

const first: Entry = { of: ['1', 1], id: 'i1', position: '1' };
const second: Entry = { of: ['1', 2], id: 'i2', position: '2' };
const third: Entry = { of: ['2', 1], id: 'i3', position: '3' };
const all = [first, second, third];

const diffOf = (...events: readonly Telling[]) => logDiffOf(telling({}, ...events));
const differences = (before: readonly Entry[], after: readonly Entry[]) =>
  diffOf(reading(100, 'before', before), reading(500, 'after', after)).differences.map((one) => [
    ...[one.is, one.before.position ?? one.before.digest, one.after?.index ?? null],
  ]);

describe('what was stored before the restart, and is stored after it', () => {
  it('is the same where every entry is there once, in its order, with others between them or none', () => {
    expect(differences(all, all)).toEqual([]);
    expect(differences([], all)).toEqual([]);
    const between: Entry = { of: ['2', 9], id: 'i9', position: '9' };
    expect(differences(all, [between, first, between, second, third])).toEqual([]);
    expect(differences(all, [first, { ...between, of: ['2', 8] }, second, third, between])).toEqual([]);
  });

  it('lacks what is missing', () => {
    expect(differences(all, [first, third])).toEqual([['missing', '2', null]]);
    expect(differences(all, [])).toHaveLength(3);
    expect(differences(all, [first, second])).toEqual([['missing', '3', null]]);
  });

  it('was changed, or renamed', () => {
    expect(differences(all, [first, { ...second, digest: 'other' }, third])).toEqual([['changed', '2', 1]]);
    expect(differences(all, [first, { ...second, id: 'other' }, third])).toEqual([['renamed', '2', 1]]);
    expect(differences(all, [first, { ...second, position: '7' }, third])).toEqual([['renamed', '2', 1]]);
    expect(differences(all, [first, { of: ['1', 2], id: 'i2' }, third])).toEqual([['renamed', '2', 1]]);
    expect(differences(all, [first, { ...second, id: 'x', digest: 'other' }, third])).toEqual([
      ['changed', '2', 1],
    ]);
  });

  it('is there twice, or was shown twice by the paging', () => {
    const copy: Entry = { of: ['1', 2], id: 'i8', position: '8' };
    expect(differences(all, [...all, copy])).toEqual([['twice', '2', 3]]);
    expect(differences(all, [...all, second])).toEqual([['shown twice by the paging', '2', 3]]);
    expect(differences([first], [first, copy, copy])).toEqual([]);
    expect(differences(all, [...all, copy, second])).toEqual([['twice', '2', 3]]);
  });

  it('is out of order where an entry stands before one that it followed', () => {
    expect(differences([first, first, second], [first, second])).toEqual([]);
    expect(differences(all, [second, first, third])).toEqual([['out of order', '2', 0]]);
    expect(differences(all, [third, first, second])).toEqual(
      [
        ['out of order', '2', 2],
        ['out of order', '3', 0],
      ].slice(1),
    );
  });

  it('is compared by the id of the target where a text is not of this run, or by what it says', () => {
    const named: Entry = { of: null, id: 'n', digest: 'a text' };
    const unnamed: Entry = { of: null, digest: 'another' };
    expect(differences([named, unnamed, unnamed], [named, unnamed, unnamed])).toEqual([]);
    expect(differences([named], [{ ...named, digest: 'changed' }])).toEqual([['changed', 'a text', 0]]);
    expect(differences([unnamed, unnamed], [unnamed])).toEqual([['missing', 'another', null]]);
    expect(differences([named], [unnamed])).toEqual([['missing', 'a text', null]]);
    expect(differences([unnamed], [{ ...unnamed, digest: 'x' }])).toEqual([['missing', 'another', null]]);
    expect(differences([unnamed, named], [named, unnamed])).toEqual([['out of order', 'a text', 0]]);
    expect(differences([named], [named, named])).toEqual([['shown twice by the paging', 'a text', 1]]);
  });
});

describe('the reads that are compared', () => {
  const shortly = (...events: readonly Telling[]) => {
    const { compared, differences: found, unread } = diffOf(...events);
    return { compared, differences: found.map(({ room, is }) => [room, is]), unread };
  };
  const before = (t: number, entries: readonly Entry[], its?: Reading) => reading(t, 'before', entries, its);
  const after = (t: number, entries: readonly Entry[], its?: Reading) => reading(t, 'after', entries, its);

  it('are the last of each side that came to their end', () => {
    expect(shortly(before(100, all), before(110, [first]), after(500, []), after(510, [first]))).toEqual({
      ...{ compared: 1, differences: [], unread: [] },
    });
    const partly = [before(100, [first]), before(110, all, { ok: false }), before(120, all, { count: 4 })];
    expect(shortly(partly, after(500, [first]), after(510, [], { ok: false }))).toEqual({
      ...{ compared: 1, differences: [], unread: [] },
    });
  });

  it('are none in a room that was not read before, and a room is unread that was not read after', () => {
    expect(shortly(after(500, all))).toEqual({ compared: 0, differences: [], unread: [] });
    expect(shortly(before(100, all))).toEqual({ compared: 0, differences: [], unread: ['r1'] });
  });

  it('are of every room', () => {
    const r2 = { room: 'r2' };
    const found = shortly(
      ...[before(100, all), after(500, [first, second]), before(101, [first], r2), after(501, [], r2)],
      before(102, all, { room: 'r3' }),
    );
    expect(found).toEqual({
      compared: 4,
      differences: [
        ['r1', 'missing'],
        ['r2', 'missing'],
      ],
      unread: ['r3'],
    });
  });
});
