import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { advance, Readers, type Inversion, type Place } from '../../../src/judge/facts/fronts.js';
import type { Message } from '../../../src/judge/facts/message.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';
import { seatsOf } from '../../../src/judge/facts/seats.js';
import { header } from './view-of.js';

const messageOf = (sender: string, number: number): Message => ({
  ...{ id: `abcd1234.${sender}.${number}`, sender, number, send: null },
  ...{ attempts: [], acks: [], unanswered: [], receipts: new ReceiptList() },
});

/** Receives these in their order, as `sender.number@position`; tells what came behind, as `by earlier<later`. */
function received(...words: string[]): string[] {
  const place: Place = { isMeant: true, position: null, bySender: new Map() };
  const told: Inversion[] = [];
  words.forEach((word, t) => {
    const [, sender = '', number = '', position] = /^(\w+)\.(\d+)(?:@(\w+))?$/.exec(word) ?? [];
    const message = messageOf(sender, Number(number));
    const receipt: EventOf<'receive'> = {
      ...{ t, session: '2', kind: 'receive', room: 'r1', message: message.id, digest: 'd' },
      ...(position === undefined ? {} : { position }),
    };
    advance(place, message, receipt, (inversion) => told.push(inversion));
  });
  return told.map(({ by, earlier, later, receipt, laterReceipt, reader }) => {
    expect(receipt.message).toBe(earlier.id);
    expect(laterReceipt.message).toBe(later.id);
    expect(laterReceipt.t).toBeLessThan(receipt.t);
    expect(reader).toBe('2');
    return `${by} ${earlier.sender}.${earlier.number}<${later.sender}.${later.number}`;
  });
}

describe('what came behind at its first receipt', () => {
  it('is nothing where everything came in its order', () => {
    expect(received('1.1@1', '2.1@2', '1.2@3', '2.2@4')).toEqual([]);
  });

  it('is a message after one that its sender sent later', () => {
    expect(received('1.1', '1.3', '1.2')).toEqual(['number 1.2<1.3']);
  });

  it('is nothing between two senders, whose numbers are their own', () => {
    expect(received('1.5', '2.1')).toEqual([]);
  });

  it('is a message after one with a later position, whoever sent it', () => {
    expect(received('1.1@5', '2.1@4')).toEqual(['position 2.1<1.1']);
  });

  it('is told by its number and by its position where it is behind by both', () => {
    expect(received('1.2@5', '1.1@4')).toEqual(['number 1.1<1.2', 'position 1.1<1.2']);
  });

  it('is measured at the latest that came, not at the last', () => {
    expect(received('1.9', '1.2', '1.5')).toEqual(['number 1.2<1.9', 'number 1.5<1.9']);
    expect(received('1.1@9', '2.1@2', '3.1@5')).toEqual(['position 2.1<1.1', 'position 3.1<1.1']);
  });

  it('is nothing where the position is the same, is none, or is no number', () => {
    expect(received('1.1@5', '2.1@5', '3.1', '4.1@x', '5.1@6')).toEqual([]);
  });

  it('is not forgotten over one that has no position', () => {
    expect(received('1.1@5', '2.1', '3.1@4')).toEqual(['position 3.1<1.1']);
  });

  it('is nothing of the same number: it is not before itself', () => {
    expect(received('1.2', '1.2', '1.3')).toEqual([]);
  });
});

describe('readers', () => {
  const readers = new Readers(seatsOf(header));

  it('are auditors where the plan says so', () => {
    expect(readers.reader('11').isAuditor).toBe(true);
    expect(readers.reader('1').isAuditor).toBe(false);
    expect(readers.reader('nobody').isAuditor).toBe(false);
  });

  it('have one place in each room, and are meant to be there or not, or are not known', () => {
    const reader = readers.reader('1');
    expect(readers.reader('1')).toBe(reader);
    const place = readers.place(reader, '1', 'r1');
    expect(readers.place(reader, '1', 'r1')).toBe(place);
    expect(place).toEqual({ isMeant: true, position: null, bySender: new Map() });
    expect(readers.place(reader, '1', 'r2').isMeant).toBe(false);
    expect(readers.place(readers.reader('nobody'), 'nobody', 'r1').isMeant).toBeNull();
  });
});
