import { describe, expect, it } from 'vitest';
import type { Event, EventOf, PlannedDisruption } from '../../../src/history/events.js';
import {
  droppedAgain,
  holdsNone,
  isThereAtTheEnd,
  returnsOf,
  sessionsIn,
  struckOf,
  wasAnyoneThere,
} from '../../../src/judge/derived/returns.js';
import type { Context } from '../../../src/judge/port.js';
import { arrives, loses, restarts, telling, type Setting, type Telling } from './telling.js';

const shortly = (context: Context) =>
  returnsOf(context).map(({ session, how, had, lostAt, back, backAt }) => [
    ...[session, how, had.number, lostAt, back?.number ?? null, backAt],
  ]);
const returnsIn = (setting: Setting, ...events: readonly Telling[]) => shortly(telling(setting, ...events));

const here = arrives(10, '1', { instance: 'old' });
const down = restarts(99, 200);
const again = arrives(230, '1', { conn: 2, instance: 'new' });
const phase = (t: number, name: 'audit' | 'settle'): Event => ({ t, kind: 'phase', phase: name });
const planned: PlannedDisruption = { type: 'restart', services: ['backend'], holdsConnections: true };

describe('a session whose connection was on what was disrupted', () => {
  it('lost it, and came back on the next that was ready', () => {
    expect(returnsIn({}, here, down, loses(105, '1'), again)).toEqual([['1', 'struck', 1, 105, 2, 233]]);
    const atOnce = arrives(102, '1', { conn: 2, instance: 'new' });
    expect(returnsIn({}, here, down, loses(105, '1'), atOnce)).toEqual([['1', 'struck', 1, 105, 2, 105]]);
    const unready = arrives(150, '1', { conn: 2 }).filter(({ kind }) => kind !== 'ready');
    expect(returnsIn({}, here, down, loses(105, '1'), unready, arrives(230, '1', { conn: 3 }))).toEqual([
      ['1', 'struck', 1, 105, 3, 233],
    ]);
  });

  it('may never come back', () => {
    expect(returnsIn({}, here, down, loses(105, '1'))).toEqual([['1', 'struck', 1, 105, null, null]]);
  });

  it('may have noticed nothing: something must get through when the target is ready', () => {
    expect(returnsIn({}, here, down)).toEqual([['1', 'struck', 1, null, 1, 200]]);
    expect(returnsIn({}, here, restarts(99, null))).toEqual([['1', 'struck', 1, null, 1, null]]);
    expect(returnsIn({}, here, down, loses(105, '1', 1, 'session'))).toEqual([
      ['1', 'struck', 1, null, 1, 200],
    ]);
  });

  it('did not lose it by this when it was closed in the audit, or by the next disruption', () => {
    expect(returnsIn({}, here, down, phase(300, 'audit'), loses(300, '1'))[0]?.[3]).toBeNull();
    expect(returnsIn({}, here, down, phase(300, 'audit'), loses(299, '1'))[0]?.[3]).toBe(299);
    const next = restarts(399, 500, { disruption: 1 });
    expect(returnsIn({}, here, down, next, loses(399, '1'))[0]?.[3]).toBeNull();
    expect(returnsIn({}, here, down, next, loses(398, '1'))[0]?.[3]).toBe(398);
  });

  it('lost it by this however late it was noticed, where the next disruption met other connections', () => {
    const next = (more: Partial<EventOf<'disruption'>>) => restarts(399, 500, { disruption: 1, ...more });
    const late = [loses(450, '1'), arrives(530, '1', { conn: 2 })];
    expect(returnsIn({}, here, down, next({ instance: 'new' }), late)).toEqual([
      ['1', 'struck', 1, 450, 2, 533],
    ]);
    const other = { type: 'restart', services: ['worker'], holdsConnections: false };
    const elsewhere = { disruptions: [planned, other] };
    expect(returnsIn(elsewhere, here, down, next({ service: 'worker' }), late)[0]?.[3]).toBe(450);
    // Of one that never struck nobody can have lost anything.
    const [begun = []] = next({});
    expect(returnsIn({}, here, down, begun, late)[0]?.[3]).toBe(450);
  });

  it('was there when it struck, and not gone before it began', () => {
    expect(returnsIn({}, arrives(97, '1', { instance: 'old' }), down)).toHaveLength(1);
    expect(returnsIn({}, arrives(98, '1', { instance: 'old' }), down)).toEqual([]);
    expect(returnsIn({}, here, down, loses(99, '1'))).toHaveLength(1);
    expect(returnsIn({}, here, down, loses(98, '1'))).toEqual([]);
    expect(returnsIn({}, down, again)).toEqual([]);
    const unready = arrives(10, '1', { instance: 'old' }).filter(({ kind }) => kind !== 'ready');
    expect(returnsIn({}, unready, down)).toEqual([]);
  });

  it('was on no other instance, where both are known', () => {
    expect(returnsIn({}, arrives(10, '1', { instance: 'another' }), down)).toEqual([]);
    expect(returnsIn({}, arrives(10, '1'), down)).toHaveLength(1);
    const untold = down.map(({ instance: _, ...one }) => one);
    expect(returnsIn({}, arrives(10, '1', { instance: 'another' }), untold)).toHaveLength(1);
  });

  it('is one that lives through the run', () => {
    const sessions = (['chatter', 'absentee', 'newcomer', 'auditor'] as const).map((role, index) => ({
      ...{ session: String(index + 1), role, rooms: ['r1'] },
    }));
    const all = sessions.map(({ session }) => arrives(10, session, { instance: 'old' }));
    expect(returnsIn({ sessions }, all, down).map(([session]) => session)).toEqual(['1', '2']);
  });

  it('is none where the plan says that it holds no connections', () => {
    const none: Setting = { disruptions: [{ ...planned, holdsConnections: false }] };
    expect(returnsIn(none, here, down)).toEqual([]);
    expect(returnsIn({ disruptions: [] }, here, down)).toHaveLength(1);
  });

  it('is everyone where what is restarted lies beneath the service that holds them', () => {
    const beneath: Setting = { disruptions: [{ ...planned, lacks: { instance: 'it is a database' } }] };
    expect(returnsIn(beneath, arrives(10, '1', { instance: 'another' }), down)).toHaveLength(1);
    const other: Setting = { disruptions: [{ ...planned, lacks: { graceful: 'it is killed' } }] };
    expect(returnsIn(other, arrives(10, '1', { instance: 'another' }), down)).toEqual([]);
  });
});

describe('a session in a rollout', () => {
  const turn = (t: number, replica: number, instance?: string) =>
    restarts(t, t + 101, { replica }).map(({ instance: _, ...one }) =>
      instance !== undefined && one.step === 'begin' ? { ...one, instance } : one,
    );
  const rolled = [turn(99, 0), turn(299, 1), turn(499, 2)];

  it('was on the replica in whose turn it lost its connection, where instances are not told', () => {
    const lost = (t: number) =>
      returnsOf(telling({}, here, rolled, loses(t, '1'))).map(({ blow }) => blow.beginAt);
    expect(lost(98)).toEqual([]);
    expect(lost(99)).toEqual([99]);
    expect(lost(298)).toEqual([99]);
    expect(lost(299)).toEqual([299]);
    expect(lost(500)).toEqual([499]);
  });

  it('was on none of them where it kept its connection, or closed it itself', () => {
    expect(returnsIn({}, here, rolled)).toEqual([]);
    expect(returnsIn({}, here, rolled, loses(105, '1', 1, 'session'))).toEqual([]);
  });

  it('is struck once for each replica that it was on', () => {
    const told = [turn(99, 0, 'a'), turn(299, 1, 'b')];
    const moved = [loses(105, '1'), arrives(110, '1', { conn: 2, instance: 'b' }), loses(305, '1', 2)];
    const found = returnsIn({}, arrives(10, '1', { instance: 'a' }), told, moved);
    expect(found).toEqual([
      ['1', 'struck', 1, 105, 2, 113],
      ['1', 'struck', 2, 305, null, null],
    ]);
    expect(sessionsIn(returnsOf(telling({}, arrives(10, '1', { instance: 'a' }), told, moved)))).toBe(1);
  });

  it('is counted once, however often it is struck', () => {
    const two = [here, arrives(20, '2', { instance: 'old' }), restarts(99, 200)];
    const next = restarts(299, 400, { disruption: 1, instance: 'old' });
    const returns = returnsOf(telling({}, two, next));
    expect([returns.length, sessionsIn(returns)]).toEqual([4, 2]);
  });

  it('is away once, however many turns it is away over', () => {
    const cut: Event[] = [{ t: 50, session: '1', kind: 'cut' }, loses(51, '1', 1, 'network')];
    const uncut: Event = { t: 450, session: '1', kind: 'uncut' };
    const found = returnsIn({}, here, cut, uncut, rolled, arrives(460, '1', { conn: 2 }), loses(505, '1', 2));
    expect(found).toEqual([
      ['1', 'away', 1, 50, 2, 463],
      ['1', 'struck', 2, 505, null, null],
    ]);
    const apart: Event[] = [
      { t: 150, session: '1', kind: 'uncut' },
      ...arrives(160, '1', { conn: 2 }),
      { t: 290, session: '1', kind: 'cut' },
      loses(291, '1', 2, 'network'),
    ];
    expect(returnsIn({}, here, cut, apart, uncut, rolled.slice(0, 2))).toEqual([
      ['1', 'away', 1, 50, 2, 163],
      ['1', 'away', 2, 290, null, null],
    ]);
  });
});

describe('a session whose network was held back', () => {
  const cut = (t: number): Event => ({ t, session: '1', kind: 'cut' });
  const uncut = (t: number): Event => ({ t, session: '1', kind: 'uncut' });

  it('is away from when it was cut to when it is ready again', () => {
    const away = [here, down, cut(50), loses(51, '1', 1, 'network'), uncut(220), again];
    expect(returnsIn({}, ...away)).toEqual([['1', 'away', 1, 50, 2, 233]]);
    expect(returnsIn({}, ...away.slice(0, -1))).toEqual([['1', 'away', 1, 50, null, null]]);
    expect(struckOf(telling({}, ...away))).toEqual([]);
  });

  it('is away at the moment that the disruption struck, and else is not', () => {
    const how = (from: number, to: number) =>
      returnsIn({}, here, down, cut(from), uncut(to), arrives(300, '1', { conn: 2 }))[0]?.[1];
    expect(how(100, 150)).toBe('away');
    expect(how(101, 150)).toBe('struck');
    expect(how(50, 101)).toBe('away');
    expect(how(50, 100)).toBe('struck');
  });

  it('lost nothing by a disruption before, over which its connection lived', () => {
    const paused = [here, down, cut(400), loses(401, '1', 1, 'network'), uncut(500)];
    const later = arrives(510, '1', { conn: 2 });
    expect(returnsIn({}, ...paused, later)).toEqual([['1', 'struck', 1, null, 1, 200]]);
    const itself = [here, down, loses(399, '1', 1, 'network'), cut(400), uncut(500)];
    expect(returnsIn({}, ...itself, later)).toEqual([['1', 'struck', 1, 399, 2, 513]]);
  });

  it('has come back by a connection that was ready since its network was given back', () => {
    const early = arrives(180, '1', { conn: 2 });
    const found = returnsIn({}, here, down, cut(50), early, uncut(183), arrives(300, '1', { conn: 3 }));
    expect(found[0]?.slice(4)).toEqual([2, 183]);
    const later = returnsIn({}, here, down, cut(50), early, uncut(184), arrives(300, '1', { conn: 3 }));
    expect(later[0]?.slice(4)).toEqual([3, 303]);
  });

  it('had the last connection that was ready by then, or is of no account', () => {
    const twice = [here, arrives(30, '1', { conn: 2 }), arrives(60, '1', { conn: 3 })];
    expect(returnsIn({}, twice, down, cut(50), uncut(220))[0]?.[2]).toBe(2);
    expect(returnsIn({}, here, down, cut(13), uncut(220))[0]?.[2]).toBe(1);
    const unready = (t: number, conn: number) =>
      arrives(t, '1', { conn }).filter(({ kind }) => kind !== 'ready');
    const tried = [unready(30, 2), unready(222, 3), arrives(230, '1', { conn: 4 })];
    expect(returnsIn({}, here, tried, down, cut(50), uncut(220))).toEqual([['1', 'away', 1, 50, 4, 233]]);
    expect(returnsIn({}, here, down, cut(12), uncut(220))).toEqual([]);
  });

  it('is of no account where the network was never given back', () => {
    expect(returnsIn({}, here, down, cut(50), loses(51, '1', 1, 'network'))).toEqual([]);
  });
});

describe('whether anyone was there', () => {
  it('is known where somebody was connected, or nothing that holds connections was disrupted', () => {
    const none: Setting = { disruptions: [{ ...planned, holdsConnections: false }] };
    expect(wasAnyoneThere(telling({}, here, down))).toBe(true);
    expect(wasAnyoneThere(telling({}, down))).toBe(false);
    expect(wasAnyoneThere(telling(none, down))).toBe(true);
    expect(holdsNone(telling(none))).toBe(true);
    expect(holdsNone(telling({ disruptions: [] }))).toBe(false);
    const mixed: Setting = { disruptions: [{ ...planned, holdsConnections: false }, planned] };
    expect(holdsNone(telling(mixed))).toBe(false);
  });
});

describe('a connection that broke again', () => {
  const dropped = (setting: Setting, ...events: readonly Telling[]) => {
    const context = telling(setting, here, down, loses(105, '1'), again, ...events);
    const [first] = struckOf(context);
    return first && droppedAgain(context, first).map(({ number }) => number);
  };

  it('is every one since the return that nothing explains', () => {
    expect(dropped({})).toEqual([]);
    expect(dropped({}, loses(233, '1', 2))).toEqual([2]);
    expect(dropped({}, loses(250, '1', 2), arrives(260, '1', { conn: 3 }), loses(280, '1', 3))).toEqual([
      2, 3,
    ]);
    expect(dropped({}, loses(250, '1', 2, 'session'))).toEqual([]);
  });

  it('is none of a session that did not come back', () => {
    const context = telling({}, here, down, loses(105, '1'));
    expect(struckOf(context).map((one) => droppedAgain(context, one))).toEqual([[]]);
  });

  it('is explained by the audit, the next disruption, a blow that took it, and a cut', () => {
    expect(dropped({}, phase(250, 'audit'), loses(250, '1', 2))).toEqual([]);
    expect(dropped({}, phase(250, 'audit'), loses(249, '1', 2))).toEqual([2]);
    const next = restarts(250, 350, { disruption: 1, instance: 'elsewhere' });
    expect(dropped({}, next, phase(300, 'audit'), loses(260, '1', 2))).toEqual([]);
    expect(dropped({}, { t: 240, session: '1', kind: 'cut' }, loses(241, '1', 2, 'network'))).toEqual([]);
    const later = restarts(249, 350, { replica: 1, instance: 'new' });
    expect(dropped({}, later, loses(255, '1', 2))).toEqual([]);
    expect(
      dropped({}, later, arrives(300, '1', { conn: 3 }), loses(255, '1', 2), loses(310, '1', 3)),
    ).toEqual([3]);
  });

  it('was let in, and is none that was there before the return', () => {
    const refused: Event[] = [
      { t: 240, session: '1', conn: 3, kind: 'connect', door: 'ws' },
      loses(241, '1', 3, 'unknown'),
    ];
    expect(dropped({}, refused)).toEqual([]);
    const context = telling(
      {},
      here,
      down,
      arrives(40, '1', { conn: 2 }),
      loses(240, '1', 2),
      loses(105, '1'),
    );
    expect(struckOf(context).map((one) => droppedAgain(context, one))).toEqual([[]]);
    const older = [arrives(40, '1', { conn: 2, instance: 'elsewhere' }), loses(250, '1', 2)];
    const back = arrives(230, '1', { conn: 3, instance: 'new' });
    const still = telling({}, here, down, loses(105, '1'), older, back);
    expect(struckOf(still).map((one) => droppedAgain(still, one))).toEqual([[]]);
  });

  it('explains by blows only what these took: that it was kept explains nothing', () => {
    const kept = telling({}, here, down, phase(300, 'audit'), loses(250, '1', 1, 'network'));
    expect(struckOf(kept).map(({ lostAt }) => lostAt)).toEqual([250]);
  });
});

describe('a session that is there at the end', () => {
  const isThere = (...events: readonly Telling[]) => {
    const context = telling({}, here, down, ...events);
    return returnsOf(context).map((one) => isThereAtTheEnd(context, one));
  };

  it('has a connection that was not lost before the audit', () => {
    expect(isThere()).toEqual([true]);
    expect(isThere(loses(105, '1'))).toEqual([false]);
    expect(isThere(loses(105, '1'), again)).toEqual([true]);
    expect(isThere(loses(105, '1'), again, loses(300, '1', 2, 'session'))).toEqual([true]);
    expect(isThere(phase(300, 'audit'), loses(300, '1'))).toEqual([true]);
    expect(isThere(phase(300, 'audit'), loses(299, '1'))).toEqual([false]);
    const unready = arrives(230, '1', { conn: 2 }).filter(({ kind }) => kind !== 'ready');
    expect(isThere(loses(105, '1'), unready)).toEqual([false]);
  });
});
