import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { EventOf, Header } from '../../../src/history/events.js';
import type { Message } from '../../../src/judge/facts/message.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';
import { Retirement } from '../../../src/judge/facts/retirement.js';
import { header } from './view-of.js';

const horizon = 60_000;

interface Fate {
  readonly sentAt?: number;
  readonly sender?: string;
  readonly room?: string;
  readonly position?: string;
  readonly purpose?: 'canary' | 'probe';
  readonly readers?: readonly string[];
  readonly acknowledged?: boolean;
  readonly sent?: boolean;
  readonly receipt?: Partial<EventOf<'receive'>>;
}

/** A message of session 1 in r1 that everyone there has received, unless told. */
function messageOf(number: number, fate: Fate = {}): Message {
  const { sentAt = 0, sender = '1', room = 'r1', readers = ['2', '3', '4'], purpose, position } = fate;
  const id = `abcd1234.${sender}.${number}`;
  const about = { session: sender, message: id };
  const receipts = new ReceiptList();
  for (const session of readers) {
    receipts.add({ t: sentAt, session, kind: 'receive', room, message: id, digest: 'd', ...fate.receipt });
  }
  const more = purpose === undefined ? {} : { purpose };
  const send: Message['send'] = { t: sentAt, ...about, kind: 'send', due: 0, room, digest: 'd', ...more };
  const ack: Message['acks'][number] = {
    t: sentAt,
    ...about,
    kind: 'ack',
    ...(position === undefined ? {} : { position }),
  };
  return {
    ...{ id, sender, number, send: fate.sent === false ? null : send, receipts },
    ...{ attempts: [], acks: fate.acknowledged === false ? [] : [ack], unanswered: [] },
  };
}

/** What retires of these messages, in the order of their sending, when another is sent at `now`. */
function retired(
  given: readonly Message[],
  { now = horizon + 1, of = header as Header, disruptions = [] as number[] } = {},
) {
  const retirement = new Retirement(of);
  for (const t of disruptions) retirement.keepAround(t);
  for (const message of given) retirement.enter(message, message.send?.t ?? 0);
  const { leaving, staying } = retirement.enter(messageOf(99, { sentAt: now, sender: '2' }), now);
  const numbersOf = (all: readonly Message[]) => all.map(({ number }) => number);
  return { retirement, numbers: numbersOf(leaving), kept: numbersOf(staying) };
}

describe('a message retires', () => {
  it('when it is older than a minute, and not before', () => {
    expect(retired([messageOf(1)]).numbers).toEqual([1]);
    expect(retired([messageOf(1)], { now: horizon })).toMatchObject({ numbers: [], kept: [] });
  });

  it('in the order in which they were sent, each once', () => {
    const given = [messageOf(1), messageOf(2, { sentAt: 5 }), messageOf(3, { sentAt: 500 })];
    const { numbers, retirement } = retired(given, { now: horizon + 10 });
    expect(numbers).toEqual([1, 2]);
    expect(retirement.enter(messageOf(4, { sentAt: horizon + 600 }), horizon + 600)).toEqual({
      leaving: [given[2]],
      staying: [],
    });
    expect(retirement.retired.count()).toBe(3);
  });

  it.each<[string, Fate]>([
    ['was not acknowledged', { acknowledged: false }],
    ['is a canary', { purpose: 'canary' }],
    ['was not received by all who read there', { readers: ['2', '3'] }],
    ['was received altered', { receipt: { digest: 'e' } }],
    ['was received in another room', { receipt: { room: 'r2' } }],
    ['is in a room that nobody is planned to read', { room: 'lobby', readers: [] }],
  ])('but not one that %s', (_, fate) => {
    expect(retired([messageOf(1, fate)]).numbers).toEqual([]);
  });

  it.each<[string, Fate]>([
    ['its own sender has not received it', { sender: '2', readers: ['1', '3', '4'] }],
    ['a newcomer has not received it', { readers: ['2', '3', '4'] }],
    ['it is a probe', { purpose: 'probe' }],
  ])('though %s', (_, fate) => {
    expect(retired([messageOf(1, fate)]).numbers).toEqual([1]);
  });

  it('once those whose time comes before they settle are passed over, for good', () => {
    const given = [messageOf(1, { readers: [] }), messageOf(2)];
    const { numbers, retirement } = retired(given);
    expect(numbers).toEqual([2]);
    expect(retirement.holds('abcd1234.1.1')).toBe(false);
  });

  it('only far from every disruption', () => {
    expect(retired([messageOf(1)], { disruptions: [horizon] }).numbers).toEqual([]);
    expect(retired([messageOf(1)], { disruptions: [horizon + 1] }).numbers).toEqual([1]);
    const later = messageOf(1, { sentAt: 200_000 });
    const at = (...disruptions: number[]) => retired([later], { now: 300_000, disruptions }).numbers;
    expect(at(140_000)).toEqual([]);
    expect(at(139_999)).toEqual([1]);
    // The steps of one disruption are near each other: the first of them stands for all within a second.
    expect(at(139_000, 140_000)).toEqual([1]);
    expect(at(138_999, 140_000)).toEqual([]);
  });

  it('never where the replay window is counted in messages', () => {
    const of = { ...header, contract: exactlyOnce({ replayWindow: { messages: 5 } }) };
    expect(retired([messageOf(1)], { of })).toMatchObject({ numbers: [], kept: [1] });
  });

  it('in a long run as in a short one', () => {
    const retirement = new Retirement(header);
    let count = 0;
    for (let number = 0; number < 5_000; number++) {
      const now = number * 1_000;
      count += retirement.enter(messageOf(number, { sentAt: now }), now).leaving.length;
    }
    // Those of the last minute are young.
    expect(count).toBe(5_000 - 61);
    expect(retirement.retired.count()).toBe(count);
    expect(retirement.retired.inRoom('r1').get('1')?.pairs).toEqual([[0, 4_938]]);
  });
});

describe('of what retired', () => {
  const given = [
    messageOf(1, { position: '7' }),
    messageOf(2, { position: 'x', readers: ['2', '3', '4', '1'] }),
    messageOf(1, { sender: '6', room: 'r2', readers: ['7', '8', '9', '5'], position: '9' }),
  ];
  const { retirement } = retired(given);
  const { retired: view } = retirement;

  it('the numbers are known, by room and by sender', () => {
    expect([...view.rooms()]).toEqual(['r1', 'r2']);
    expect([...view.inRoom('r1')].map(([sender, numbers]) => [sender, ...numbers])).toEqual([['1', 1, 2]]);
    expect([...view.inRoom('r2')].map(([sender, numbers]) => [sender, ...numbers])).toEqual([['6', 1]]);
    expect(view.inRoom('r3').size).toBe(0);
  });

  it('the positions are known that are numbers, by room', () => {
    expect([7, 9].map((position) => view.positionsIn('r1').has(position))).toEqual([true, false]);
    expect([7, 9].map((position) => view.positionsIn('r2').has(position))).toEqual([false, true]);
    expect([0, 7].map((position) => view.positionsIn('r3').has(position))).toEqual([false, false]);
    expect(view.positionsIn('r1').has(0)).toBe(false);
  });

  it('the positions are known however many of them have none', () => {
    const all = [5, 7, 9].map((number) => messageOf(number, { position: String(number) }));
    const more = ['x', '1.5', 'y', '', ' ', '06', '6e0', '0x6'].map((position, index) =>
      messageOf(index, { position }),
    );
    const view = retired([...all, ...more]).retirement.retired.positionsIn('r1');
    expect([0, 5, 6, 7, 9].map((position) => view.has(position))).toEqual([false, true, false, true, true]);
  });

  it('are counted: the messages, and their receipts but those of their senders', () => {
    expect([view.count(), view.deliveries()]).toEqual([3, 10]);
  });

  it('the messages are told by their ids and their numbers', () => {
    const ids = ['abcd1234.1.1', 'abcd1234.1.2', 'abcd1234.6.1', 'abcd1234.1.3', 'abcd1234.6.2', 'x'];
    expect(ids.map((id) => retirement.holds(id))).toEqual([true, true, true, false, false, false]);
    expect(retirement.holdsNumber('6', 1)).toBe(true);
    expect(retirement.holdsNumber('6', 2)).toBe(false);
    expect(retirement.holdsNumber('nobody', 1)).toBe(false);
  });

  it('nothing is known while nothing retired', () => {
    const fresh = new Retirement(header);
    expect([fresh.holds('abcd1234.1.1'), fresh.retired.count(), fresh.retired.deliveries()]).toEqual([
      false,
      0,
      0,
    ]);
    expect([...fresh.retired.rooms()]).toEqual([]);
  });
});
