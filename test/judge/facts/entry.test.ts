import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { Archive, type Told } from '../../../src/judge/facts/archive.js';
import { Entry } from '../../../src/judge/facts/entry.js';
import { Packing } from '../../../src/judge/facts/packing.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';

const id = 'abcd1234.7.1';
const about = { t: 1, session: '7', message: id } as const;
const ack: EventOf<'ack'> = { ...about, kind: 'ack', position: '5' };
const receive = (session: string): EventOf<'receive'> => ({
  ...{ t: 2, session, kind: 'receive', room: 'r1', message: id, digest: 'd' },
});
const toldOf = (): Told => ({
  sender: '7',
  number: 1,
  send: { ...about, kind: 'send', due: 1, room: 'r1', digest: 'd' },
  attempts: [{ ...about, kind: 'written', attempt: 1 }],
  acks: [ack],
  unanswered: [{ ...about, kind: 'unsure', reason: 'closed' }],
  receipts: new ReceiptList([receive('2')]),
});
const entry = (told = toldOf()) => new Entry(id, told, true, new Archive(new Packing('abcd1234')));
const shown = ({ sender, number, send, attempts, acks, unanswered, receipts }: Told) => ({
  ...{ sender, number, send, attempts, acks, unanswered, receipts: [...receipts.values()] },
});

describe('an entry of the ledger', () => {
  it('says the same whether it is packed or not', () => {
    const one = entry();
    expect([one.isPacked, shown(one)]).toEqual([false, shown(toldOf())]);
    one.pack();
    expect([one.isPacked, shown(one)]).toEqual([true, shown(toldOf())]);
    one.pack();
    expect([one.isPacked, shown(one)]).toEqual([true, shown(toldOf())]);
  });

  it('is changed where it lies while it is not packed', () => {
    const told = toldOf();
    const one = entry(told);
    expect(one.open()).toBe(told);
    one.open().acks = [];
    expect(one.acks).toEqual([]);
  });

  it('is opened to be changed, and then says what was changed, packed once more as well', () => {
    const one = entry();
    one.pack();
    const told = one.open();
    expect([one.isPacked, shown(told)]).toEqual([false, shown(toldOf())]);
    const later = { ...ack, t: 9 };
    told.acks = [...told.acks, later];
    told.receipts.add(receive('3'));
    const changed = { ...shown(toldOf()), acks: [ack, later], receipts: [receive('2'), receive('3')] };
    expect(shown(one)).toEqual(changed);
    one.pack();
    expect([one.isPacked, shown(one)]).toEqual([true, changed]);
    expect(one.open()).toBe(one.open());
  });
});
