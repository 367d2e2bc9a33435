import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { crossingsOf, unknownSessionsOf } from '../../../src/judge/derived/crossings.js';
import { arrives, hears, loses, says, telling, type Setting, type Telling } from './telling.js';

const sessions = (['chatter', 'chatter', 'newcomer'] as const).map((role, index) => ({
  ...{ session: String(index + 1), role, rooms: ['r1', 'r2'] },
}));

const crossed = (setting: Setting, ...events: readonly Telling[]) =>
  crossingsOf(telling({ sessions, ...setting }, arrives(5, '2'), ...events));

const shortly = (...events: readonly Telling[]) =>
  crossed({}, ...events).map(({ session, from, to, isSame, owed, lost }) => [
    ...[session, from.number, to.number, isSame, owed, lost.map(({ message }) => message.number)],
  ]);

describe('a session that came back on another connection', () => {
  const here = arrives(10, '1', { instance: 'a' });
  const back = arrives(230, '1', { conn: 2, instance: 'b' });
  const canary = [says(400, '2', 99, { purpose: 'canary' }), hears(410, '1', ['2', 99], { conn: 2 })];

  it('crossed from one instance to another, or came back to the same', () => {
    expect(shortly(here, loses(105, '1'), back)).toEqual([['1', 1, 2, false, 0, []]]);
    const same = arrives(230, '1', { conn: 2, instance: 'a' });
    expect(shortly(here, loses(105, '1'), same)).toEqual([['1', 1, 2, true, 0, []]]);
  });

  it('crossed nothing where an instance is not told, nobody came back, or it is no resident', () => {
    expect(shortly(here, loses(105, '1'), arrives(230, '1', { conn: 2 }))).toEqual([]);
    expect(shortly(arrives(10, '1'), loses(105, '1'), back)).toEqual([]);
    expect(shortly(here, loses(105, '1'))).toEqual([]);
    const newcomer = [arrives(10, '3', { instance: 'a' }), loses(20, '3')];
    expect(shortly(newcomer, arrives(30, '3', { conn: 2, instance: 'b' }))).toEqual([]);
    const unready = back.filter(({ kind }) => kind !== 'ready');
    expect(shortly(here, loses(105, '1'), unready)).toEqual([]);
  });

  it('crossed once for each return', () => {
    const third = [loses(300, '1', 2), arrives(330, '1', { conn: 3, instance: 'b' })];
    expect(shortly(here, loses(105, '1'), back, third).map((one) => one.slice(0, 4))).toEqual([
      ['1', 1, 2, false],
      ['1', 2, 3, true],
    ]);
  });

  it('was owed what passed by in this absence, and lost what of it never came', () => {
    const said = [says(150, '2', 1), says(160, '2', 2), hears(240, '1', ['2', 2], { conn: 2 })];
    expect(shortly(here, loses(105, '1'), back, said, canary)).toEqual([['1', 1, 2, false, 2, [1]]]);
    expect(shortly(here, loses(105, '1'), back, said)).toEqual([['1', 1, 2, false, 2, []]]);
    const there = says(300, '2', 3);
    expect(shortly(here, loses(105, '1'), back, there, canary)).toEqual([['1', 1, 2, false, 0, []]]);
  });

  it('is owed nothing that it said itself, or that another room was told while it was not in there', () => {
    const own = says(104, '1', 1, { ackAt: 108 });
    expect(shortly(here, loses(105, '1'), back, own)[0]?.[4]).toBe(0);
    expect(shortly(here, loses(105, '1'), back, says(150, '2', 1, { room: 'r2' }))[0]?.[4]).toBe(0);
  });

  it('is owed of each room until it was in that room again', () => {
    const rooms = ['r1', 'r2'];
    const both = arrives(10, '1', { instance: 'a', rooms });
    const returned = arrives(230, '1', { conn: 2, instance: 'b', rooms: ['r1'] });
    const joined = { t: 236, session: '1', conn: 2, kind: 'joined', room: 'r2' } as const;
    const said = [says(150, '2', 1), says(160, '2', 2, { room: 'r2' })];
    expect(shortly(both, loses(105, '1'), returned, joined, said)[0]?.[4]).toBe(2);
    expect(shortly(both, loses(105, '1'), returned, said)[0]?.[4]).toBe(2);
  });

  it('is owed by each return what passed by before that one', () => {
    const third = [loses(300, '1', 2), arrives(330, '1', { conn: 3, instance: 'a' })];
    const said = [says(150, '2', 1), says(310, '2', 2), says(311, '2', 3)];
    const heard = [says(400, '2', 99, { purpose: 'canary' }), hears(410, '1', ['2', 99], { conn: 3 })];
    expect(shortly(here, loses(105, '1'), back, third, said, heard)).toEqual([
      ['1', 1, 2, false, 1, [1]],
      ['1', 2, 3, false, 2, [2, 3]],
    ]);
  });
});

describe('a session that was refused as one that nobody knows', () => {
  type Refused = EventOf<'refused'>;
  const here = arrives(10, '1', { instance: 'a', token: 't1' });
  const refused = (change: Partial<Refused> = {}, token: string | null = 't1') => {
    const its = { session: '1', conn: 2 } as const;
    const shown = token === null ? {} : { token };
    return [
      { t: 120, ...its, kind: 'connect', door: 'ws', ...shown } as const,
      { t: 121, ...its, kind: 'refused', at: 'handshake', status: 404, ...change } as const,
    ];
  };
  const found = (...events: readonly Telling[]) =>
    unknownSessionsOf(telling({ sessions }, ...events)).map((one) => [
      ...[one.session, one.from.number, one.connect.t, one.refused.t],
    ]);
  const amount = (change: Partial<Refused>) =>
    found(here, loses(105, '1'), refused({ instance: 'b', ...change })).length;

  it('is told by the code of a client that nobody knows', () => {
    expect(found(here, loses(105, '1'), refused({ instance: 'b' }))).toEqual([['1', 1, 120, 121]]);
    const codes = [400, 404, 410, 4_400, 4_404, 4_410];
    expect(codes.map((status) => amount({ status }))).toEqual(codes.map(() => 1));
    expect([401, 403, 409, 500, 503, 4_401].map((status) => amount({ status }))).toEqual(Array(6).fill(0));
  });

  it('is told by what the target says of a session', () => {
    const says = (reason: string) => amount({ status: 500, reason });
    const known = ['session unknown', 'Session ID not found', 'sid invalid', 'session is expired'];
    expect(known.map(says)).toEqual([1, 1, 1, 1]);
    expect(['unknown session', 'No such sid', 'invalid session'].map(says)).toEqual([...[1, 1, 1]]);
    expect(['session: no such thing', 'obsession unknown', 'unknown user', 'session full'].map(says)).toEqual(
      [...[1, 0, 0, 0]],
    );
    expect(['sessions unknown', 'session unknowns', 'an unknown sids', 'xinvalid session'].map(says)).toEqual(
      [...[0, 0, 0, 0]],
    );
    const { status: _, ...untold } = refused({ instance: 'b' })[1] as Refused;
    expect(found(here, loses(105, '1'), refused()[0] ?? [], untold)).toEqual([]);
  });

  it('is none that was refused at the dial, or of whose attempt nothing is told', () => {
    expect(amount({ at: 'dial' })).toBe(0);
    expect(amount({ at: 'sign-in' })).toBe(1);
    expect(found(here, loses(105, '1'), refused()[1] ?? [])).toEqual([]);
  });

  it('is none that the instance that it had left does not know either', () => {
    expect(amount({ instance: 'a' })).toBe(0);
    expect(found(here, loses(105, '1'), refused())).toHaveLength(1);
    const unnamed = arrives(10, '1', { token: 't1' });
    expect(found(unnamed, loses(105, '1'), refused())).toHaveLength(1);
    expect(found(unnamed, loses(105, '1'), refused({ instance: 'a' }))).toHaveLength(1);
  });

  it('is one that was there before, with a token that lets it in', () => {
    expect(found(refused({ instance: 'b' }), arrives(230, '1', { conn: 3, token: 't1' }))).toEqual([]);
    expect(found(here, loses(105, '1'), refused({ instance: 'b' }, 't2'))).toEqual([]);
    expect(found(here, loses(105, '1'), refused({ instance: 'b' }, null))).toHaveLength(1);
    const since = arrives(230, '1', { conn: 3, token: 't2' });
    expect(found(here, loses(105, '1'), refused({ instance: 'b' }, 't2'), since)).toHaveLength(1);
    const unready = since.filter(({ kind }) => kind !== 'ready');
    expect(found(here, loses(105, '1'), refused({ instance: 'b' }, 't2'), unready)).toEqual([]);
  });

  it('comes from the last connection that was ready by then', () => {
    const twice = [here, loses(50, '1'), arrives(117, '1', { conn: 8, instance: 'c', token: 't1' })];
    expect(found(twice, refused({ instance: 'b' }))[0]?.[1]).toBe(8);
    const later = [here, loses(50, '1'), arrives(118, '1', { conn: 8, instance: 'c', token: 't1' })];
    expect(found(later, refused({ instance: 'b' }))[0]?.[1]).toBe(1);
  });

  it('is of residents alone', () => {
    const others = [...arrives(10, '3', { instance: 'a', token: 't1' }), ...refused({ instance: 'b' })];
    expect(found(others.map((event) => ('session' in event ? { ...event, session: '3' } : event)))).toEqual(
      [],
    );
  });
});
