import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { connections, isCutAt, type Line } from '../../../src/judge/facts/connections.js';
import { Story } from '../story.js';

const { header } = new Story();

function lineOf(...events: Event[]): Line {
  const fold = connections.start(header);
  for (const event of events) fold.see(event);
  const line = fold.view.get('1');
  if (!line) throw new Error('session 1 said nothing');
  return line;
}

const of = { session: '1' } as const;

describe('the connection ledger', () => {
  it('takes attempts that came to nothing for attempts at the same connection', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'connect', door: 'ws', token: 'a' },
      { t: 2, ...of, conn: 1, kind: 'refused', at: 'handshake', status: 503 },
      { t: 9, ...of, conn: 1, kind: 'connect', door: 'ws', token: 'a' },
      { t: 10, ...of, conn: 1, kind: 'open' },
    );
    expect(line.connections).toHaveLength(1);
    expect(line.connections[0]?.connect?.t).toBe(9);
    expect(line.attempts).toEqual([1, 9]);
    expect(line.refusals).toMatchObject([{ event: { status: 503 }, connect: { token: 'a' } }]);
  });

  it('numbers the connections of clients that do not', () => {
    const line = lineOf(
      { t: 1, ...of, kind: 'connect', door: 'ws' },
      { t: 2, ...of, kind: 'open' },
      { t: 3, ...of, kind: 'close', by: 'target' },
      { t: 4, ...of, kind: 'connect', door: 'ws' },
      { t: 5, ...of, kind: 'open' },
    );
    expect(line.connections.map(({ number, open }) => [number, open?.t])).toEqual([
      [1, 2],
      [2, 5],
    ]);
  });

  it('keeps what comes late with the connection that it names', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'open' },
      { t: 5, ...of, conn: 2, kind: 'open' },
      { t: 4, ...of, conn: 1, kind: 'close', by: 'target', code: 1012 },
    );
    expect(line.connections.map(({ close }) => close?.code)).toEqual([1012, undefined]);
  });

  it('lets a stay last over lost connections, and end where a leave begins', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'join', room: 'r1' },
      { t: 2, ...of, conn: 1, kind: 'joined', room: 'r1' },
      { t: 3, ...of, conn: 1, kind: 'close', by: 'network' },
      { t: 4, ...of, conn: 2, kind: 'join', room: 'r1', cursor: '7' },
      { t: 5, ...of, conn: 2, kind: 'joined', room: 'r1' },
      { t: 6, ...of, conn: 2, kind: 'leave', room: 'r1' },
      { t: 7, ...of, conn: 2, kind: 'left', room: 'r1' },
      { t: 8, ...of, conn: 2, kind: 'joined', room: 'r1' },
    );
    expect(line.stays.get('r1')).toEqual([
      { from: 2, to: 6 },
      { from: 8, to: null },
    ]);
    expect(line.connections[1]?.joins.get('r1')).toEqual({ askedAt: 4, joinedAt: 5, cursor: '7' });
  });

  it('knows when the network was held back', () => {
    const line = lineOf(
      { t: 10, ...of, kind: 'cut' },
      { t: 20, ...of, kind: 'uncut' },
      { t: 30, ...of, kind: 'cut' },
    );
    expect([5, 10, 19, 20, 40].map((t) => isCutAt(line, t))).toEqual([false, true, true, false, true]);
  });
});

describe('a connection', () => {
  const connect = (t: number, conn?: number): Event => ({
    ...{ t, ...of, kind: 'connect', door: 'ws' },
    ...(conn === undefined ? {} : { conn }),
  });
  const receive = (t: number, conn?: number): Event => ({
    ...{ t, ...of, kind: 'receive', room: 'r1', message: null, digest: 'd' },
    ...(conn === undefined ? {} : { conn }),
  });
  const ready = (t: number): Event => ({ t, ...of, conn: 1, kind: 'ready', claims: 'fresh' });
  const only = (...events: Event[]) => lineOf(...events).connections[0];

  it('has the first of what happens to it once', () => {
    const [open, close]: Event[] = [
      { t: 2, ...of, conn: 1, kind: 'open' },
      { t: 4, ...of, conn: 1, kind: 'close', by: 'target' },
    ];
    const later = [open, ready(3), close].flatMap((event) => (event ? [{ ...event, t: event.t + 10 }] : []));
    expect(
      only(connect(1, 1), ...[open, ready(3), close].flatMap((event) => event ?? []), ...later),
    ).toMatchObject({
      ...{ number: 1, connect: connect(1, 1), open, ready: ready(3), close },
    });
  });

  it('is nothing yet when it begins', () => {
    expect(only(connect(1, 1))).toEqual({
      ...{ number: 1, connect: connect(1, 1), open: null, ready: null, close: null, lastTraffic: null },
      ...{ longestQuietMs: 0, lastProofAt: 1, lastCauseAt: 1, joins: new Map() },
    });
  });

  it('is another one for each attempt after one that opened, and the same for each that did not', () => {
    const open: Event = { t: 2, ...of, kind: 'open' };
    expect(lineOf(connect(1), open, connect(3)).connections.map(({ number }) => number)).toEqual([1, 2]);
    expect(lineOf(connect(1, 7), connect(3)).connections.map(({ number }) => number)).toEqual([7, 8]);
    expect(lineOf(connect(1, 7), connect(3, 7)).connections.map(({ connect: its }) => its?.t)).toEqual([3]);
    expect(lineOf(connect(1, 7), { ...open, conn: 7 }, connect(3, 7)).connections).toHaveLength(2);
  });

  it('that is told of without a number is the latest, and the first where there is none', () => {
    expect(only(receive(5))).toMatchObject({ number: 1, lastTraffic: receive(5) });
    const line = lineOf(connect(1, 1), connect(2, 2), receive(3));
    expect(line.connections.map(({ lastTraffic }) => lastTraffic?.t)).toEqual([undefined, 3]);
    expect(only(receive(5, 4))?.number).toBe(4);
  });

  it('has proved to live by the last that came on it, of whatever kind', () => {
    const proofs = [
      receive(5, 1),
      { t: 5, ...of, conn: 1, kind: 'ack', message: 'm' },
      { t: 5, ...of, conn: 1, kind: 'open' },
      ready(5),
      { t: 5, ...of, conn: 1, kind: 'joined', room: 'r1' },
    ] as const;
    for (const proof of proofs) {
      expect(only(connect(1, 1), proof)?.lastProofAt, proof.kind).toBe(5);
      expect(only(connect(1, 1), receive(9, 1), proof)?.lastProofAt, proof.kind).toBe(9);
    }
    expect(only(connect(1, 1), { t: 5, ...of, conn: 1, kind: 'join', room: 'r1' })?.lastProofAt).toBe(1);
  });

  it('was surely held when the message was first sent that came on it, however late that was read', () => {
    const held = (...events: Event[]) => only(...events)?.lastCauseAt;
    const sends = (t: number, message: string): Event => ({
      ...{ t, session: '2', kind: 'send', message, room: 'r1', due: t, digest: 'd' },
    });
    const ack: Event = { t: 9, ...of, conn: 1, kind: 'ack', message: 'm' };
    const heard: Event = { t: 9, ...of, conn: 1, kind: 'receive', room: 'r1', message: 'm', digest: 'd' };
    for (const proof of [heard, ack]) {
      expect(held(connect(1, 1), sends(4, 'm'), sends(6, 'm'), proof), proof.kind).toBe(4);
      expect(held(connect(5, 1), sends(4, 'm'), proof), proof.kind).toBe(5);
      expect(held(connect(1, 1), sends(4, 'other'), proof), proof.kind).toBe(9);
      expect(held(connect(1, 1), sends(4, 'm'), ready(7), proof), proof.kind).toBe(7);
    }
    const foreign: Event = { t: 9, ...of, conn: 1, kind: 'receive', room: 'r1', message: null, digest: 'd' };
    expect(held(connect(1, 1), sends(4, 'm'), foreign)).toBe(9);
    const many = Array.from({ length: 4_095 }, (_, index) => sends(4, `${index}`));
    expect(held(connect(1, 1), sends(4, 'm'), ...many, heard)).toBe(4);
    expect(held(connect(1, 1), sends(4, 'm'), ...many, sends(4, 'last'), heard)).toBe(9);
  });

  it('has its longest silence from when it was ready, after which it spoke again', () => {
    expect(only(ready(10), receive(14, 1), receive(30, 1), receive(35, 1))?.longestQuietMs).toBe(16);
    expect(only(ready(10), receive(40, 1), receive(45, 1))?.longestQuietMs).toBe(30);
    expect(only(connect(1, 1), receive(40, 1))?.longestQuietMs).toBe(0);
    expect(only(receive(2, 1), ready(10), receive(14, 1))?.longestQuietMs).toBe(4);
  });

  it('has its last receipt or acknowledgement', () => {
    const ack: Event = { t: 6, ...of, conn: 1, kind: 'ack', message: 'm' };
    expect(only(receive(5, 1), ack)?.lastTraffic).toBe(ack);
    expect(only(ack, ready(9))?.lastTraffic).toBe(ack);
  });

  it('has the rooms that were joined on it, asked for or not', () => {
    const join: Event = { t: 1, ...of, conn: 1, kind: 'join', room: 'r1' };
    const joined: Event = { t: 2, ...of, conn: 1, kind: 'joined', room: 'r1' };
    const joins = (...events: Event[]) => only(...events)?.joins;
    expect(joins(join)).toEqual(new Map([['r1', { askedAt: 1, joinedAt: null }]]));
    expect(joins(join, joined, { ...joined, t: 5 })).toEqual(new Map([['r1', { askedAt: 1, joinedAt: 2 }]]));
    expect(joins(joined)).toEqual(new Map([['r1', { askedAt: 2, joinedAt: 2 }]]));
    expect(joins({ ...join, cursor: '' })?.get('r1')?.cursor).toBe('');
    expect(joins(join)?.get('r1')).not.toHaveProperty('cursor');
  });
});

describe('a session', () => {
  it('is told of apart from others', () => {
    const fold = connections.start(header);
    for (const [t, session] of [
      [1, '1'],
      [2, '2'],
      [3, '1'],
    ] as const) {
      fold.see({ t, session, kind: 'cut' });
    }
    fold.see({ t: 9, kind: 'note', text: 'of nobody' });
    expect([...fold.view].map(([name, { session, cuts }]) => [name, session, cuts.length])).toEqual([
      ['1', '1', 2],
      ['2', '2', 1],
    ]);
  });

  it('is refused on a connection that was not ready, with the token that it showed there', () => {
    const connect: Event = { t: 1, ...of, conn: 1, kind: 'connect', door: 'ws', token: 'a' };
    const refused: Event = { t: 3, ...of, conn: 1, kind: 'refused', at: 'sign-in' };
    expect(lineOf(connect, refused).refusals).toEqual([{ event: refused, connect }]);
    expect(lineOf(refused).refusals).toEqual([{ event: refused, connect: null }]);
    const ready: Event = { t: 2, ...of, conn: 1, kind: 'ready', claims: 'fresh' };
    expect(lineOf(connect, ready, refused).refusals).toEqual([{ event: refused, connect: null }]);
  });

  it('stays in a room from its first confirmation, and leaves once', () => {
    const joined = (t: number): Event => ({ t, ...of, kind: 'joined', room: 'r1' });
    const left = (t: number, room = 'r1'): Event => ({ t, ...of, kind: 'left', room });
    const stays = (...events: Event[]) => lineOf(...events).stays.get('r1');
    expect(stays(joined(1), joined(2))).toEqual([{ from: 1, to: null }]);
    expect(stays(joined(1), left(3), left(5))).toEqual([{ from: 1, to: 3 }]);
    expect(stays(joined(1), left(3, 'r2'))).toEqual([{ from: 1, to: null }]);
    expect(stays(left(1))).toBeUndefined();
  });

  it('gets its network back once for each time that it was taken', () => {
    const cuts = (...kinds: ('cut' | 'uncut')[]) =>
      lineOf(...kinds.map((kind, t): Event => ({ t, ...of, kind }))).cuts;
    expect(cuts('uncut', 'cut', 'uncut', 'uncut')).toEqual([{ from: 1, to: 2 }]);
    expect(cuts('cut', 'cut', 'uncut')).toEqual([
      { from: 0, to: null },
      { from: 1, to: 2 },
    ]);
  });
});
