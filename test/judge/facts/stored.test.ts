import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { Names, unnumbered } from '../../../src/judge/facts/names.js';
import { StoredList } from '../../../src/judge/facts/stored.js';

type Stored = EventOf<'stored'>;

const run = 'abcd1234';
const names = () => new Names(run);
/** Entries before this place are kept as they came. */
const few = 64;

/** An entry as most are, with its fields in the order of our own histories. */
const entry = (place: number, more: Partial<Stored> = {}): Stored => ({
  ...{ t: place + 0.25, session: '9', kind: 'stored', read: 'r', index: place, message: `${run}.1.${place}` },
  digest: '0123456789abcdef',
  ...more,
});

function listOf(entries: readonly Stored[], known = names()): StoredList {
  const list = new StoredList({ session: '9', read: 'r' }, known);
  for (const one of entries) list.add(one);
  return list;
}

/** A list of plain entries, and this one behind them. */
const listWith = (more: Partial<Stored>, place = few) => {
  const last = entry(place, more);
  return { last, list: listOf([...Array.from({ length: place }, (_, at) => entry(at)), last]) };
};

describe('the stored entries of a read', () => {
  it('come back as they were, whatever they hold, in their order', () => {
    const text = fc.constantFrom('0', '7', '007', '-1', '1.5', '', 'x', '9007199254740993', `${run}.1.64`);
    const more = fc.record(
      {
        message: fc.constantFrom(null, `${run}.2.7`, `${run}.2.07`, 'other123.2.7', 'x'),
        digest: fc.constantFrom('00000000ffffffff', 'F000000000000000', '0123456789abcdeg', 'd1', ''),
        from: fc.constantFrom('anne', 'ben', ''),
        id: text,
        position: text,
        conn: fc.constantFrom(1, 2, 2 ** 31 - 1, 2 ** 31),
        damaged: fc.constant<true>(true),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(more, { maxLength: 40 }), (mores) => {
        const entries = Array.from({ length: few + mores.length }, (_, at) => entry(at, mores[at - few]));
        const list = listOf(entries);
        expect(list).toHaveLength(entries.length);
        expect([...list]).toEqual(entries);
        expect(entries.map((_, place) => list.at(place))).toEqual(entries);
      }),
    );
  });

  it('come back with their fields in the order of our histories', () => {
    const { last, list } = listWith({ id: 'i', position: '7', from: 'anne', conn: 2 });
    expect(JSON.stringify(list.at(few))).toBe(JSON.stringify(last));
  });

  it('are many thousands, and each is where it was put', () => {
    const all = Array.from({ length: 2_100 }, (_, at) =>
      entry(at, { position: String(at), id: `i${at}`, from: `f${at % 7}`, conn: (at % 5) + 1 }),
    );
    const list = listOf(all);
    for (const place of [0, 63, 64, 1_023, 1_024, 1_025, 2_047, 2_048, 2_099]) {
      expect(list.at(place)).toEqual(all[place]);
    }
  });

  it('are none where no entry is', () => {
    const { list } = listWith({});
    for (const place of [-1, few + 1, few + 2, 5_000]) {
      expect(list.at(place)).toBeUndefined();
      expect(list.keyAt(place)).toBe(unnumbered);
      expect(list.fromAt(place)).toBe(unnumbered);
    }
    expect([...listOf([])]).toEqual([]);
  });

  it('are objects in a short read, and numbers behind its first 64', () => {
    const entries = Array.from({ length: few + 1 }, (_, at) => entry(at));
    const list = listOf(entries);
    expect(list.at(few - 1)).toBe(entries[few - 1]);
    expect(list.at(few)).not.toBe(entries[few]);
    expect(list.at(few)).toEqual(entries[few]);
  });
});

describe('an entry that most are like', () => {
  it.each<[string, Partial<Stored>]>([
    ['nothing but its message and digest', {}],
    ['the first of all positions', { position: '0' }],
    ['the last position that is a number', { position: String(Number.MAX_SAFE_INTEGER) }],
    ["the target's own id", { id: 'own' }],
    ['the message for an id', { id: `${run}.1.${few}` }],
    ['the position for an id', { id: '7', position: '7' }],
    ['an id that is empty', { id: '' }],
    ['the first connection', { conn: 1 }],
    ['the last connection that has a number', { conn: 2 ** 31 - 1 }],
    ['the lowest and the highest digits', { digest: '0000000099999999' }],
    ['nothing but zeros', { digest: '0000000000000000' }],
    ['the lowest and the highest letters', { digest: 'aaaaaaaaffffffff' }],
  ])('with %s is held as numbers', (_, more) => {
    const { last, list } = listWith(more);
    expect(list.keyAt(few)).not.toBe(unnumbered);
    expect(list.at(few)).not.toBe(last);
    expect(list.at(few)).toEqual(last);
  });

  it.each<[string, Partial<Stored>]>([
    ['no message of this run', { message: null }],
    ['a message of another run', { message: 'other123.1.2' }],
    ['a number that is written in another way', { message: `${run}.1.07` }],
    ['a position that is written in another way', { position: '007' }],
    ['a position below zero that stands for none', { position: '-1' }],
    ['a position between two', { position: '1.5' }],
    ['a position that no number holds', { position: '9007199254740993' }],
    ['an empty position', { position: '' }],
    ['a shorter digest', { digest: '0123456789abcde' }],
    ['a longer digest', { digest: '0123456789abcdef0' }],
    ['a sign below the digits in the first half of the digest', { digest: '1/00000000000000' }],
    ['a sign above the digits in the second half of the digest', { digest: '000000000000000:' }],
    ['a sign below the letters in the digest', { digest: '0000000`00000000' }],
    ['a letter above f in the digest', { digest: '00000000g0000000' }],
    ['another index than its place', { index: few - 1 }],
    ['a damaged identity', { damaged: true }],
    ['another session', { session: '8' }],
    ['another read', { read: 'q' }],
    ['a connection without a number', { conn: 0 }],
    ['a connection that no column holds', { conn: 2 ** 31 }],
  ])('but for %s is kept as it came', (_, more) => {
    const { last, list } = listWith(more);
    expect(list.keyAt(few)).toBe(unnumbered);
    expect(list.fromAt(few)).toBe(unnumbered);
    expect(list.at(few)).toBe(last);
  });
});

describe('the numbers of stored entries', () => {
  it('are the same in all reads of a history, and tell senders and messages apart', () => {
    const known = names();
    const plain = Array.from({ length: few }, (_, at) => entry(at));
    const told = (message: string, from: string) => entry(few, { message: `${run}.${message}`, from });
    const [one, same, other] = [told('1.7', 'anne'), told('1.7', 'anne'), told('1.8', 'ben')].map((last) =>
      listOf([...plain, last], known),
    );
    expect(one?.keyAt(few)).toBe(same?.keyAt(few));
    expect(one?.fromAt(few)).toBe(same?.fromAt(few));
    expect(other?.keyAt(few)).not.toBe(one?.keyAt(few));
    expect(other?.fromAt(few)).not.toBe(one?.fromAt(few));
    expect(one?.keyAt(few)).toBe(known.keyOf(`${run}.1.7`));
    expect(one?.fromAt(few)).toBe(known.numberOf('anne'));
  });

  it('name nobody where an entry says nobody', () => {
    const { list } = listWith({});
    expect(list.fromAt(few)).toBe(unnumbered);
    expect(list.keyAt(0)).toBe(unnumbered);
  });

  it('belong to their place, in every block', () => {
    const known = names();
    const entries = Array.from({ length: 1_100 }, (_, at) => entry(at, { from: `f${at}` }));
    const list = listOf(entries, known);
    for (const place of [64, 1_023, 1_024, 1_099]) {
      expect(list.keyAt(place)).toBe(known.keyOf(`${run}.1.${place}`));
      expect(list.fromAt(place)).toBe(known.numberOf(`f${place}`));
    }
  });
});
