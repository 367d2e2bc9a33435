import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { Archive } from '../../../src/judge/facts/archive.js';
import { Entry } from '../../../src/judge/facts/entry.js';
import type { Inversion } from '../../../src/judge/facts/fronts.js';
import { EventList, InversionList, Numbered, RepeatList } from '../../../src/judge/facts/listed.js';
import { Packing } from '../../../src/judge/facts/packing.js';
import { ReceiptList } from '../../../src/judge/facts/receipts.js';

const run = 'abcd1234';
const packing = () => new Packing(run);
const receive = (number: number, session: string, t = 2): EventOf<'receive'> => ({
  ...{ t, session, kind: 'receive', room: 'r1', message: `${run}.7.${number}`, digest: 'd' },
});
/** Received by these sessions. */
function entry(number: number, ...readers: string[]): Entry {
  const receipts = new ReceiptList(readers.map((reader) => receive(number, reader)));
  const told = { sender: '7', number, send: null, attempts: [], acks: [], unanswered: [], receipts };
  return new Entry(`${run}.7.${number}`, told, true, new Archive(packing()));
}

describe('a list of events', () => {
  it('has them in their order, and is read as often as one asks', () => {
    const list = new EventList<EventOf<'receive'>>(packing());
    expect([list.length, [...list]]).toEqual([0, []]);
    const events = [3, 1, 2].map((number) => receive(number, '2'));
    for (const event of events) list.add(event);
    expect(list.length).toBe(3);
    expect([[...list], [...list]]).toEqual([events, events]);
  });
});

describe('entries by number', () => {
  it('have one number each, however often it is asked for, and are found by it', () => {
    const numbered = new Numbered();
    const [one, other] = [entry(1), entry(2)];
    expect([one, other, one, other].map((each) => numbered.numberOf(each))).toEqual([0, 1, 0, 1]);
    expect([numbered.at(0), numbered.at(1), numbered.at(2)]).toEqual([one, other, undefined]);
    expect(numbered.at(0)).toBe(one);
  });
});

describe('a list of repeats', () => {
  it('has of each what came first, which is what its entry holds of that reader', () => {
    const list = new RepeatList(new Numbered(), packing());
    const [one, other] = [entry(1, '2', '3'), entry(2, '3')];
    const again = [receive(1, '3', 8), receive(2, '3', 9), receive(1, '2', 10)] as const;
    list.add(one, again[0]);
    list.add(other, again[1]);
    list.add(one, again[2]);
    expect(list.length).toBe(3);
    expect([...list]).toEqual([
      { first: receive(1, '3'), again: again[0] },
      { first: receive(2, '3'), again: again[1] },
      { first: receive(1, '2'), again: again[2] },
    ]);
    expect([...list]).toEqual([...list]);
  });

  it('does not know what came first where only the number of the message is remembered', () => {
    const list = new RepeatList(new Numbered(), packing());
    list.add(entry(1, '2'), receive(1, '2', 8));
    list.add(null, receive(5, '2', 9));
    expect([...list].map(({ first }) => first)).toEqual([receive(1, '2'), null]);
  });
});

describe('a list of inversions', () => {
  const inversion = (more: Partial<Inversion<Entry>> = {}): Inversion<Entry> => ({
    ...{ reader: '2', by: 'number', earlier: entry(1, '2'), later: entry(2, '2') },
    ...{ receipt: receive(1, '2'), laterReceipt: receive(2, '2'), ...more },
  });

  it('has the two messages of each, who received them, and how they were told apart', () => {
    const list = new InversionList(new Numbered());
    const [one, other] = [entry(3, '4', '2'), entry(4, '2', '4')];
    const of = { earlier: one, later: other };
    const all = [
      inversion(),
      inversion({ ...of, by: 'position', receipt: receive(3, '2'), laterReceipt: receive(4, '2') }),
      inversion({ ...of, reader: '4', receipt: receive(3, '4'), laterReceipt: receive(4, '4') }),
      inversion({
        ...of,
        reader: '4',
        by: 'position',
        receipt: receive(3, '4'),
        laterReceipt: receive(4, '4'),
      }),
    ];
    for (const each of all) list.add(each);
    expect(list.length).toBe(4);
    expect([...list]).toEqual(all);
    expect([...list].map(({ earlier, later }) => [earlier, later])).toEqual(
      all.map(({ earlier, later }) => [earlier, later]),
    );
    expect([...list][1]?.earlier).toBe(one);
    expect([...list][2]?.later).toBe(other);
  });
});
