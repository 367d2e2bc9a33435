import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { lanesOf, refusalsOf } from '../../../src/judge/derived/lanes.js';
import { arrives, hears, idOf, loses, restarts, says, telling, type Telling } from './telling.js';

const turn = (t: number, readyAt: number, replica: number, from: string, to: string) =>
  restarts(t, readyAt, { replica, instance: from }).map((one) =>
    one.step === 'ready' ? { ...one, instance: to } : one,
  );
/** `a` becomes `a2` at 1,200, `b` becomes `b2` at 2,400; between 1,200 and 2,300 an old and a new one are side by side. */
const rollout = [turn(999, 1_200, 0, 'a', 'a2'), turn(2_299, 2_400, 1, 'b', 'b2')];
const there = [
  [arrives(10, '1', { instance: 'a' }), arrives(20, '2', { instance: 'a' })],
  [arrives(30, '3', { instance: 'b' }), arrives(40, '4', { instance: 'b' })],
];

describe('the lanes of a message', () => {
  const lanesIn = (...events: readonly Telling[]) =>
    [...lanesOf(telling({}, there, rollout, ...events))].map(({ message, from, to, across, missing }) => [
      ...[message.number, from.instance, to.instance, across, missing],
    ]);

  it('go from the instance that took it to each that held a reader, with those who never received it', () => {
    expect(lanesIn(says(100, '1', 1))).toEqual([
      [1, 'a', 'a', 'same', ['2']],
      [1, 'a', 'b', 'generation', ['3', '4']],
    ]);
    const heard = [hears(102, '2', ['1', 1]), hears(103, '4', ['1', 1])];
    expect(lanesIn(says(100, '1', 1), heard)).toEqual([
      [1, 'a', 'a', 'same', []],
      [1, 'a', 'b', 'generation', ['3']],
    ]);
  });

  it('go between two versions where one was from before its restart, and one from after', () => {
    const moved = [loses(1_005, '1'), arrives(1_300, '1', { conn: 2, instance: 'a2' })];
    expect(lanesIn(moved, says(1_400, '1', 1, { conn: 2 })).filter(([, , to]) => to === 'b')).toEqual([
      [1, 'a2', 'b', 'version', ['3', '4']],
    ]);
  });

  it('are those of readers who were in the room all the while', () => {
    const to = (...events: readonly Telling[]) =>
      lanesIn(...events).flatMap(([, , instance, , missing]) => (instance === 'b' ? [missing] : []));
    const leaves = (t: number): Event => ({ t, session: '3', conn: 1, kind: 'leave', room: 'r1' });
    expect(to(leaves(101), says(100, '1', 1))).toEqual([['4']]);
    expect(to(leaves(102), says(100, '1', 1))).toEqual([['3', '4']]);
    const rejoined: Event = { t: 60, session: '3', conn: 1, kind: 'joined', room: 'r1' };
    expect(to({ ...leaves(50) }, rejoined, says(100, '1', 1))).toEqual([['3', '4']]);
    expect(to(says(100, '1', 1, { room: 'r2' }))).toEqual([]);
    const joined: Event = { t: 100, session: '5', conn: 1, kind: 'joined', room: 'r1' };
    const late = arrives(50, '5', { instance: 'b', rooms: [] });
    expect(to(late, joined, says(100, '1', 1))).toEqual([['3', '4']]);
    expect(to(late, { ...joined, t: 99 }, says(100, '1', 1))).toEqual([['3', '4', '5']]);
  });

  it('are those of readers whose connection stood from before it was sent until some time after its promise', () => {
    const to = (...events: readonly Telling[]) =>
      lanesIn(...events).flatMap(([, , instance, , missing]) => (instance === 'b' ? [missing] : []));
    expect(to(says(100, '1', 1), loses(351, '3'))).toEqual([['4']]);
    expect(to(says(100, '1', 1), loses(352, '3'))).toEqual([['3', '4']]);
    const joins = [
      { t: 60, session: '5', conn: 1, kind: 'joined', room: 'r1' },
      { t: 100, session: '5', conn: 1, kind: 'ready', claims: 'unstated' },
    ] as const;
    const opened: Event = { t: 50, session: '5', conn: 1, kind: 'open', instance: 'b' };
    expect(to(opened, joins, says(100, '1', 1))).toEqual([['3', '4', '5']]);
    expect(to(opened, joins, says(99, '1', 1))).toEqual([['3', '4']]);
    expect(to(opened, joins[0], says(99, '1', 1))).toEqual([['3', '4']]);
  });

  it('lead to no reader whose instance is not known, and from no sender whose is not', () => {
    expect(lanesIn(arrives(50, '5'), says(100, '1', 1))).toHaveLength(2);
    expect(lanesIn(arrives(50, '5'), says(100, '5', 1))).toEqual([]);
    const stranger = says(100, '7', 1);
    expect(lanesIn(stranger)).toEqual([]);
  });

  it('are those of residents', () => {
    const sessions = [{ session: '3', role: 'newcomer', rooms: ['r1'] } as const];
    const found = [...lanesOf(telling({ sessions }, there, rollout, says(100, '1', 1)))];
    expect(found.map(({ missing }) => missing)).toEqual([['2'], ['4']]);
  });

  it('are none of what was not promised, sent more than once, or sent as its connection broke', () => {
    expect(lanesIn(says(100, '1', 1, { ackAt: null }))).toEqual([]);
    const again: Event = {
      ...{ t: 150, session: '1', conn: 1, kind: 'written', message: idOf('1', 1), attempt: 2 },
    };
    expect(lanesIn(says(100, '1', 1), again)).toEqual([]);
    expect(lanesIn(says(100, '1', 1).filter(({ kind }) => kind !== 'written'))).toEqual([]);
    expect(lanesIn(says(100, '1', 1), loses(351, '1'))).toEqual([]);
    expect(lanesIn(says(100, '1', 1), loses(352, '1'))).toHaveLength(2);
    const unannounced = says(100, '1', 1).filter(({ kind }) => kind !== 'send');
    expect(lanesIn(unannounced)).toEqual([]);
  });
});

describe('what was refused in a rollout', () => {
  const nack = (t: number, session: string, number: number): Event => ({
    ...{ t, session, conn: 1, kind: 'nack', message: idOf(session, number), reason: 'v2' },
  });
  const refusalsIn = (...events: readonly Telling[]) => {
    const { sideBySide, ...more } = refusalsOf(telling({}, there, rollout, ...events));
    return { ...more, sideBySide: sideBySide.map(({ t }) => t) };
  };
  const refused = (t: number, session: string, number: number) => [
    says(t, session, number, { ackAt: null }),
    nack(t + 5, session, number),
  ];

  it('was refused while an old instance and a new one were ready side by side, or otherwise', () => {
    const found = refusalsIn(
      refused(500, '3', 1),
      refused(1_500, '3', 2),
      says(1_600, '3', 3),
      says(600, '3', 4),
    );
    expect(found).toEqual({ sideBySide: [1_505], otherwise: 1, offeredSideBySide: 2, offered: 4 });
  });

  it('was side by side from when the new one was ready to when the last old one was asked to leave', () => {
    const at = (t: number) => refusalsIn(refused(t - 5, '3', 1)).sideBySide.length;
    expect([1_199, 1_200, 2_299, 2_300, 2_400].map(at)).toEqual([0, 1, 1, 0, 0]);
    const offered = (t: number) => refusalsIn(says(t, '3', 1)).offeredSideBySide;
    expect([1_199, 1_200, 2_299, 2_300, 2_400].map(offered)).toEqual([0, 1, 1, 0, 0]);
  });

  it('counts each message once, by its first refusal', () => {
    const again: Event = {
      ...{ t: 1_550, session: '3', conn: 1, kind: 'written', message: idOf('3', 1), attempt: 2 },
    };
    const found = refusalsIn(refused(1_500, '3', 1), again, nack(1_555, '3', 1));
    expect(found).toEqual({ sideBySide: [1_505], otherwise: 0, offeredSideBySide: 1, offered: 1 });
    const first: Event = {
      ...{ t: 1_495, session: '3', kind: 'unoffered', message: idOf('3', 1), reason: 'no connection' },
    };
    expect(refusalsIn(first, refused(1_500, '3', 1)).sideBySide).toEqual([1_505]);
  });

  it('was offered to the target by a resident, as its own history announced', () => {
    const sessions = [{ session: '3', role: 'newcomer', rooms: ['r1'] } as const];
    const context = telling({ sessions }, there, rollout, refused(1_500, '3', 1));
    expect(refusalsOf(context).offered).toBe(0);
    expect(refusalsIn(says(1_500, '3', 1).filter(({ kind }) => kind !== 'written')).offered).toBe(0);
    expect(refusalsIn(says(1_500, '3', 1).filter(({ kind }) => kind !== 'send')).offered).toBe(0);
  });

  it('was none of what was promised after all', () => {
    expect(refusalsIn(says(1_500, '3', 1, { ackAt: 1_600 }), nack(1_505, '3', 1))).toMatchObject({
      ...{ sideBySide: [], otherwise: 0, offered: 1 },
    });
  });
});
