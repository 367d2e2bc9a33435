import { describe, expect, it } from 'vitest';
import type { Event, PlannedSession } from '../../../src/history/events.js';
import { duplicatesOf } from '../../../src/judge/derived/repeats.js';
import {
  arrives,
  hears,
  idOf,
  loses,
  reading,
  says,
  telling,
  type Entry,
  type Setting,
  type Telling,
} from './telling.js';

const said = says(100, '1', 1);
const here = arrives(10, '2');
const heard = hears(105, '2', ['1', 1], { position: '5' });
const found = (setting: Setting, ...events: readonly Telling[]) => {
  const { received, askedFor, takenForNew } = duplicatesOf(telling(setting, ...events));
  const faults = [...received].map(({ fault }) => fault);
  expect(received.length).toBe(faults.length);
  return { faults, askedFor, taken: takenForNew.length };
};
const received = (...events: readonly Telling[]) => found({}, said, here, ...events);

describe('a message that was received twice', () => {
  it('is the fault of the target where it came twice on one connection', () => {
    const again = hears(120, '2', ['1', 1], { position: '5' });
    expect(received(heard, again)).toEqual({ faults: ['same-connection'], askedFor: 0, taken: 0 });
    expect(received(heard)).toEqual({ faults: [], askedFor: 0, taken: 0 });
    const other = arrives(110, '2', { conn: 2 });
    expect(received(heard, other, again).faults).toEqual(['same-connection']);
  });

  it('is so where connections are not numbered, and none was opened in between', () => {
    const bare = (t: number): Event => {
      const { conn: _, ...event } = hears(t, '2', ['1', 1]);
      return event;
    };
    expect(received(bare(105), bare(120)).faults).toEqual(['same-connection']);
    expect(received(heard, bare(120)).faults).toEqual(['same-connection']);
    expect(received(bare(104), heard).faults).toEqual(['same-connection']);
    const ready = (t: number): Event => ({ t, session: '2', conn: 2, kind: 'ready', claims: 'unstated' });
    expect(received(bare(105), loses(110, '2'), ready(115), bare(120)).faults).toEqual([]);
    expect(received(bare(105), loses(110, '2'), ready(120), bare(120)).faults).toEqual([]);
    expect(received(bare(105), loses(110, '2'), ready(121), bare(120)).faults).toEqual(['same-connection']);
    expect(received(bare(105), loses(104, '2'), ready(105), bare(120)).faults).toEqual(['same-connection']);
    const opened: Event = { t: 115, session: '2', conn: 2, kind: 'open' };
    expect(received(bare(105), loses(110, '2'), opened, bare(120)).faults).toEqual(['same-connection']);
    expect(received(heard, loses(110, '2'), ready(115), bare(120)).faults).toEqual([]);
    const stranger = duplicatesOf(telling({}, said, bare(105), bare(120))).received;
    expect([...stranger].map(({ fault }) => fault)).toEqual(['same-connection']);
  });

  const returned = (cursor: string | undefined, position: string | undefined, t = 240) => [
    ...[loses(110, '2'), arrives(230, '2', { conn: 2, ...(cursor === undefined ? {} : { cursor }) })],
    hears(t, '2', ['1', 1], { conn: 2, ...(position === undefined ? {} : { position }) }),
  ];

  it('is the fault of the target where it is not after the cursor that was sent', () => {
    expect(received(heard, returned('5', '5')).faults).toEqual(['not-after-cursor']);
    expect(received(heard, returned('6', '5')).faults).toEqual(['not-after-cursor']);
    expect(received(heard, returned('4', '5'))).toEqual({ faults: [], askedFor: 1, taken: 0 });
    expect(received(heard, returned(undefined, '5')).askedFor).toBe(1);
    expect(received(heard, returned('5', undefined)).askedFor).toBe(1);
  });

  it('is not after a cursor that is no number, where it was read before that was sent', () => {
    expect(received(heard, returned('abc', 'abb')).faults).toEqual(['not-after-cursor']);
    const late = [loses(110, '2'), arrives(230, '2', { conn: 2, cursor: 'abc' })];
    const twice = (first: number) => [
      hears(first, '2', ['1', 1], { conn: 3, position: 'abb' }),
      hears(240, '2', ['1', 1], { conn: 2, position: 'abb' }),
    ];
    expect(received(late, twice(230)).faults).toEqual(['not-after-cursor']);
    expect(received(late, twice(231)).faults).not.toContain('not-after-cursor');
  });

  it('is a ghost where the connection before still stood', () => {
    const alive = [arrives(230, '2', { conn: 2 }), hears(240, '2', ['1', 1], { conn: 2, position: '5' })];
    expect(received(heard, alive).faults).toEqual(['ghost-twin']);
    const before = [arrives(50, '2', { conn: 2 }), hears(120, '2', ['1', 1], { conn: 2, position: '5' })];
    expect(received(heard, before).faults).toEqual(['ghost-twin']);
    expect(received(heard, alive, loses(241, '2')).faults).toEqual(['ghost-twin']);
    expect(received(heard, alive, loses(240, '2')).faults).toEqual([]);
  });

  it('is the fault of the target where it was asked for what comes after, and came at another place', () => {
    expect(received(heard, returned('5', '9')).faults).toEqual(['another-place']);
    expect(received(heard, returned(undefined, '9')).faults).toEqual([]);
  });

  it('is asked for as a second message where its sender sent it again, without idempotency', () => {
    const written: Event = {
      ...{ t: 200, session: '1', conn: 1, kind: 'written', message: idOf('1', 1), attempt: 2 },
    };
    const setting: Setting = { contract: { idempotent: false } };
    expect(found(setting, said, here, heard, written, returned('5', '9'))).toMatchObject({ askedFor: 1 });
    expect(found(setting, said, here, heard, returned('5', '9')).faults).toEqual(['another-place']);
    // With it, the second copy is no repeat of its own: the message was taken for a new one.
    expect(found({}, said, here, heard, written, returned('5', '9'))).toEqual({
      ...{ faults: [], askedFor: 0, taken: 1 },
    });
    const same = hears(250, '2', ['1', 1], { conn: 2, position: '5' });
    const both = found({}, said, here, heard, written, returned('5', '9'), same);
    expect(both).toEqual({ faults: ['not-after-cursor'], askedFor: 0, taken: 1 });
  });

  it('may be so old that only its number is remembered', () => {
    const sessions: readonly PlannedSession[] = ['1', '2'].map((session) => ({
      ...{ session, role: 'chatter', rooms: ['r1'] },
    }));
    const old = [said, here, heard, says(80_000, '1', 2)];
    const again = (conn: number) => hears(80_100, '2', ['1', 1], { conn, position: '5' });
    expect(found({ sessions }, old, again(1))).toEqual({ faults: [], askedFor: 1, taken: 0 });
    const back = arrives(80_050, '2', { conn: 2, cursor: '7' });
    expect(found({ sessions }, old, back, again(2)).faults).toEqual(['not-after-cursor']);
    const words = arrives(80_050, '2', { conn: 2, cursor: 'x' });
    expect(found({ sessions }, old, words, again(2)).faults).toEqual(['not-after-cursor']);
  });
});

describe('a message that is stored twice', () => {
  const stored = (...events: readonly Telling[]) =>
    duplicatesOf(telling({}, ...events)).stored.map(({ message, room, entries }) => [
      ...[message, room, entries.map(({ t, index }) => `${t} ${index}`)],
    ]);
  const one: Entry = { of: ['1', 1], id: 'x', position: '1' };
  const copy: Entry = { of: ['1', 1], id: 'y', position: '2' };
  const two: Entry = { of: ['1', 2], id: 'z', position: '3' };

  it('stands at two places of one read, under two ids or positions', () => {
    expect(stored(reading(500, 'after', [one, two, copy]))).toEqual([
      [idOf('1', 1), 'r1', ['501 0', '501 2']],
    ]);
    expect(stored(reading(500, 'after', [one, { ...one, id: 'y' }]))).toHaveLength(1);
    expect(stored(reading(500, 'after', [one, { ...one, position: '9' }]))).toHaveLength(1);
    expect(stored(reading(500, 'after', [one, two]))).toEqual([]);
  });

  it('is shown twice by the paging where both are one entry, if entries have names', () => {
    expect(stored(reading(500, 'after', [one, one]))).toEqual([]);
    expect(
      stored(
        reading(500, 'after', [
          { of: ['1', 1], id: 'x' },
          { of: ['1', 1], id: 'x' },
        ]),
      ),
    ).toEqual([]);
    const at: Entry = { of: ['1', 1], position: '1' };
    expect(stored(reading(500, 'after', [at, at]))).toEqual([]);
    const bare: Entry = { of: ['1', 1] };
    expect(stored(reading(500, 'after', [bare, bare]))).toHaveLength(1);
    expect(stored(reading(500, 'after', [bare, one]))).toHaveLength(1);
  });

  it('is none in two reads, nor of texts that are not of this run', () => {
    expect(stored(reading(500, 'after', [one]), reading(600, 'after', [copy]))).toEqual([]);
    const foreign: Entry = { of: null, digest: 'd' };
    expect(stored(reading(500, 'after', [foreign, foreign]))).toEqual([]);
    expect(stored(reading(500, 'after', [foreign, foreign, one, copy]))).toHaveLength(1);
  });

  it('is compared with its first entry, however often it stands there', () => {
    const third: Entry = { of: ['1', 1], id: 'z', position: '3' };
    expect(stored(reading(500, 'after', [one, copy, third]))).toEqual([
      [idOf('1', 1), 'r1', ['501 0', '501 1']],
      [idOf('1', 1), 'r1', ['501 0', '501 2']],
    ]);
  });

  it('is told of each room, from the first of its reads that shows any, those after the restart first', () => {
    const before = reading(50, 'before', [one, copy]);
    expect(stored(before, reading(500, 'after', [one, copy])).map(([, , at]) => at)).toEqual([
      ['501 0', '501 1'],
    ]);
    expect(stored(before, reading(500, 'after', [one])).map(([, , at]) => at)).toEqual([['51 0', '51 1']]);
    const elsewhere = reading(500, 'after', [one, copy], { room: 'r2' });
    expect(stored(before, elsewhere).map(([, room]) => room)).toEqual(['r1', 'r2']);
  });
});
