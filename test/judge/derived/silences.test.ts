import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { isOfRestart, silencesOf } from '../../../src/judge/derived/silences.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { arrives, hears, loses, restarts, telling, type Telling } from './telling.js';

const found = (...events: readonly Telling[]) => {
  const { timedOut, unexplained, ...more } = silencesOf(telling({}, ...events));
  const shortly = (all: typeof timedOut) => all.map(({ session, quietMs }) => [session, quietMs]);
  return { ...more, timedOut: shortly(timedOut), unexplained: shortly(unexplained) };
};

/** A connection that is ready at 100 and closed after so long a silence. */
const silent = (session: string, quietMs: number, close: Partial<EventOf<'close'>> = {}): Event[] => [
  ...arrives(97, session),
  { ...loses(100 + quietMs, session, 1, 'network'), ...close },
];
const three = [silent('1', 1_000), silent('2', 1_010), silent('3', 1_020)];

describe('connections that were closed after about the same silence', () => {
  it('were closed by an idle time-out, about as long as the one in the middle', () => {
    expect(found(three)).toEqual({
      timedOut: [
        ['1', 1_000],
        ['2', 1_010],
        ['3', 1_020],
      ],
      unexplained: [],
      longestOutlivedMs: 0,
      idleMs: 1_010,
    });
  });

  it('of fewer than three sessions may be chance', () => {
    expect(found(three.slice(1))).toMatchObject({
      timedOut: [],
      unexplained: [
        ['2', 1_010],
        ['3', 1_020],
      ],
      idleMs: 0,
    });
    const again = [arrives(2_000, '2', { conn: 2 }), loses(3_010, '2', 2, 'network')];
    expect(found(three.slice(1), again).idleMs).toBe(0);
  });

  it('of less than 300 ms may be chance', () => {
    const after = (ms: number) =>
      found(['1', '2', '3'].map((session) => silent(session, ms))).timedOut.length;
    expect(after(299)).toBe(0);
    expect(after(300)).toBe(3);
  });

  it('are alike within 15 % and 100 ms of the shortest', () => {
    expect(found(silent('1', 1_000), silent('2', 1_010), silent('3', 1_250)).timedOut).toHaveLength(3);
    expect(found(silent('1', 1_000), silent('2', 1_010), silent('3', 1_251)).timedOut).toHaveLength(0);
  });

  it('are the largest such group, where there are several', () => {
    const many = [...three, silent('4', 5_000), silent('5', 5_000), silent('6', 5_000), silent('7', 5_000)];
    const outlived = found(many);
    expect(outlived.timedOut.map(([session]) => session)).toEqual(['4', '5', '6', '7']);
    expect(outlived.unexplained.map(([session]) => session)).toEqual(['1', '2', '3']);
    const first = found([...three, silent('4', 5_000), silent('5', 5_000), silent('6', 5_000)]);
    expect(first.timedOut.map(([session]) => session)).toEqual(['1', '2', '3']);
  });

  it('are compared by their length, in whatever order they came', () => {
    const mixed = [silent('1', 5_000), silent('2', 1_000), silent('3', 5_010), silent('4', 4_990)];
    expect(found(mixed)).toMatchObject({
      timedOut: [
        ['4', 4_990],
        ['1', 5_000],
        ['3', 5_010],
      ],
      unexplained: [['2', 1_000]],
      idleMs: 5_000,
    });
  });

  it('begin with the one that has the most like it', () => {
    const spread = [silent('0', 800), silent('1', 1_000), silent('2', 1_100), silent('3', 1_250)];
    expect(found(spread).timedOut.map(([session]) => session)).toEqual(['1', '2', '3']);
  });

  it('were closed by no time-out where a connection outlived a longer silence', () => {
    const outliving = (ms: number) => [arrives(97, '9'), hears(100 + ms, '9', ['1', 1])];
    const limit = 1_010 + 1_010 * 0.15 + 100;
    expect(found(three, outliving(Math.floor(limit)))).toMatchObject({
      ...{ idleMs: 1_010, longestOutlivedMs: Math.floor(limit) },
    });
    expect(found(three, outliving(Math.ceil(limit)))).toMatchObject({ idleMs: 0, timedOut: [] });
    expect(found(three, outliving(Math.ceil(limit))).unexplained).toHaveLength(3);
  });

  it('are known less well by as long as this program stood still itself', () => {
    const stall: Event = { t: 50, kind: 'stall', ms: 40 };
    expect(found(silent('1', 1_000), silent('2', 1_010), silent('3', 1_290), stall).timedOut).toHaveLength(3);
    expect(found(silent('1', 1_000), silent('2', 1_010), silent('3', 1_291), stall).timedOut).toHaveLength(0);
    const after = (ms: number) =>
      found(
        ['1', '2', '3'].map((session) => silent(session, ms)),
        stall,
      ).timedOut.length;
    expect([339, 340].map(after)).toEqual([0, 3]);
    const outliving = (ms: number) => [arrives(97, '9'), hears(100 + ms, '9', ['1', 1])];
    const limit = 1_010 + 1_010 * 0.15 + 100 + 80;
    expect(found(three, stall, outliving(Math.floor(limit))).idleMs).toBe(1_010);
    expect(found(three, stall, outliving(Math.ceil(limit))).idleMs).toBe(0);
    const two: Event[] = [stall, { t: 60, kind: 'stall', ms: 1 }];
    expect(
      [339, 340].map(
        (ms) =>
          found(
            ['1', '2', '3'].map((one) => silent(one, ms)),
            two,
          ).timedOut.length,
      ),
    ).toEqual([0, 3]);
  });
});

describe('a silence', () => {
  it('is as long as nothing was heard before the close, from when it was ready', () => {
    const heard = hears(400, '1', ['2', 1]);
    expect(found(silent('1', 1_000), heard).unexplained).toEqual([['1', 700]]);
    expect(found(silent('1', 1_000), hears(99, '1', ['2', 1])).unexplained).toEqual([['1', 1_000]]);
  });

  it('is none of a session that left itself, was told to go, was cut, or was there in the audit', () => {
    expect(found(silent('1', 1_000, { by: 'session' })).unexplained).toEqual([]);
    expect(found(silent('1', 1_000, { code: 4_000 })).unexplained).toEqual([]);
    expect(found(silent('1', 1_000, { code: 3_999 })).unexplained).toHaveLength(1);
    expect(found(silent('1', 1_000), { t: 1_100, session: '1', kind: 'cut' }).unexplained).toEqual([]);
    const audit = (t: number): Event => ({ t, kind: 'phase', phase: 'audit' });
    expect(found(silent('1', 1_000), audit(1_100)).unexplained).toEqual([]);
    expect(found(silent('1', 1_000), audit(1_101)).unexplained).toHaveLength(1);
  });

  it('is none of a connection that was never ready, or of somebody who is no resident', () => {
    expect(found(silent('1', 1_000).filter(({ kind }) => kind !== 'ready')).unexplained).toEqual([]);
    const sessions = [{ session: '1', role: 'auditor', rooms: ['r1'] } as const];
    expect(silencesOf(telling({ sessions }, silent('1', 1_000))).unexplained).toEqual([]);
  });

  it('was outlived where something was heard after it, or its own session ended it', () => {
    const longest = (...events: readonly Telling[]) => found(...events).longestOutlivedMs;
    expect(longest(arrives(97, '1'), hears(400, '1', ['2', 1]), hears(500, '1', ['2', 2]))).toBe(300);
    expect(longest(silent('1', 900, { by: 'session' }))).toBe(900);
    expect(longest(silent('1', 900, { by: 'session' }), hears(300, '1', ['2', 1]))).toBe(700);
    expect(longest(silent('1', 900, { by: 'session' }), hears(900, '1', ['2', 1]))).toBe(800);
    expect(longest(silent('1', 900, { by: 'network' }))).toBe(0);
    expect(longest(silent('1', 900, { by: 'session' }).filter(({ kind }) => kind !== 'ready'))).toBe(0);
    expect(longest(silent('1', 900, { by: 'session' }), silent('2', 700, { by: 'session' }))).toBe(900);
    expect(longest(arrives(97, '1'))).toBe(0);
    expect(longest()).toBe(0);
  });

  it('is explained by the restart of its own instance, and by that of another one is not', () => {
    const from = (instance: string | undefined) => [
      arrives(10, '2', { instance: 'old' }),
      arrives(97, '1', instance === undefined ? {} : { instance }),
      ...[loses(600, '1', 1, 'network'), restarts(499, 700, { replica: 0 })],
      restarts(2_499, 2_700, { replica: 1, instance: 'other' }),
    ];
    const amount = (instance: string | undefined) =>
      found(from(instance)).unexplained.filter(([session]) => session === '1').length;
    expect(amount('old')).toBe(0);
    expect(amount('other')).toBe(1);
    expect(amount(undefined)).toBe(0);
  });
});

describe('a close that is of a restart', () => {
  it('comes from when that was begun with to a second after its replica was ready again', () => {
    const context = telling({}, arrives(10, '1', { instance: 'old' }), restarts(499, 700), loses(600, '1'));
    const connection = context.facts(connections).get('1')?.connections[0];
    if (!connection) throw new Error('no connection');
    const isIts = [498, 499, 1_699, 1_700].map((t) => isOfRestart(context, connection, t));
    expect(isIts).toEqual([false, true, true, false]);
  });

  it('is of none on an instance that stays', () => {
    const told = [arrives(10, '1', { instance: 'old' }), restarts(499, 700)];
    const context = telling({}, told, arrives(710, '2', { instance: 'new' }));
    const connection = context.facts(connections).get('2')?.connections[0];
    expect(connection && isOfRestart(context, connection, 800)).toBe(false);
  });

  it('is of none where nothing was restarted', () => {
    const context = telling({}, arrives(10, '1', { instance: 'old' }));
    const connection = context.facts(connections).get('1')?.connections[0];
    expect(connection && isOfRestart(context, connection, 600)).toBe(false);
  });
});
