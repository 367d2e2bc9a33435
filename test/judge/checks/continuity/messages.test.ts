import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { finding } from '../../result.js';
import { right } from '../../stories.js';
import { adding, changing, find, run, silencing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { signal, ready, settle } = right.at;

type Receive = EventOf<'receive'>;
const isOf = (message: string | null | undefined) => (event: Event) =>
  'message' in event && event.message === message;
/** What a session received in this stretch. */
const received = (session: string, from: number, to: number) =>
  right.events.flatMap((event) =>
    event.kind === 'receive' && event.session === session && event.t > from && event.t < to ? [event] : [],
  );
const missing = (...gone: readonly (Event | undefined)[]) => without(right, (event) => gone.includes(event));
const inReads = (change: (event: EventOf<'stored'>) => Event | Event[], more = 0, told: Told = right) =>
  changing(told, (event) => {
    if (event.kind === 'stored' && event.read === 'r1-after') return change(event);
    return event.kind === 'read-end' && event.read === 'r1-after'
      ? { ...event, count: event.count + more }
      : event;
  });

describe('messages-lost', () => {
  const id = 'messages-lost';
  const [one, two] = received('2', signal - 100, signal);
  const [four] = received('7', signal - 100, signal);
  const everyday = received('4', 805, 806)[0];

  it('tells of the reader and the sender with the most losses, and how much there is in all', () => {
    expect(whole(missing(one, two, four), id)).toEqual({
      is: 'fail',
      says: 'session 2 never received 2 messages that the service had acknowledged to session 1, sent 20–60 ms before the signal; in all 2 sessions missed 3 messages (3 deliveries)',
      figures: { messages: 130, deliveries: 390, lost: 3, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows:
        'send@1220.65 s6 6.21, ack@1220.75 s6 6.21, receive@1911.08 s7 6.38, send@1240.65 s1 1.21, ack@1240.75 s1 1.21, receive@1911.08 s2 1.38, send@1280.65 s1 1.22, ack@1280.75 s1 1.22',
      blames: 'message 6.21, message 1.21, message 1.22',
    });
  });

  it('tells what is lost in everyday life beside what the restart lost', () => {
    expect(whole(missing(everyday, one), id)).toEqual({
      is: 'fail',
      says: 'session 2 never received 1 message that the service had acknowledged to session 1, sent 60 ms before the signal; 1 delivery more failed without any restart',
      figures: { messages: 130, deliveries: 390, lost: 2, lostWithoutRestart: 1, unproven: 0, unclear: 0 },
      shows: 'send@1240.65 s1 1.21, ack@1240.75 s1 1.21, receive@1911.08 s2 1.38',
      blames: 'message 1.5, message 1.21',
    });
    expect(whole(missing(everyday), id)).toEqual({
      is: 'fail',
      says: 'session 4 never received 1 message that the service had acknowledged to session 1, sent 700 ms before the signal: it loses them without any restart as well',
      figures: { messages: 130, deliveries: 390, lost: 1, lostWithoutRestart: 1, unproven: 0, unclear: 0 },
      shows: 'send@600.65 s1 1.5, ack@600.75 s1 1.5, receive@1911.08 s4 1.38',
      blames: 'message 1.5',
    });
  });

  it('shows four of many losses, and blames each message once', () => {
    expect(whole(missing(...received('2', signal - 200, signal)), id)).toEqual({
      is: 'fail',
      says: 'session 2 never received 5 messages that the service had acknowledged to session 1, sent 20–180 ms before the signal',
      figures: { messages: 130, deliveries: 390, lost: 5, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows:
        'send@1120.65 s1 1.18, ack@1120.75 s1 1.18, receive@1911.08 s2 1.38, send@1160.65 s1 1.19, ack@1160.75 s1 1.19, send@1200.65 s1 1.20, ack@1200.75 s1 1.20, send@1240.65 s1 1.21, ack@1240.75 s1 1.21',
      blames: 'message 1.18, message 1.19, message 1.20, message 1.21, message 1.22',
    });
    const all = right.events.filter((event) => event.kind === 'receive' && isOf(one?.message)(event));
    expect(whole(missing(...all), id)).toEqual({
      is: 'fail',
      says: 'session 2 never received 1 message that the service had acknowledged to session 1, sent 60 ms before the signal; in all 3 sessions missed 1 message (3 deliveries)',
      figures: { messages: 130, deliveries: 390, lost: 3, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows:
        'send@1240.65 s1 1.21, ack@1240.75 s1 1.21, receive@1911.08 s2 1.38, receive@1911.08 s3 1.38, receive@1911.08 s4 1.38',
      blames: 'message 1.21',
    });
  });

  it('is unknown of what those miss who hear no canary, and blames them', () => {
    const deaf = without(
      right,
      (event) => event.kind === 'receive' && ['2', '7'].includes(event.session) && event.t > settle - 100,
    );
    expect(whole(deaf, id)).toEqual({
      is: 'unknown',
      says: 'sessions 2 and 7 did not receive 6 messages, and no canary either: perhaps lost, perhaps deaf',
      figures: { messages: 130, deliveries: 390, lost: 0, lostWithoutRestart: 0, unproven: 6, unclear: 0 },
      shows:
        'send@1820.65 s6 6.36, ack@1820.75 s6 6.36, send@1840.65 s1 1.36, ack@1840.75 s1 1.36, send@1860.65 s6 6.37, ack@1860.75 s6 6.37, send@1880.65 s1 1.37, ack@1880.75 s1 1.37',
      blames: 'session 7, session 2',
    });
    const other = without(deaf, (event) => event === received('1', signal - 100, signal)[0]);
    expect(whole(other, id).is).toBe('fail');
  });

  /** Nobody says anything from before the first absence over the restart on. */
  const quiet = without(right, (event) => 'message' in event && event.kind !== 'stored' && event.t > 1_100);

  it('is unknown where some never came back to show it, and blames them', () => {
    expect(whole(silencing({ ...quiet, at: right.at }, '2', ready), id)).toEqual({
      is: 'unknown',
      says: 'Nothing is missing, but session 2 never came back to show it',
      figures: { messages: 69, deliveries: 207, lost: 0, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows: '',
      blames: 'session 2',
    });
  });

  it('passes what all were given, one message too', () => {
    const others = (event: Event) =>
      'message' in event && event.kind !== 'stored' && !isOf(canary?.message)(event);
    expect(whole(without(right, others), id)).toEqual({
      is: 'pass',
      says: '1 acknowledged message reached every reader who was owed it (3 deliveries)',
      figures: { messages: 1, deliveries: 3, lost: 0, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows: '',
      blames: '',
    });
  });

  it('is unknown where nothing was acknowledged that was sent after the restart', () => {
    expect(whole(quiet, id)).toEqual({
      is: 'unknown',
      says: 'Nothing is missing, but nothing was acknowledged after the restart either',
      figures: { messages: 69, deliveries: 207, lost: 0, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
      shows: '',
      blames: '',
    });
    const unsaid = (event: Event) => event.kind === 'ack' && event.t > ready;
    expect(
      whole(
        adding(quiet, ...right.events.filter((event) => isOf(canary?.message)(event) && !unsaid(event))),
        id,
      ).is,
    ).toBe('unknown');
  });
});

const canary = right.events.find(
  (event): event is EventOf<'send'> => event.kind === 'send' && event.purpose === 'canary',
);

describe('messages-duplicated', () => {
  const id = 'messages-duplicated';
  const [again, other] = received('2', ready + 60, settle);
  const third = received('7', ready + 60, settle)[0];
  const twice = (...all: readonly (Receive | undefined)[]) =>
    all.flatMap((one) => (one ? [{ ...one, t: one.t + 1 }] : []));

  it('counts repeats of several readers, each kind once, and blames each message once', () => {
    expect(whole(adding(right, ...twice(again, again, other, third)), id)).toEqual({
      is: 'fail',
      says: 'sessions 2 and 7 received 4 repeats: twice on one connection',
      figures: {
        receipts: 394,
        takenForNew: 0,
        received: 4,
        stored: 0,
        askedFor: 0,
        indeterminate: 0,
        indeterminateSeen: 0,
      },
      shows:
        'receive@1580.73 s7 6.30, receive@1581.73 s7 6.30, receive@1600.73 s2 1.30, receive@1601.73 s2 1.30, receive@1601.73 s2 1.30, receive@1640.73 s2 1.31, receive@1641.73 s2 1.31',
      blames: 'message 6.30, message 1.30, message 1.31',
    });
  });

  it('shows four of many repeats', () => {
    expect(whole(adding(right, ...twice(...received('2', ready + 60, settle + 100))), id)).toEqual({
      is: 'fail',
      says: 'session 2 received 9 repeats: twice on one connection',
      figures: {
        receipts: 399,
        takenForNew: 0,
        received: 9,
        stored: 0,
        askedFor: 0,
        indeterminate: 0,
        indeterminateSeen: 0,
      },
      shows:
        'receive@1600.73 s2 1.30, receive@1601.73 s2 1.30, receive@1640.73 s2 1.31, receive@1641.73 s2 1.31, receive@1680.73 s2 1.32, receive@1681.73 s2 1.32, receive@1720.73 s2 1.33, receive@1721.73 s2 1.33',
      blames:
        'message 1.30, message 1.31, message 1.32, message 1.33, message 1.34, message 1.35, message 1.36, message 1.37, message 1.38',
    });
  });

  it('tells of what was stored twice before what was received twice, and knows no likelier cause then', () => {
    const stored = inReads(
      (event) => (event.index < 3 ? [event, { ...event, id: 'another', position: '9999' }] : event),
      3,
    );
    expect(whole(adding(stored, ...twice(again)), id)).toEqual({
      is: 'fail',
      says: '3 messages stored twice, in r1; session 2 received 1 repeat: twice on one connection',
      figures: {
        receipts: 391,
        takenForNew: 0,
        received: 1,
        stored: 3,
        askedFor: 0,
        indeterminate: 0,
        indeterminateSeen: 0,
      },
      shows:
        'stored@2701.2 s5 2.1, stored@2701.2 s5 2.1, stored@2701.2 s5 1.1, stored@2701.2 s5 1.1, receive@1600.73 s2 1.30, receive@1601.73 s2 1.30',
      blames: 'message 1.30, message 2.1, message 1.1, message 2.2',
    });
    expect(finding(adding(stored, ...twice(again)), id)).not.toHaveProperty('likely');
    expect(finding(adding(right, ...twice(again)), id).likely?.cause).toMatch(
      /^Replay and live delivery overlap/,
    );
  });

  it('tells of what was taken for new, of what was stored twice and of what was received twice in one sentence', () => {
    const { message } = find(
      right,
      'ack',
      ({ session, t }) => session === '1' && t > signal - 40 && t < signal,
    );
    const sent = { session: '1', conn: 2, message };
    const taken = adding(
      inReads(
        (event) => (event.index === 0 ? [event, { ...event, id: 'another', position: '9999' }] : event),
        1,
      ),
      { t: ready + 130, ...sent, kind: 'written', attempt: 2 },
      { t: ready + 131, ...sent, kind: 'ack', position: '9999' },
      ...twice(again),
    );
    expect(whole(taken, id)).toEqual({
      is: 'fail',
      says: "1 message that was sent again was taken for a new one: session 1's 1.22 was acknowledged as number 44 and again as 9999; 1 message stored twice, in r1; session 2 received 1 repeat: twice on one connection",
      figures: {
        receipts: 391,
        takenForNew: 1,
        received: 1,
        stored: 1,
        askedFor: 0,
        indeterminate: 0,
        indeterminateSeen: 0,
      },
      shows:
        'send@1280.65 s1 1.22, ack@1280.75 s1 1.22, ack@1632 s1 1.22, stored@2701.2 s5 2.1, stored@2701.2 s5 2.1, receive@1600.73 s2 1.30, receive@1601.73 s2 1.30',
      blames: 'message 1.22, message 1.30, message 2.1',
    });
    const only = without(taken, (event) => event.kind === 'stored' && event.position === '9999');
    expect(finding(only, id)).not.toHaveProperty('likely');
  });

  it('passes repeats that were asked for, and says how many', () => {
    const uncursored = changing(right, (event) => {
      if (event.kind !== 'join') return event;
      const { cursor: _, ...join } = event;
      return join;
    });
    const { t } = find(right, 'join', ({ session, conn }) => session === '2' && conn === 2);
    const had = received('2', 400, 600).slice(0, 2);
    expect(whole(adding(uncursored, ...had.map((one) => ({ ...one, t: t + 0.02, conn: 2 }))), id)).toEqual({
      is: 'pass',
      says: '392 receipts, none of them a repeat; 2 repeats had been asked for by the client',
      figures: {
        receipts: 392,
        takenForNew: 0,
        received: 0,
        stored: 0,
        askedFor: 2,
        indeterminate: 0,
        indeterminateSeen: 0,
      },
      shows: '',
      blames: '',
    });
    expect(
      whole(adding(uncursored, ...had.slice(1).map((one) => ({ ...one, t: t + 0.02, conn: 2 }))), id).says,
    ).toContain('; 1 repeat had been asked for');
  });

  it('passes those that were never answered and can be seen once', () => {
    const seen = new Set([again?.message, other?.message]);
    const unanswered = changing(right, (event): Event => {
      if (event.kind !== 'ack' || !seen.has(event.message)) return event;
      const { t, session, message } = event;
      return { t, session, kind: 'unsure', message, reason: 'lost' };
    });
    expect(whole(unanswered, id)).toEqual({
      is: 'pass',
      says: '390 receipts, none of them a repeat; 2 messages that were never answered can be seen, once',
      figures: {
        receipts: 390,
        takenForNew: 0,
        received: 0,
        stored: 0,
        askedFor: 0,
        indeterminate: 2,
        indeterminateSeen: 2,
      },
      shows: '',
      blames: '',
    });
  });
});

describe('messages-altered', () => {
  const id = 'messages-altered';
  const some = [...received('2', ready + 60, settle), ...received('7', ready + 60, settle).slice(0, 1)].slice(
    -5,
  );

  it('counts messages, and not receipts, and shows three', () => {
    const changed = changing(right, (event) =>
      some.includes(event as Receive) ? ({ ...event, digest: 'cut' } as Event) : event,
    );
    expect(whole(changed, id)).toEqual({
      is: 'fail',
      says: 'sessions 2 and 7 received 5 messages changed',
      figures: { receipts: 390, received: 5, stored: 0, damaged: 0 },
      shows: 'receive@1580.73 s7 6.30, receive@1760.73 s2 1.34, receive@1800.73 s2 1.35',
      blames: 'message 6.30, message 1.34, message 1.35, message 1.36, message 1.37',
    });
    const [first] = some;
    const all = changing(right, (event) =>
      event.kind === 'receive' && isOf(first?.message)(event) ? { ...event, digest: 'cut' } : event,
    );
    expect(whole(all, id).says).toMatch(/received 1 message changed$/);
  });

  it('tells of what is stored changed, once for each message', () => {
    const changed = changing(right, (event) =>
      event.kind === 'stored' && event.index < 4 && event.read.startsWith('r1')
        ? { ...event, digest: 'cut' }
        : event,
    );
    expect(whole(changed, id)).toEqual({
      is: 'fail',
      says: '4 messages of sessions 1 and 2 stored changed',
      figures: { receipts: 390, received: 0, stored: 4, damaged: 0 },
      shows:
        'send@410.65 s2 2.1, stored@2701.2 s5 2.1, send@440.65 s1 1.1, stored@2701.2 s5 1.1, send@450.65 s2 2.2, stored@2701.2 s5 2.2',
      blames: 'message 2.1, message 1.1, message 2.2, message 1.2',
    });
  });

  it('tells of all kinds in one sentence', () => {
    const [first, second] = received('2', ready + 60, settle);
    const mixed = changing(right, (event): Event => {
      if (event === first) return { ...first, digest: 'cut' };
      if (event === second) return { ...second, message: null, damaged: true };
      return event.kind === 'stored' && event.read === 'r1-after' && event.index === 0
        ? { ...event, digest: 'cut' }
        : event;
    });
    expect(whole(mixed, id)).toEqual({
      is: 'fail',
      says: 'session 2 received 1 message changed; 1 message of session 2 stored changed; 1 text arrived with a damaged identity in r1',
      figures: { receipts: 389, received: 1, stored: 1, damaged: 1 },
      shows: 'receive@1600.73 s2 1.30, send@410.65 s2 2.1, stored@2701.2 s5 2.1, receive@1640.73 s2',
      blames: 'message 1.30, message 2.1, room r1',
    });
  });

  it('takes a damaged text for nothing where only another reader, or another room, misses something', () => {
    const [first] = received('2', ready + 60, settle);
    const elsewhere = received('1', ready + 60, settle)[0];
    if (!first) throw new Error('session 2 received nothing');
    const told = adding(missing(elsewhere), { ...first, t: first.t + 1, message: null, damaged: true });
    expect(whole(told, id)).toMatchObject({ is: 'pass', figures: { damaged: 1 } });
    const here = adding(missing(first), {
      ...first,
      t: first.t + 1,
      room: 'r2',
      message: null,
      damaged: true,
    });
    expect(whole(here, id)).toMatchObject({ is: 'pass', figures: { damaged: 1 } });
  });

  it('takes what nobody sent for no change', () => {
    const foreign = inReads((event) => (event.index === 0 ? { ...event, message: `${run}.1.9999` } : event));
    expect(whole(foreign, id)).toMatchObject({ is: 'pass', figures: { stored: 0 } });
  });
});
