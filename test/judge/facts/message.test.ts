import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import {
  firstAckAt,
  firstAttemptAt,
  isAttempted,
  isBefore,
  isRefused,
  isUnoffered,
  type Message,
} from '../../../src/judge/facts/message.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';

type Said = 'written' | 'ack' | 'nack' | 'unsure' | 'unoffered';

const about = { session: '1', message: 'abcd1234.1.1' } as const;
const reason = 'said so';

/** A message of which this was said, in this order, a millisecond each from t = 1 on. */
function told(...said: readonly Said[]): Message {
  const attempts: EventOf<'written'>[] = [];
  const acks: EventOf<'ack'>[] = [];
  const unanswered: EventOf<'nack' | 'unsure' | 'unoffered'>[] = [];
  said.forEach((kind, index) => {
    const t = index + 1;
    if (kind === 'written') attempts.push({ t, ...about, kind, attempt: attempts.length + 1 });
    else if (kind === 'ack') acks.push({ t, ...about, kind });
    else unanswered.push({ t, ...about, kind, reason });
  });
  const rest = { id: about.message, sender: '1', number: 1, send: null, receipts: new ReceiptList() };
  return { ...rest, attempts, acks, unanswered };
}

const send: EventOf<'send'> = { t: 0.5, ...about, kind: 'send', due: 0, room: 'r1', digest: 'd' };

describe('positions', () => {
  it.each([
    ['1', '2', true],
    ['2', '1', false],
    ['2', '2', false],
    ['9', '10', true],
    ['0', '9', true],
    ['007', '8', true],
    ['9007199254740993', '9007199254740994', true],
    ['9007199254740994', '9007199254740993', false],
    ['9007199254740993', '9007199254740993', false],
    ['999999999999999', '1000000000000000', true],
    ['1000000000000000', '999999999999999', false],
    // Past 2^53 neighbours are the same number.
    ['9007199254740992', '9007199254740993', true],
    ['1', '90071992547409930', true],
    ['90071992547409930', '1', false],
  ])('compare where both are whole numbers: %s before %s', (one, other, before) => {
    expect(isBefore(one, other)).toBe(before);
  });

  it.each([
    [undefined, '1'],
    ['1', undefined],
    ['', '1'],
    ['1', ''],
    ['x', '1'],
    ['1', 'x'],
    ['1', '-2'],
    ['1.5', '2'],
    ['1', '2:'],
    ['1', '/2'],
    ['0x1', '2'],
    [' 1', '2'],
  ])('do not compare otherwise: %s and %s', (one, other) => {
    expect(isBefore(one, other)).toBeNull();
  });
});

describe('a message', () => {
  it.each<[boolean, readonly Said[]]>([
    [true, ['written', 'nack']],
    [true, ['written', 'nack', 'written', 'nack']],
    [true, ['nack']],
    [false, []],
    [false, ['written']],
    [false, ['unoffered']],
    [false, ['written', 'ack']],
    [false, ['written', 'nack', 'written']],
    [false, ['written', 'nack', 'written', 'ack']],
    [false, ['written', 'nack', 'unsure']],
    [false, ['written', 'unsure']],
    [false, ['written', 'nack', 'ack']],
  ])('is refused (%s) only if each attempt of it was: %j', (refused, said) => {
    expect(isRefused(told(...said))).toBe(refused);
  });

  it.each<[boolean, readonly Said[]]>([
    [false, []],
    [false, ['unoffered']],
    [true, ['written']],
    [true, ['ack']],
    [true, ['nack']],
    [true, ['unsure']],
    [true, ['unoffered', 'unsure']],
  ])('was handed to the target (%s), as an attempt or an answer shows: %j', (attempted, said) => {
    expect(isAttempted(told(...said))).toBe(attempted);
  });

  it.each<[boolean, readonly Said[]]>([
    [false, []],
    [true, ['unoffered']],
    [false, ['unoffered', 'written']],
    [false, ['unoffered', 'nack']],
    [false, ['written']],
  ])('found no connection (%s), and no other later: %j', (unoffered, said) => {
    expect(isUnoffered(told(...said))).toBe(unoffered);
  });

  it('is attempted first when its bytes first leave, at its send where no attempt is seen, and else ever so long ago', () => {
    expect(firstAttemptAt({ ...told('written', 'written'), send })).toBe(1);
    expect(firstAttemptAt({ ...told('ack'), send })).toBe(0.5);
    expect(firstAttemptAt(told())).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is promised when it is first acknowledged, if it is', () => {
    expect(firstAckAt(told('written', 'ack', 'ack'))).toBe(2);
    expect(firstAckAt(told('written'))).toBeNull();
  });
});
