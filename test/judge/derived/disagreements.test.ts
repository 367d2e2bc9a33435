import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { disagreementsOf } from '../../../src/judge/derived/disagreements.js';
import { type Inversion } from '../../../src/judge/facts/messages.js';
import { hears, says, telling, type Telling } from './telling.js';

/** The messages of session 9 that a reader received, in that order, 10 ms apart. */
const heardBy = (
  reader: string,
  numbers: readonly number[],
  from = 1_000,
  room = 'r1',
): EventOf<'receive'>[] =>
  numbers.map((number, index) => hears(from + index * 10, reader, ['9', number], { room }));
const said = (amount: number) =>
  Array.from({ length: amount }, (_, index) => says(100 + index * 10, '9', index + 1));
const shortly = (inversions: readonly Inversion[]) =>
  inversions.map(({ reader, by, earlier, later, receipt, laterReceipt }) => [
    ...[reader, by, earlier.number, later.number, receipt.t, laterReceipt.t],
  ]);

describe('readers who received the messages of a room in different orders', () => {
  const found = (...events: readonly Telling[]) => shortly(disagreementsOf(telling({}, said(4), ...events)));

  it('are told by those that came behind one that another reader had after them', () => {
    expect(found(heardBy('1', [1, 2, 3, 4]), heardBy('2', [1, 3, 2]))).toEqual([
      ['2', 'position', 2, 3, 1_020, 1_010],
    ]);
    expect(found(heardBy('1', [1, 2, 3, 4]), heardBy('2', [4, 1, 2]))).toEqual([
      ['2', 'position', 1, 4, 1_010, 1_000],
      ['2', 'position', 2, 4, 1_020, 1_000],
    ]);
  });

  it('are none where they agree, whatever each of them missed', () => {
    expect(found(heardBy('1', [1, 2, 3]), heardBy('2', [1, 3, 4]), heardBy('3', [2, 4]))).toEqual([]);
    expect(found(heardBy('1', [4, 3, 2, 1]), heardBy('2', [4, 2, 1]))).toEqual([]);
    expect(found(heardBy('1', [1, 2, 3]))).toEqual([]);
    expect(found()).toEqual([]);
  });

  it('are compared with those who received most, by when they received it', () => {
    expect(found(heardBy('1', [2, 1]), heardBy('2', [1, 2, 3])).map(([reader]) => reader)).toEqual(['1']);
    expect(found(heardBy('1', [1, 2, 3]), heardBy('2', [2, 1])).map(([reader]) => reader)).toEqual(['2']);
    const late = heardBy('1', [1, 2, 3]).reverse();
    const context = telling({}, said(3));
    expect(shortly(disagreementsOf(context))).toEqual([]);
    expect(found(late, heardBy('2', [1, 2]))).toEqual([]);
  });

  it('are compared with three of them: nobody hears what it says itself', () => {
    const own = (t: number) => says(t, '1', 1);
    const heard = (t: number, reader: string) => hears(t, reader, ['1', 1]);
    // The first never had session 1's own; the second had it before message 1, and the third after it.
    const most = heardBy('1', [1, 2, 3, 4]);
    const second = [heard(990, '2'), ...heardBy('2', [1, 2])];
    const third = [...heardBy('3', [1, 2], 1_000), heard(1_050, '3')];
    expect(found(own(90), most, second, third)).toEqual([['3', 'position', 1, 2, 1_050, 1_010]]);
    const fourth = [heard(990, '4'), ...heardBy('4', [1, 2])];
    const three = ['1', '2', '3'].flatMap((reader) => heardBy(reader, [1, 2, 3, 4]));
    expect(
      found(
        own(90),
        three,
        fourth,
        third.map((one) => ({ ...one, session: '5' })),
      ),
    ).toEqual([]);
  });

  it('are told of the odd one alone, whoever it is, and not of those who agree with the others', () => {
    const odd = (reader: string) => heardBy(reader, [2, 1, 3, 4]);
    const others = (...readers: readonly string[]) => readers.map((reader) => heardBy(reader, [1, 2, 3]));
    const shown = (reader: string) => [[reader, 'position', 1, 2, 1_010, 1_000]];
    expect(found(odd('1'), others('2', '3'))).toEqual(shown('1'));
    expect(found(heardBy('1', [1, 2, 3, 4]), odd('2'), others('3'))).toEqual(shown('2'));
    expect(found(heardBy('1', [1, 2, 3, 4]), heardBy('2', [1, 2, 3, 4]), odd('3'))).toEqual(shown('3'));
    // However many they are.
    expect(found(odd('1'), others('2', '3', '4', '5', '6'))).toEqual(shown('1'));
  });

  it('are told of several where one is not enough', () => {
    const three = ['1', '2', '3'].map((reader) => heardBy(reader, [1, 2, 3, 4]));
    const two = [heardBy('4', [2, 1, 3]), heardBy('5', [1, 3, 2])];
    expect(found(three, two)).toEqual([
      ['4', 'position', 1, 2, 1_010, 1_000],
      ['5', 'position', 2, 3, 1_020, 1_010],
    ]);
    const all = [heardBy('1', [1, 2, 3]), heardBy('2', [2, 3, 1]), heardBy('3', [3, 1, 2])];
    expect(new Set(found(all).map(([reader]) => reader)).size).toBe(2);
  });

  it('are told of two as who received less had them', () => {
    expect(found(heardBy('1', [1, 2]), heardBy('2', [2, 1, 3])).map(([reader]) => reader)).toEqual(['1']);
    expect(found(heardBy('1', [1, 2]), heardBy('2', [2, 1])).map(([reader]) => reader)).toEqual(['2']);
  });

  it('count once with each other reader, and who received less goes first where two have as many', () => {
    // The first disagrees with the third and the fourth, and the second with the fourth.
    const first = [heardBy('1', [1, 2, 3, 4, 5, 6]), heardBy('2', [3, 4, 5, 6])];
    const odd = found(said(6), first, heardBy('3', [2, 1, 5]), heardBy('4', [4, 3]));
    expect(odd.map(([reader]) => reader)).toEqual(['4', '3']);
    // The first disagrees with the fourth, and the second with the third and the fourth.
    const others = [heardBy('1', [1, 2, 6, 7, 8]), heardBy('2', [1, 2, 3, 4])];
    const even = found(said(9), others, heardBy('3', [4, 3, 9]), heardBy('4', [2, 1]));
    expect(even.map(([reader]) => reader)).toEqual(['4', '3']);
  });

  it('are told once of each reader, from the first that it disagrees with', () => {
    const three = ['1', '2', '3'].map((reader) => heardBy(reader, [1, 2, 3]));
    expect(found(three, heardBy('4', [2, 1])).map(([reader]) => reader)).toEqual(['4']);
  });

  it('are not asked for where positions are told', () => {
    const positioned = heardBy('1', [1, 2, 3, 4]).map((event, index) => ({ ...event, position: `${index}` }));
    expect(found(positioned, heardBy('2', [1, 3, 2]))).toEqual([]);
    const some = heardBy('1', [1, 2, 3, 4]).map((one, index) =>
      index === 2 ? { ...one, position: '7' } : one,
    );
    expect(found(some, heardBy('2', [1, 3, 2]))).toEqual([]);
  });

  it('are asked for where the one who received most was told no positions, whatever others were told', () => {
    const told = (event: EventOf<'receive'>): EventOf<'receive'> => ({ ...event, position: '7' });
    const few = heardBy('1', [1], 990);
    const [most, odd] = [heardBy('2', [1, 2, 3]), heardBy('3', [2, 1])];
    expect(found(few.map(told), most, odd).map(([reader]) => reader)).toEqual(['3']);
    expect(found(few, most.map(told), odd)).toEqual([]);
  });

  it('are compared in each room by itself', () => {
    expect(found(heardBy('1', [1, 2]), heardBy('2', [2, 1], 1_000, 'r2'))).toEqual([]);
    const other = [heardBy('3', [1, 2, 3], 1_000, 'r2'), heardBy('4', [2, 1], 1_000, 'r2')];
    expect(found(heardBy('1', [1, 2]), other).map(([reader]) => reader)).toEqual(['4']);
  });

  it('are none of two that came at the same moment', () => {
    const together = heardBy('2', [1, 2]).map((event) => ({ ...event, t: 1_000 }));
    expect(found(heardBy('1', [2, 1, 3]), together)).toEqual([]);
    const first = heardBy('1', [1, 2, 3]).map((event) => ({ ...event, t: 1_000 }));
    expect(found(first, heardBy('2', [2, 1]))).toEqual([]);
    // Who had them at one moment disagrees with nobody, and makes nobody else the odd one.
    const less = heardBy('3', [4, 3]);
    expect(found(heardBy('1', [2, 1, 3, 4]), together, less).map(([reader]) => reader)).toEqual(['3']);
  });
});
