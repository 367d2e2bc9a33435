import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { Packing } from '../../../src/judge/facts/packing.js';

const run = 'abcd1234';
const id = `${run}.12.345`;
const receipt = (more: Partial<EventOf<'receive'>> = {}): EventOf<'receive'> => ({
  ...{ t: 1.25, session: '7', kind: 'receive', room: 'r1', message: id, digest: '0123456789abcdef' },
  ...more,
});
const send: EventOf<'send'> = {
  ...{
    t: 1,
    session: '12',
    conn: 1,
    kind: 'send',
    due: 0.5,
    room: 'r1',
    message: id,
    digest: '0123456789abcdef',
  },
};

/** How many bytes these events take where others like them are packed already. */
function bytesOf(events: readonly Event[], packing = new Packing(run)): number {
  packing.add(id, [events]);
  const [from, to] = [packing.add(id, [events]), packing.add(id, [events])];
  return to - from;
}

/** How many of these the second of two events takes. */
const bytesAfter = (first: Event, second: Event) => bytesOf([first, second]) - bytesOf([first]);

/** The lists of a record, as they come back. */
function back(...lists: readonly (readonly Event[])[]): Event[][] {
  const packing = new Packing(run);
  packing.add('another', [[receipt({ session: 'before' })]]);
  const address = packing.add(id, lists);
  packing.add('another', [[receipt({ session: 'after' })]]);
  const unpacking = packing.at(id, address);
  return lists.map(() => unpacking.list());
}

describe('packed events', () => {
  it('come back as they were, in their lists', () => {
    const acks: Event[] = [{ t: 2, session: '12', conn: 1, kind: 'ack', message: id, id, position: '17' }];
    const receipts = [
      receipt(),
      receipt({ session: '8', t: 3, position: '17', id: 'x' }),
      receipt({ session: '9' }),
    ];
    expect(back([send], [], acks, receipts)).toEqual([[send], [], acks, receipts]);
  });

  it('have their fields in the order in which they had them', () => {
    const [[event]] = back([{ kind: 'ack', position: '3', t: 1, message: id, session: '1' }]) as [[Event]];
    expect(Object.keys(event)).toEqual(['kind', 'position', 't', 'message', 'session']);
  });

  const texts = [
    ...['', '0', '17', '007', '-5', '1.5', '999999999999999', '1000000000000000', '123456789012345678'],
    ...[id, `${run}.12.0345`, `${run}.13.1`, `${run}.x.1`, 'other123.12.345', `${run}.12.9007199254740993`],
    ...[
      '0123456789abcdef',
      '0123456789ABCDEF',
      '0123456789abcde',
      '0123456789abcdeg',
      'g123456789abcdef',
      'ü',
      '😀',
      '\ud800',
      '\0',
    ],
  ];
  it.each(texts)('may have any text: %j', (text) => {
    const events = [
      receipt({ id: text }),
      receipt({ position: text }),
      receipt({ session: text, from: text }),
    ];
    expect(
      back(events, [receipt({ digest: text, room: text }), receipt({ message: text, id: text })]),
    ).toEqual([events, [receipt({ digest: text, room: text }), receipt({ message: text, id: text })]]);
  });

  const numbers = [
    0,
    -0,
    1,
    127,
    128,
    0.001,
    -3,
    1e21,
    2 ** 53,
    Number.MAX_SAFE_INTEGER,
    Number.NaN,
    Infinity,
  ];
  it.each(numbers)('may have any number: %d', (number) => {
    const events = [receipt({ t: number, conn: number }), receipt({ t: 1, conn: number })];
    expect(back(events)).toEqual([events]);
  });

  it('may have times that go forth and back, finer and coarser, near and far', () => {
    const times = [1.25, 1.251, 0.75, -3.5, 1_000, 999.999, 2 ** 40 + 0.5, 0.0005, 2 ** 52, 1.25];
    const events = times.map((t) => receipt({ t }));
    expect(back(events)).toEqual([events]);
  });

  it('may have what is neither text nor number', () => {
    const events = [
      receipt({ message: null }),
      receipt({ damaged: true }),
      receipt({ message: null, damaged: true }),
    ];
    expect(back(events)).toEqual([events]);
  });

  it('are the same, whatever the field had before', () => {
    const events = [
      receipt({ room: 'r1' }),
      receipt({ room: 'r2' }),
      receipt({ room: 'r2' }),
      receipt({ room: 'r1' }),
    ];
    expect(back(events, events)).toEqual([events, events]);
  });

  it('have texts of their own where there are too many to be numbered', () => {
    const packing = new Packing(run);
    for (let name = 0; name < 2 ** 16; name++) packing.add('', [[receipt({ session: `filler ${name}` })]]);
    const events = [
      receipt({ session: 'new', from: 'filler 5' }),
      receipt({ message: `${run}.unheard.1`, id: `${run}.99.1` }),
    ];
    const address = packing.add(id, [events]);
    expect(packing.at(id, address).list()).toEqual(events);
    const bytes = (more: Partial<EventOf<'receive'>>) =>
      bytesOf([receipt(more)], packing) - bytesOf([receipt()], packing);
    // A byte for each letter, and one for how many there are.
    expect([bytes({ id: 'unheard of' }), bytes({ id: `${run}.99.1` })]).toEqual([11, 14]);
  });

  it('come back as they were, whatever they are', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom(...texts));
    const event = fc.record(
      {
        t: fc.oneof(
          fc.double(),
          fc.integer().map((thousandths) => thousandths / 1_000),
        ),
        session: text,
        kind: fc.constant('receive'),
        room: text,
        message: fc.option(text),
        digest: text,
        id: text,
        position: text,
        conn: fc.nat(),
        from: text,
      },
      { requiredKeys: ['t', 'kind'] },
    ) as fc.Arbitrary<unknown> as fc.Arbitrary<Event>;
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 5 }), { maxLength: 4 }), (lists) => {
        expect(back(...lists)).toEqual(lists);
      }),
      { numRuns: 30 },
    );
  });
});

describe('how much packed events weigh', () => {
  it('is a count of them, and of each its shape and what it says anew', () => {
    expect(bytesOf([])).toBe(1);
    expect(bytesAfter(receipt(), receipt())).toBe(2);
    expect(bytesAfter(receipt(), receipt({ t: 1.3, session: '8', room: 'r2' }))).toBe(4);
  });

  it('is nothing for the message that they are about, which who asks for them knows', () => {
    const about = (message: string): EventOf<'ack'> => ({ t: 1, session: '7', kind: 'ack', message });
    const [its, another] = [bytesOf([about(id)]), bytesOf([about(`${run}.12.1`)])];
    expect(another - its).toBe(2);
    expect(bytesAfter(about(`${run}.12.1`), { ...about(`${run}.12.1`), id: `${run}.12.1` })).toBe(2);
  });

  it.each([
    ['what its field said before', 'as before', 'as before', 0],
    ['the message', id, 'x', 0],
    ['a small number', '17', 'x', 1],
    ['the largest number', '999999999999999', 'x', 8],
    ['a digest', '0123456789abcdef', 'x', 9],
    ['a digest that begins with zeros', '0000000000000001', 'x', 2],
    ['a digest that ends with zeros', '0000000100000000', 'x', 2],
    ['another message of the run', `${run}.12.346`, 'x', 3],
    ['a text that is said often', 'a room with a long name', 'x', 1],
  ])('is little for a text: %s', (_, text, before, bytes) => {
    const [first, second] = [receipt({ position: before }), receipt({ position: text })];
    expect(bytesAfter(first, second) - 2).toBe(bytes);
    expect(back([first, second])).toEqual([[first, second]]);
  });

  it.each([
    [3, 70_000, 1],
    [127, 70_000, 1],
    [128, 70_000, 2],
    [999, 70_000, 2],
    [1_000, 1_000, 1],
    [70_000, 70_000, 1],
    [70_000.063, 70_000, 1],
    [69_999.936, 70_000, 1],
    [70_000.064, 70_000, 2],
    [69_999.935, 70_000, 2],
    [70_000.0005, 70_000, 8],
    [2 ** 41, 70_000, 8],
  ])('is little for a number that is small, or near the one before: %d after %d', (t, before, bytes) => {
    expect(bytesAfter(receipt({ t: before }), receipt({ t })) - 1).toBe(bytes);
  });

  it('stays little where there were so many digests, messages and numbers: only other texts use up what is numbered', () => {
    const packing = new Packing(run);
    for (let at = 0; at < 2 ** 16; at++) {
      const digest = at.toString(16).padStart(16, '0');
      packing.add(id, [[receipt({ digest, message: `${run}.12.${at}`, position: String(at) })]]);
    }
    const events = [receipt({ room: 'a room with a long name' })];
    expect(bytesOf(events, packing)).toBe(bytesOf(events));
  });
});
