import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { MessageSet } from '../../../src/judge/facts/message-set.js';
import { Names } from '../../../src/judge/facts/names.js';
import { StoredList } from '../../../src/judge/facts/stored.js';

const run = 'abcd1234';

/** A read of these messages. Behind the first 64 places entries are held as numbers. */
function readOf(names: Names, messages: readonly (string | null)[], from = 0): StoredList {
  const list = new StoredList({ session: '9', read: 'r' }, names);
  const filling = Array.from({ length: from }, () => null);
  for (const message of [...filling, ...messages]) {
    const event: EventOf<'stored'> = {
      ...{ t: 1, session: '9', kind: 'stored', read: 'r', index: list.length, message },
      digest: '0123456789abcdef',
    };
    list.add(event);
  }
  return list;
}

const one = `${run}.1.1`;
const padded = `${run}.1.07`;
const foreign = 'other123.1.1';

describe.each([
  ['kept as they came', 0],
  ['held as numbers', 64],
])('a set of the messages of entries that are %s', (_, from) => {
  it('has what was added, whether this run has a number for it or not', () => {
    const names = new Names(run);
    const set = new MessageSet(names);
    set.addAll(readOf(names, [one, padded, null, foreign], from));
    expect([one, padded, foreign].map((message) => set.has(message))).toEqual([true, true, true]);
    expect(
      [`${run}.1.2`, `${run}.2.1`, `${run}.1.7`, 'other123.1.2'].map((message) => set.has(message)),
    ).toEqual([false, false, false, false]);
  });

  it('tells how many of them it had already', () => {
    const names = new Names(run);
    const set = new MessageSet(names);
    expect(set.addAll(readOf(names, [one, foreign, one, null, null, foreign, one], from))).toBe(3);
    expect(set.addAll(readOf(names, [one, foreign, `${run}.1.2`], from))).toBe(2);
  });
});

describe('a message in a set', () => {
  it('is found by its sender and its number', () => {
    const names = new Names(run);
    const set = new MessageSet(names);
    const large = 2 ** 31;
    set.addAll(readOf(names, [one, `${run}.1.${large}`]));
    expect(set.hasNumber('1', 1)).toBe(true);
    expect(set.hasNumber('1', 2)).toBe(false);
    expect(set.hasNumber('1', large)).toBe(true);
    expect(set.hasNumber('2', large)).toBe(false);
  });

  it('is named as this run names it', () => {
    expect(new MessageSet(new Names(run)).messageOf('3', 8)).toBe(`${run}.3.8`);
  });

  it('is the same one, read from entries of both sorts', () => {
    const names = new Names(run);
    const set = new MessageSet(names);
    set.addAll(readOf(names, [one, `${run}.1.2`]));
    expect(set.addAll(readOf(names, [one, `${run}.1.2`], 64))).toBe(2);
  });
});
