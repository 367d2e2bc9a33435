import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { behindOthers } from '../../../src/judge/derived/behind-others.js';
import { messages, type Inversion } from '../../../src/judge/facts/messages.js';
import { hears, says, telling, type Telling } from './telling.js';

/** The messages of session 9 that a reader received, in that order, 10 ms apart. */
const heardBy = (reader: string, numbers: readonly number[], from = 1_000, room = 'r1'): Event[] =>
  numbers.map((number, index) => hears(from + index * 10, reader, ['9', number], { room }));
const said = (amount: number) =>
  Array.from({ length: amount }, (_, index) => says(100 + index * 10, '9', index + 1));
const shortly = (inversions: readonly Inversion[]) =>
  inversions.map(({ reader, by, earlier, later, receipt, laterReceipt }) => [
    ...[reader, by, earlier.number, later.number, receipt.t, laterReceipt.t],
  ]);

describe('a message whose order to the latest of its sender is not certain', () => {
  const behind = (isCertain: (one: Inversion) => boolean, ...events: readonly Telling[]) => {
    const context = telling({}, said(100), ...events);
    return shortly(behindOthers(context, [...context.facts(messages).inversions], isCertain));
  };
  const laterIs =
    (...numbers: readonly number[]) =>
    ({ later }: Inversion) =>
      numbers.includes(later.number);

  it('may surely be behind another one that was there as well, the nearest before it', () => {
    const heard = heardBy('1', [2, 3, 4, 1]);
    expect(behind(laterIs(2, 3), heard)).toEqual([['1', 'number', 1, 3, 1_030, 1_010]]);
    expect(behind(laterIs(), heard)).toEqual([]);
    expect(behind(laterIs(4), heard)).toEqual([['1', 'number', 1, 4, 1_030, 1_020]]);
  });

  it('is behind none that its sender sent before it, or that came later or together with it', () => {
    expect(behind(laterIs(1), heardBy('1', [1, 3, 2]))).toEqual([]);
    expect(behind(laterIs(4), heardBy('1', [3, 2, 4]))).toEqual([]);
    const together = heardBy('1', [3, 4, 2]).map((one, index) => (index === 1 ? { ...one, t: 1_020 } : one));
    expect(behind(laterIs(4), together)).toEqual([]);
  });

  it('is looked for among the same reader, room and sender', () => {
    const heard = heardBy('1', [4, 1]);
    expect(behind(laterIs(3), heard, heardBy('2', [3]))).toEqual([]);
    expect(behind(laterIs(3), heard, heardBy('1', [3], 990, 'r2'))).toEqual([]);
    const other = [says(90, '8', 3), hears(990, '1', ['8', 3])];
    expect(behind(laterIs(3), heard, other)).toEqual([]);
    expect(behind(laterIs(3), heard, heardBy('1', [3], 990))).toHaveLength(1);
  });

  it('is looked for by when it was received, among the sixty-four nearest before it', () => {
    const many = Array.from({ length: 65 }, (_, index) => index + 2);
    expect(behind(laterIs(3), heardBy('1', [...many, 1]))).toHaveLength(1);
    expect(behind(laterIs(2), heardBy('1', [...many, 1]))).toEqual([]);
    const flow = heardBy('1', [5, 4, 3, 1]);
    expect(behind(laterIs(5), flow).map(([, , earlier]) => earlier)).toEqual([4, 3, 1]);
  });

  it('is none where nothing is in doubt', () => {
    expect(behindOthers(telling({}, said(3), heardBy('1', [2, 1])), [], () => true)).toEqual([]);
  });
});
