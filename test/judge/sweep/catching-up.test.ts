import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { catchingUpAt } from '../../../src/judge/sweep/catching-up.js';

const idOf = (message: string) => `abcd1234.${message}`;
const join = (t: number, session: string, room = 'r1'): Event => ({ t, session, kind: 'join', room });
const ready = (t: number, session: string): Event => ({ t, session, kind: 'ready', claims: 'fresh' });
const close = (t: number, session: string): Event => ({ t, session, kind: 'close', by: 'target' });
const send = (t: number, message: string, room = 'r1'): Event => ({
  ...{
    t,
    session: message.split('.')[0] ?? '',
    kind: 'send',
    due: t,
    room,
    message: idOf(message),
    digest: 'd',
  },
});
const ack = (t: number, message: string): Event => ({
  ...{ t, session: message.split('.')[0] ?? '', kind: 'ack', message: idOf(message) },
});
const receive = (t: number, session: string, message: string | null, room = 'r1'): Event => ({
  ...{ t, session, kind: 'receive', room, message: message === null ? null : idOf(message), digest: 'd' },
});

/** Session 2 was away while 1.1 and 1.2 were acknowledged, and comes back at 100. */
const away: readonly Event[] = [
  ...[join(1, '2'), ready(2, '2'), close(10, '2')],
  ...[send(20, '1.1'), ack(21, '1.1'), send(22, '1.2'), ack(23, '1.2')],
  ...[join(99, '2'), ready(100, '2')],
];
const at = (moment: number, ...more: Event[]) =>
  catchingUpAt(
    [...away, ...more].sort((one, other) => one.t - other.t),
    [moment],
  )[0];

describe('who is catching up', () => {
  it('is back, and has not got yet what was acknowledged while it was away', () => {
    expect([at(99.5), at(100.5), at(5_000)]).toEqual([0, 1, 1]);
    // What happens at a moment comes after it.
    expect([at(100), at(100.001)]).toEqual([0, 1]);
  });

  it('is no longer when all of it has come, and still is while some has not', () => {
    expect(at(200, receive(110, '2', '1.1'))).toBe(1);
    expect(at(200, receive(110, '2', '1.1'), receive(111, '2', '1.2'))).toBe(0);
  });

  it('is no longer when what was sent since it is back has come in that room', () => {
    expect(at(200, send(105, '1.3'), receive(106, '2', '1.3'))).toBe(0);
    expect(at(200, send(105, '1.3', 'r2'), receive(106, '2', '1.3', 'r2'))).toBe(1);
    // What was sent before it came back may come amid the replay.
    expect(at(200, send(100, '1.3'), receive(106, '2', '1.3'))).toBe(1);
    expect(at(200, send(100.5, '1.3'), receive(106, '2', '1.3'))).toBe(0);
    expect(at(200, receive(106, '2', '1.9'), receive(107, '2', null))).toBe(1);
  });

  it('is nobody who is away again', () => {
    expect(at(200, close(150, '2'))).toBe(0);
    expect(at(200, close(150, '2'), ready(160, '2'))).toBe(1);
  });

  it('has missed nothing that it had received before, or that it wrote itself', () => {
    expect(at(200, receive(30, '2', '1.1'), receive(30, '2', '1.2'))).toBe(0);
    const own = [join(1, '2'), ready(2, '2'), send(20, '2.1'), ack(21, '2.1'), ready(100, '2')];
    expect(catchingUpAt(own, [200])).toEqual([0]);
  });

  it('has missed nothing that was not acknowledged, was so after it was back, or was in another room', () => {
    const missed = (...said: Event[]) => {
      const events = [join(1, '2'), ready(2, '2'), ...said, ready(100, '2')];
      return catchingUpAt(
        events.sort((one, other) => one.t - other.t),
        [200],
      )[0];
    };
    expect(missed(send(20, '1.1'), ack(21, '1.1'))).toBe(1);
    expect(missed(send(20, '1.1'))).toBe(0);
    expect(missed(ack(21, '1.1'))).toBe(0);
    expect(missed(send(20, '1.1'), ack(110, '1.1'))).toBe(0);
    expect(missed(send(20, '1.1', 'r2'), ack(21, '1.1'))).toBe(0);
    // A second acknowledgement promises nothing new.
    expect(missed(send(20, '1.1'), ack(21, '1.1'), ack(110, '1.1'))).toBe(1);
  });

  it('has missed nothing where it comes for the first time', () => {
    expect(catchingUpAt([send(20, '1.1'), ack(21, '1.1'), join(99, '2'), ready(100, '2')], [200])).toEqual([
      0,
    ]);
  });

  it('is not asked to remember for more than half a minute', () => {
    const after = (backAt: number) =>
      catchingUpAt(
        [join(1, '2'), ready(2, '2'), send(20, '1.1'), ack(21, '1.1'), ready(backAt, '2')],
        [backAt + 1],
      );
    expect([after(30_020), after(30_021)]).toEqual([[1], [0]]);
  });

  it('is counted at each of several moments, in their order, before and behind all events', () => {
    expect(
      catchingUpAt([...away, receive(110, '2', '1.1'), receive(111, '2', '1.2')], [0, 101, 105, 300, 400]),
    ).toEqual([...[0, 1, 1, 0, 0]]);
    expect(catchingUpAt(away, [300, 400])).toEqual([1, 1]);
    expect(catchingUpAt([], [1, 2])).toEqual([0, 0]);
    expect(catchingUpAt(away, [])).toEqual([]);
  });

  it('is each of several', () => {
    const third = [join(1, '3'), ready(2, '3'), close(10, '3'), join(119, '3'), ready(120, '3')];
    expect([at(110, ...third), at(130, ...third)]).toEqual([1, 2]);
  });
});
