import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';

const receipt = (reader: number): EventOf<'receive'> => ({
  ...{ t: reader, session: `s${reader}`, kind: 'receive', room: 'r1', message: 'abcd1234.1.1', digest: 'd' },
});

const listOf = (receipts: readonly EventOf<'receive'>[]) => {
  const list = new ReceiptList();
  for (const one of receipts) list.add(one);
  return list;
};

describe('the receipts of a message', () => {
  // From 13 readers on they are looked up in another way.
  it.each([0, 1, 2, 11, 12, 13, 14, 40])(
    'are found by their reader, and come in their order: %i of them',
    (many) => {
      const receipts = Array.from({ length: many }, (_, reader) => receipt(many - reader));
      const list = listOf(receipts);
      expect(list.size).toBe(many);
      expect([...list.values()]).toEqual(receipts);
      expect([...list]).toEqual(receipts.map((one) => [one.session, one]));
      for (const one of receipts) {
        expect(list.has(one.session)).toBe(true);
        expect(list.get(one.session)).toBe(one);
      }
    },
  );

  it.each([0, 1, 12, 13, 40])('may be taken over: %i of them, and others are added', (many) => {
    const receipts = Array.from({ length: many }, (_, reader) => receipt(reader));
    const list = new ReceiptList([...receipts]);
    const more = [receipt(100), receipt(101)];
    for (const one of more) list.add(one);
    expect([...list.values()]).toEqual([...receipts, ...more]);
    for (const one of [...receipts, ...more]) expect(list.get(one.session)).toBe(one);
    expect(list.size).toBe(many + 2);
  });

  it.each([0, 1, 12, 13, 40])('are none of a reader that had none, beside %i of others', (many) => {
    const list = listOf(Array.from({ length: many }, (_, reader) => receipt(reader)));
    expect(list.has('nobody')).toBe(false);
    expect(list.get('nobody')).toBeUndefined();
  });
});
