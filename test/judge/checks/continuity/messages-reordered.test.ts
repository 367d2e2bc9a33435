import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { right } from '../../stories.js';
import { adding, changing, find, under, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { ready } = right.at;
const id = 'messages-reordered';

type Receive = EventOf<'receive'>;
const isOf = (sender: string, { message }: Receive) => message?.split('.')[1] === sender;
/** What a reader received of a sender in its rooms' everyday life, after the restart. */
const received = (reader: string, sender: string) =>
  right.events.filter(
    (event): event is Receive =>
      event.kind === 'receive' && event.session === reader && isOf(sender, event) && event.t > ready + 170,
  );
/** The first two that a reader received of a sender change places. */
const swapping = (reader: string, sender: string, told: Told = right) => {
  const [one, other] = received(reader, sender) as [Receive, Receive];
  return changing(told, (event) => {
    if (event === one) return { ...other, t: one.t };
    return event === other ? { ...one, t: other.t } : event;
  });
};
const roomOrder = exactlyOnce({ order: 'room' });

describe('messages-reordered', () => {
  it('tells of all readers, senders and rooms, shows two pairs and blames both messages of each', () => {
    expect(whole(swapping('9', '6', swapping('3', '1', swapping('2', '1'))), id)).toEqual({
      is: 'fail',
      says: 'sessions 2, 3 and 9 received 3 messages of sessions 1 and 6 after later ones, in r1 and r2',
      figures: { receipts: 390, pairs: 3 },
      shows:
        'send@1680.65 s1 1.32, ack@1680.75 s1 1.32, send@1720.65 s1 1.33, receive@1680.73 s2 1.33, receive@1720.73 s2 1.32, receive@1680.73 s3 1.33, receive@1720.73 s3 1.32',
      blames: 'message 1.32, message 1.33, message 6.33, message 6.34',
    });
  });

  it('passes the order of rooms where that is promised', () => {
    expect(whole(under(right, roomOrder), id)).toEqual({
      is: 'pass',
      says: '390 receipts, all in the order of their rooms',
      figures: { receipts: 390, pairs: 0 },
      shows: '',
      blames: '',
    });
  });

  it('takes numbers of a room that were given twice for no order', () => {
    const [one] = received('3', '1') as [Receive];
    const other = find(
      right,
      'receive',
      (event) => event.session === '3' && event.t > one.t && isOf('2', event),
    );
    const swapped = changing(right, (event) => {
      if (event === one) return { ...other, t: one.t };
      return event === other ? { ...one, t: other.t } : event;
    });
    expect(whole(under(swapped, roomOrder), id)).toMatchObject({
      is: 'fail',
      blames: expect.stringContaining('message') as string,
    });
    const early = find(right, 'ack', ({ session, t }) => session === '1' && t < 600);
    const renumbered = changing(swapped, (event) =>
      event.kind === 'ack' && event.message === early.message ? { ...event, position: '30' } : event,
    );
    expect(whole(under(renumbered, roomOrder), id)).toMatchObject({ is: 'pass', figures: { pairs: 0 } });
  });

  it('asks readers for one order of a room only where that is promised', () => {
    const [one] = received('3', '1') as [Receive];
    const other = find(
      right,
      'receive',
      (event) => event.session === '3' && event.t > one.t && isOf('2', event),
    );
    const swapped = changing(right, (event): Event => {
      if (event.kind !== 'receive') return event;
      const { position: _, ...receive } =
        event === one ? { ...other, t: one.t } : event === other ? { ...one, t: other.t } : event;
      return receive;
    });
    expect(whole(swapped, id).is).toBe('pass');
    expect(whole(under(swapped, roomOrder), id).is).toBe('fail');
  });

  describe('judges no pair', () => {
    const [one, other] = received('2', '1') as [Receive, Receive];
    const swapped = swapping('2', '1');
    const ackOf = (message: string | null) => find(right, 'ack', (event) => event.message === message);
    const overlapping = (told: Told, by = 1) =>
      changing(told, (event) => (event === ackOf(one.message) ? { ...event, t: other.t + by } : event));

    it('of which the first was never acknowledged', () => {
      expect(
        whole(
          without(swapped, (event) => event === ackOf(one.message)),
          id,
        ).is,
      ).toBe('pass');
    });

    it('of which the later was never sent by what the history tells', () => {
      const unsaid = (event: Event) => event.kind === 'send' && event.message === other.message;
      expect(whole(without(swapped, unsaid), id).is).toBe('pass');
    });

    it('that was under way together on two connections, or on none that is known', () => {
      expect(whole(overlapping(swapped), id).is).toBe('fail');
      const moved = (conn: number | undefined) =>
        changing(overlapping(swapped), (event): Event => {
          if (event.kind !== 'written' || event.message !== one.message) return event;
          const { conn: _, ...written } = event;
          return conn === undefined ? written : { ...written, conn };
        });
      expect(whole(moved(3), id).is).toBe('pass');
      expect(whole(moved(undefined), id).is).toBe('pass');
      const unnumbered = changing(overlapping(swapped), (event): Event => {
        if (event.kind !== 'written') return event;
        const { conn: _, ...written } = event;
        return written;
      });
      expect(whole(unnumbered, id).is).toBe('pass');
    });

    it('that was under way together, of which the later was sent again', () => {
      const again = {
        session: '1',
        conn: 2,
        kind: 'written',
        message: other.message ?? '',
        attempt: 2,
      } as const;
      expect(whole(adding(overlapping(swapped), { t: other.t + 0.5, ...again }), id).is).toBe('pass');
    });
  });

  it('judges the pair with another of those before it where it is not certain with the latest', () => {
    const [one, other, last] = received('2', '1') as [Receive, Receive, Receive];
    const late = changing(right, (event) => {
      if (event === one) return { ...other, t: one.t };
      if (event === other) return { ...last, t: other.t };
      return event === last ? { ...one, t: last.t } : event;
    });
    const unsaid = without(late, (event) => event.kind === 'send' && event.message === last.message);
    expect(whole(unsaid, id)).toEqual({
      is: 'fail',
      says: 'session 2 received 1 message of session 1 after later ones, in r1',
      figures: { receipts: 390, pairs: 1 },
      shows:
        'send@1680.65 s1 1.32, ack@1680.75 s1 1.32, send@1720.65 s1 1.33, receive@1680.73 s2 1.33, receive@1760.73 s2 1.32',
      blames: 'message 1.32, message 1.33',
    });
  });

  it('goes by where senders wrote in order, and asks for no pipelining there', () => {
    expect(whole(under(swapping('2', '1'), exactlyOnce({ pipelining: false })), id).is).toBe('fail');
  });

  describe('of messages that were sent again', () => {
    const [one, other] = received('2', '1') as [Receive, Receive];
    const message = one.message ?? '';
    const again = (t: number, told: Told) =>
      adding(told, { t, session: '1', kind: 'written', message, attempt: 2 });
    /** Its place is told as this. */
    const placed = (position: string | undefined, kinds: readonly string[], told: Told) =>
      changing(told, (event): Event => {
        if ((event.kind !== 'receive' && event.kind !== 'ack') || event.message !== message) return event;
        if (!kinds.includes(event.kind)) return event;
        const { position: _, ...rest } = event;
        return position === undefined ? rest : { ...rest, position };
      });

    it('judges what was received before that, wherever it is told to be', () => {
      expect(whole(again(other.t + 5, placed('900', ['receive'], swapping('2', '1'))), id).is).toBe('fail');
      expect(whole(again(other.t - 0.1, placed('900', ['receive'], swapping('2', '1'))), id).is).toBe('pass');
    });

    it('judges nothing that came after it where no place is told', () => {
      expect(
        whole(again(other.t - 0.1, placed(undefined, ['receive', 'ack'], swapping('2', '1'))), id).is,
      ).toBe('pass');
    });
  });
});
