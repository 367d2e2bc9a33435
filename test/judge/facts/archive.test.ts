import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { Archive, namesIn, type Told } from '../../../src/judge/facts/archive.js';
import { Packing } from '../../../src/judge/facts/packing.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';

const run = 'abcd1234';
const idOf = (number: number) => `${run}.7.${number}`;
const receive = (session: string, number = 1): EventOf<'receive'> => ({
  ...{ t: 2, session, kind: 'receive', room: 'r1', message: idOf(number), digest: 'd' },
});
/** Of message 1 of session 7. */
const about = { t: 1, session: '7', message: idOf(1) } as const;
const told: Told = {
  sender: '7',
  number: 1,
  send: { ...about, kind: 'send', due: 1, room: 'r1', digest: 'd' },
  attempts: [{ ...about, kind: 'written', attempt: 1 }],
  acks: [
    { ...about, kind: 'ack', position: '5' },
    { ...about, t: 3, kind: 'ack' },
  ],
  unanswered: [{ ...about, kind: 'unsure', reason: 'closed' }],
  receipts: new ReceiptList([receive('2'), receive('3')]),
};
const nothing = { sender: '7', send: null, attempts: [], acks: [], unanswered: [] };
/** Of each of these numbers, that session 2 received it. */
const archiveOf = (amount: number) => {
  const archive = new Archive(new Packing(run));
  const addresses = Array.from({ length: amount }, (_, number) =>
    archive.add(idOf(number), { ...nothing, number, receipts: new ReceiptList([receive('2', number)]) }),
  );
  const at = (number: number) => archive.at(idOf(number), addresses[number] ?? -1);
  return { archive, at };
};
const shown = ({ receipts, ...more }: Told) => ({ ...more, receipts: [...receipts.values()] });
const fieldsOf = ({ sender, number, send, attempts, acks, unanswered, receipts }: Told): Told => ({
  ...{ sender, number, send, attempts, acks, unanswered, receipts },
});

describe('what is told of a message', () => {
  it('comes out of an archive as it went in', () => {
    const { archive } = archiveOf(3);
    const address = archive.add(idOf(1), told);
    archive.add(idOf(2), { ...nothing, number: 2, receipts: new ReceiptList() });
    expect(shown(fieldsOf(archive.at(idOf(1), address)))).toEqual(shown(told));
  });

  it('may be nothing', () => {
    const archive = new Archive(new Packing(run));
    const empty = { ...nothing, number: 1, receipts: new ReceiptList() };
    const address = archive.add(idOf(1), empty);
    expect(shown(fieldsOf(archive.at(idOf(1), address)))).toEqual(shown(empty));
  });

  it('is of each message its own, also of two that are asked for in turn', () => {
    const { at } = archiveOf(3);
    const asked = [0, 1, 0, 0, 2, 1, 1, 0].map((number) => [number, at(number).number]);
    expect(asked.every(([number, found]) => number === found)).toBe(true);
  });

  it('has one list of receipts, however often it is asked for', () => {
    const { at } = archiveOf(1);
    const { receipts } = at(0);
    expect(at(0).receipts).toBe(receipts);
    expect(receipts.get('2')).toEqual(receive('2', 0));
  });
});

describe('what was looked at last in an archive', () => {
  const others = Array.from({ length: 256 }, (_, index) => index + 1);

  it('is the same to who asks again, until 256 others were looked at', () => {
    const { at } = archiveOf(257);
    const first = at(0);
    for (const number of others.slice(0, 255)) at(number);
    expect(at(0)).toBe(first);
    for (const number of others) at(number);
    expect(at(0)).not.toBe(first);
    expect(at(0).number).toBe(0);
  });

  it('stays for longer where it is looked at again', () => {
    const { at } = archiveOf(257);
    const first = at(0);
    for (const number of others.slice(0, 200)) at(number);
    at(0);
    for (const number of others.slice(1)) at(number);
    expect(at(0)).toBe(first);
  });

  it('does not go while one is asked for again and again', () => {
    const { at } = archiveOf(2);
    const first = at(0);
    for (let times = 0; times < 300; times++) at(1);
    expect(at(0)).toBe(first);
  });

  it('goes round and round: what is looked at after many others is remembered as well', () => {
    const { at } = archiveOf(257);
    for (const number of [...others, ...others, ...others]) at(number);
    const [one, other] = [at(0), at(1)];
    expect(at(0)).toBe(one);
    expect(at(1)).toBe(other);
  });
});

describe('who sent a message', () => {
  it('is in its id, and nobody where that is not of ours', () => {
    expect(namesIn(`${run}.12.345`)).toMatchObject({ session: '12', number: 345 });
    expect(namesIn('x')).toEqual({ session: '', number: 0 });
  });
});
