import { describe, expect, it } from 'vitest';
import { Bytes, Writer } from '../../../src/judge/facts/bytes.js';

describe('records of bytes', () => {
  it('come back as they were written', () => {
    const counts = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER];
    const numbers = [0, -0, 0.1, -1.5, 1e300, Number.NaN, Infinity, 12_345.678];
    const [bytes, writer] = [new Bytes(), new Writer()];
    const address = counts.map((count, at) => {
      writer.count(count);
      writer.number(numbers[at] ?? 0);
      return bytes.add(writer.taken());
    });
    const read = address.map((one) => {
      const reader = bytes.reader(one);
      return [reader.count(), reader.number()];
    });
    expect(read).toEqual(counts.map((count, at) => [count, numbers[at] ?? 0]));
  });

  it('hold as many of them as were written, one after the other', () => {
    const [bytes, writer] = [new Bytes(), new Writer()];
    for (const value of [0.5, -7, 1e300]) {
      writer.number(value);
      writer.count(3);
    }
    const reader = bytes.reader(bytes.add(writer.taken()));
    const read = Array.from({ length: 3 }, () => [reader.number(), reader.count()]);
    expect(read).toEqual([
      [0.5, 3],
      [-7, 3],
      [1e300, 3],
    ]);
  });

  it.each([
    [0, 1],
    [127, 1],
    [128, 2],
    [16_383, 2],
    [16_384, 3],
  ])('take a byte for each seven bits: %i takes %i', (count, length) => {
    const writer = new Writer();
    writer.count(count);
    expect(writer.taken()).toHaveLength(length);
    expect(writer.taken()).toHaveLength(0);
  });

  it('are found in however many chunks they lie, also those that are larger than a chunk', () => {
    const bytes = new Bytes();
    const records = [100_000, 200_000, 300_000, 5, 262_144, 7].map((length, index) =>
      new Uint8Array(length).fill(index + 1),
    );
    const addresses = records.map((record) => bytes.add(record));
    expect(new Set(addresses).size).toBe(records.length);
    expect(addresses.map((address) => bytes.reader(address).count())).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('lie in one chunk where they fill it to its end', () => {
    const bytes = new Bytes();
    expect(bytes.add(new Uint8Array(262_143))).toBe(0);
    expect(bytes.add(new Uint8Array(1))).toBe(262_143);
    expect(bytes.add(new Uint8Array(1))).toBe(262_144);
  });

  it('are of any length', () => {
    const writer = new Writer();
    for (let count = 0; count < 3_000; count++) writer.count(count % 128);
    const bytes = new Bytes();
    const reader = bytes.reader(bytes.add(writer.taken()));
    const read = Array.from({ length: 3_000 }, () => reader.count());
    expect(read).toEqual(read.map((_, index) => index % 128));
  });
});
