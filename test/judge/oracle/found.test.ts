import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { adding, changing, find, judge, resultOf, Story, under, without, type Told } from '../story.js';
import { oracles } from './index.js';

const right = new Story();
const { signal, ready, settle } = right.at;
/** What the check says, which must be what its oracle says. */
function said(told: Told, id: string) {
  const { outcome, summary } = resultOf(judge(told), id);
  expect(outcome).toBe(oracles[id]?.(told));
  return { outcome, summary };
}

/** Where check and oracle did not agree, each with the smallest history that showed it. */
describe('what the oracle found', () => {
  it.each(['reconnected', 'reconnect-time', 'reconnect', 'recovery', 'resumed-honestly', 'not-expired'])(
    'that nobody lost a connection shows nothing where nobody had one: %s',
    (id) => {
      const nobody = without(right, ({ kind }) => ['connect', 'open', 'ready'].includes(kind));
      expect(said(nobody, id).outcome).toBe('unknown');
    },
  );

  it('that nobody lost a connection is not known before the end', () => {
    const unharmed = without(right, ({ kind, t }) => kind === 'close' || (kind === 'connect' && t > signal));
    expect(said(unharmed, 'connection-was-lost').outcome).toBe('pass');
    const cut = without(unharmed, ({ t }) => t > ready + 50);
    expect(said(cut, 'connection-was-lost')).toEqual({
      outcome: 'unknown',
      summary: expect.stringContaining('as far as the history goes') as string,
    });
  });

  it('that nobody lost a connection proves no resumption where no restart is proved', () => {
    const unproved = changing(right, (event) => {
      if (event.kind === 'close' && event.by !== 'session') return [];
      if (event.kind !== 'disruption') return event;
      if (event.step === 'port-closed') return [];
      return event.step === 'ready' ? { ...event, instance: 'boot-1' } : event;
    });
    const whole = without(unproved, ({ kind }) => kind === 'cut' || kind === 'uncut');
    expect(said(whole, 'resumed-honestly').outcome).toBe('unknown');
  });

  it('a newcomer that connects after the chat does not show that old tokens live', () => {
    const none = changing(right, (event) => {
      if (event.kind !== 'connect' || event.t < signal) return event;
      const { token: _token, ...bare } = event;
      return bare;
    });
    const newcomer = right.header.plan.sessions.find(({ role }) => role === 'newcomer')?.session ?? '';
    const about = { session: newcomer, conn: 1 } as const;
    const audit = adding(
      none,
      { t: settle + 900, ...about, kind: 'connect', door: 'ws', token: 'new' },
      { t: settle + 901, ...about, kind: 'ready', claims: 'fresh' },
    );
    expect(said(audit, 'not-expired').outcome).toBe('unknown');
  });

  it('a message that is shown again after the restart is of the same sender', () => {
    const one = find(right, 'receive', ({ t }) => t < signal - 400);
    const back = find(right, 'ready', ({ session, t }) => session === one.session && t > ready);
    const again = { ...one, t: settle, conn: back.conn ?? 0 };
    expect(said(adding(right, again), 'identity-kept').outcome).toBe('pass');
    const renamed = { ...again, from: 'name 99' };
    expect(said(adding(right, renamed), 'identity-kept').outcome).toBe('fail');
  });
});

describe('what the oracle found of orders', () => {
  /** Three messages that session 1 said after the restart, as session 2 received them. */
  const of1 = right.events.filter(
    (event): event is EventOf<'receive'> =>
      event.kind === 'receive' &&
      event.session === '2' &&
      event.t > ready + 60 &&
      event.message?.split('.')[1] === '1',
  );

  it('two messages changed places, although one that was there before both was sent again', () => {
    const [first, second, third] = of1;
    const times = new Map([
      [first, third?.t],
      [second, second?.t],
      [third, first?.t],
    ]);
    const answered = (third?.t ?? 0) + 1;
    const told = changing(right, (event): Event | Event[] => {
      const t = event.kind === 'receive' ? times.get(event) : undefined;
      if (t !== undefined) return { ...event, t };
      const isOne = 'message' in event && [first, second].some((one) => one?.message === event.message);
      if (event.kind === 'ack' && isOne) return { ...event, t: answered };
      if (event.kind !== 'written' || event.message !== third?.message) return event;
      return [event, { ...event, t: answered + 50, attempt: 2 }];
    });
    const sorted = { ...told, events: [...told.events].sort((one, other) => one.t - other.t) };
    expect(said(sorted, 'messages-reordered')).toEqual({
      outcome: 'fail',
      summary: 'session 2 received 1 message of session 1 after later ones, in r1',
    });
  });

  it('two readers disagree about a message of the one who received most', () => {
    const story = new Story({ rooms: 1, chatters: 4 });
    const isChatter = (session: string) => Number(session) <= 4;
    // Nobody who is silent hears everything.
    const bare = changing(story, (event) => {
      if (event.kind !== 'receive') return event;
      if (!isChatter(event.session)) return [];
      const { position: _position, ...rest } = event;
      return rest;
    });
    const told = under(bare, exactlyOnce({ order: 'room' }));
    expect(said(told, 'messages-reordered').outcome).toBe('pass');
    for (const sender of ['1', '2', '3', '4']) {
      expect(said(disagreeing(told, sender), 'messages-reordered').outcome).toBe('fail');
    }
  });

  /** One reader receives a message of this sender after the next one, which somebody else said. */
  function disagreeing(told: Told, sender: string): Told {
    const reader = sender === '3' ? '4' : '3';
    const senderOf = (event: EventOf<'receive'>) => event.message?.split('.')[1];
    const hers = (event: EventOf<'receive'>) => event.session === reader && event.t > ready + 100;
    const one = find(told, 'receive', (event) => hers(event) && senderOf(event) === sender);
    const next = find(told, 'receive', (event) => hers(event) && event.t > one.t);
    expect(senderOf(next)).not.toBe(sender);
    const late = changing(told, (event) => (event === one ? { ...one, t: next.t + 0.001 } : event));
    return { ...late, events: [...late.events].sort((a, b) => a.t - b.t) };
  }
});

describe('what the oracle found of answers that are cancelled', () => {
  const cancelled = (change: (event: Event) => Event | Event[]) =>
    said(changing(right, change), 'answers-cancelled');
  const isOf = (event: Event) => 'stream' in event && event.stream === 'a2';

  it('what was read before the cancellation need not have been stored then', () => {
    const shorter = cancelled((event) => {
      if (event.kind !== 'stored-answer' || !isOf(event) || event.sketch === null) return event;
      const units = event.units - 3;
      return { ...event, units, sketch: event.sketch.slice(0, (event.sketch.length / event.units) * units) };
    });
    expect(shorter.outcome).toBe('pass');
  });

  it('what comes again after the restart is no more than what was there', () => {
    const part = find(right, 'part', isOf);
    expect(
      said(adding(right, { ...part, t: ready + 100, attempt: 2, index: 3 }), 'answers-cancelled').outcome,
    ).toBe('pass');
    const other = find(right, 'part', ({ stream, index }) => stream === 'a3' && index === 5);
    const more = { ...other, stream: 'a2', session: part.session, t: ready + 100, attempt: 2, index: 3 };
    expect(said(adding(right, more), 'answers-cancelled').outcome).toBe('fail');
  });

  it('a cancellation that is confirmed after the restart says nothing of what is made until then', () => {
    const late = cancelled((event) =>
      event.kind === 'stream' && isOf(event) && event.step === 'cancelled'
        ? { ...event, t: ready + 50 }
        : event,
    );
    expect(late.outcome).toBe('unknown');
  });
});
