import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { result } from '../result.js';
import { adding, changing, find, having, judge, resultOf, under, without, type Told } from '../story.js';
import { right } from '../stories.js';

const { ready } = right.at;

describe('messages-reordered', () => {
  /** Two receipts of one reader change places. */
  const swapping = (reader: string, sender: string) => {
    const isOne = (event: EventOf<'receive'>) =>
      event.session === reader && event.t > ready + 60 && event.message?.split('.')[1] === sender;
    const one = find(right, 'receive', isOne);
    const other = find(right, 'receive', (event) => isOne(event) && event.t > one.t);
    const swapped = changing(right, (event) => {
      if (event === one) return { ...other, t: one.t };
      return event === other ? { ...one, t: other.t } : event;
    });
    return { swapped, one, other };
  };

  it("fails when a sender's messages change places", () => {
    const { swapped } = swapping('2', '1');
    const verdict = judge(swapped);
    expect(resultOf(verdict, 'messages-reordered').summary).toBe(
      'session 2 received 1 message of session 1 after later ones, in r1',
    );
    expect(having(verdict, 'fail')).toEqual(['messages-reordered']);
  });

  it('judges what was in flight together only where the contract promises pipelining', () => {
    const { swapped, one, other } = swapping('2', '1');
    const ack = find(right, 'ack', ({ message }) => message === one.message);
    const overlapping = changing(swapped, (event) => (event === ack ? { ...ack, t: other.t + 1 } : event));
    expect(result(overlapping, 'messages-reordered').outcome).toBe('fail');
    expect(result(under(overlapping, exactlyOnce({ pipelining: false })), 'messages-reordered').outcome).toBe(
      'pass',
    );
  });

  it('judges no copy that was stored when the message was sent again', () => {
    const { swapped, one } = swapping('2', '1');
    const late = find(
      swapped,
      'receive',
      ({ session, message, t }) => session === '2' && message === one.message && t > one.t,
    );
    const again = { session: '1', kind: 'written', message: one.message ?? '', attempt: 2 } as const;
    const resent = adding(swapped, { t: late.t - 0.1, ...again });
    const elsewhere = changing(resent, (event) =>
      event.kind === 'receive' && event.session === '2' && event.message === one.message
        ? { ...event, position: '900' }
        : event,
    );
    expect(result(elsewhere, 'messages-reordered').outcome).toBe('pass');
    expect(result(resent, 'messages-reordered').outcome).toBe('fail');
  });

  it('judges no pair that was written in the other order, as a library may that keeps messages', () => {
    const { swapped, one, other } = swapping('2', '1');
    const { t } = find(right, 'written', ({ message }) => message === other.message);
    const late = changing(swapped, (event) => {
      if (!('message' in event) || event.message !== one.message) return event;
      if (event.kind === 'written') return { ...event, t: t + 0.1 };
      return event.kind === 'ack' ? { ...event, t: t + 0.2 } : event;
    });
    expect(result(late, 'messages-reordered').outcome).toBe('pass');
  });

  it('judges no pair of which the first was sent again', () => {
    const { swapped, one, other } = swapping('2', '1');
    const message = one.message ?? '';
    const again = adding(
      changing(swapped, (event) =>
        event.kind === 'ack' && event.message === message ? { ...event, t: other.t + 2 } : event,
      ),
      { t: other.t + 1, session: '1', conn: 2, kind: 'written', message, attempt: 2 },
    );
    expect(result(again, 'messages-reordered').outcome).toBe('pass');
  });

  it('judges the order of a room only where it is promised', () => {
    const reader = '3';
    const one = find(right, 'receive', ({ session, t }) => session === reader && t > ready + 165);
    const other = find(
      right,
      'receive',
      ({ session, t, message }) =>
        session === reader && t > one.t && message?.split('.')[1] !== one.message?.split('.')[1],
    );
    const swapped = changing(right, (event) => {
      if (event === one) return { ...other, t: one.t };
      return event === other ? { ...one, t: other.t } : event;
    });
    expect(result(swapped, 'messages-reordered').outcome).toBe('pass');
    const roomOrder = exactlyOnce({ order: 'room' });
    expect(result(under(swapped, roomOrder), 'messages-reordered').outcome).toBe('fail');
    expect(result(under(right, roomOrder), 'messages-reordered').outcome).toBe('pass');
    const unnumbered = ({ header, events }: Told) => ({
      header,
      events: events.map((event): Event => {
        if (event.kind !== 'receive') return event;
        const { position: _position, ...receive } = event;
        return receive;
      }),
    });
    expect(result(under(unnumbered(swapped), roomOrder), 'messages-reordered').outcome).toBe('fail');
    expect(result(under(unnumbered(right), roomOrder), 'messages-reordered').outcome).toBe('pass');
  });

  it('does not bind where no order is promised', () => {
    const { swapped } = swapping('2', '1');
    const found = result(under(swapped, exactlyOnce({ order: 'none' })), 'messages-reordered');
    expect(found).toMatchObject({ outcome: 'fail', binding: false });
  });

  it('is unknown when nobody received anything', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'receive'),
        'messages-reordered',
      ).outcome,
    ).toBe('unknown');
  });
});
