import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { right } from '../../stories.js';
import { adding, changing, find, lacking, run, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { ready, settle } = right.at;

/** What a session received in this stretch. */
const received = (session: string, from: number, to: number) =>
  right.events.flatMap((event) =>
    event.kind === 'receive' && event.session === session && event.t > from && event.t < to ? [event] : [],
  );
const inReads = (change: (event: EventOf<'stored'>) => Event | Event[], more = 0, told: Told = right) =>
  changing(told, (event) => {
    if (event.kind === 'stored' && event.read === 'r1-after') return change(event);
    return event.kind === 'read-end' && event.read === 'r1-after'
      ? { ...event, count: event.count + more }
      : event;
  });

describe('messages-leaked', () => {
  const id = 'messages-leaked';
  const some = received('2', ready + 60, settle).slice(0, 4);

  it('counts messages and names readers and rooms, and blames both', () => {
    const strays = some.flatMap((one) => [
      { ...one, t: one.t + 1, session: '6' },
      { ...one, t: one.t + 2, session: '7' },
    ]);
    expect(whole(adding(right, ...strays), id)).toEqual({
      is: 'fail',
      says: 'sessions 6 and 7 received 4 messages that they were never meant to see, shown in r1',
      figures: { receipts: 398, leaked: 8, intrusions: 1 },
      shows:
        'receive@1601.73 s6 1.30, receive@1602.73 s7 1.30, receive@1641.73 s6 1.31, receive@1642.73 s7 1.31, receive@1681.73 s6 1.32, receive@1682.73 s7 1.32',
      blames: 'message 1.30, message 1.31, message 1.32, message 1.33, session 6, session 7',
    });
    const foreign = some.slice(0, 1).map((one) => ({ ...one, t: one.t + 1, session: '6', message: null }));
    expect(whole(adding(right, ...foreign), id).figures).toMatchObject({ leaked: 0 });
  });

  it('is unknown where the header does not say who is meant to be where', () => {
    const { header, events } = right;
    expect(whole({ header: { ...header, plan: { ...header.plan, sessions: [] } }, events }, id)).toEqual({
      is: 'unknown',
      says: 'The header does not say who is meant to be where',
      figures: { receipts: 390, leaked: 0, intrusions: 0 },
      shows: '',
      blames: '',
    });
  });

  it('says nothing of it where nobody tried', () => {
    const untried = without(right, (event) => event.kind === 'join' && event.session === '11');
    expect(whole(untried, id).says).toBe('390 receipts, none of them outside its room');
  });

  it('says how often somebody tried to resume in the place of another', () => {
    const join = find(right, 'join', ({ room, session }) => room === 'r1' && session === '11');
    expect(whole(adding(right, { ...join, t: join.t + 0.01 }), id)).toEqual({
      is: 'pass',
      says: '390 receipts, none of them outside its room; who tried 1 time to resume in another’s place was handed nothing',
      figures: { receipts: 390, leaked: 0, intrusions: 1 },
      shows: '',
      blames: '',
    });
  });
});

describe('messages-phantom', () => {
  const id = 'messages-phantom';
  const [seen] = received('2', ready + 60, settle);
  const showing = (...messages: readonly string[]) =>
    adding(
      right,
      ...messages.flatMap((message, index) =>
        seen ? [{ ...seen, t: seen.t + 1 + index, message, position: String(9_000 + index) }] : [],
      ),
    );

  it('counts what nobody sent and what was refused in one sentence, and shows four', () => {
    const refused = changing(
      showing(`${run}.1.9991`, `${run}.1.9992`, `${run}.6.9993`, `${run}.7.9994`),
      (event): Event => {
        if (event.kind !== 'ack' || event.message !== seen?.message) return event;
        const { t, session, message } = event;
        return { t, session, kind: 'nack', message, reason: 'too long' };
      },
    );
    expect(whole(refused, id)).toEqual({
      is: 'fail',
      says: '5 messages of sessions 1, 6 and 7 can be seen that had been refused and never sent',
      figures: { receipts: 394, refused: 1, foreign: 0, phantoms: 5 },
      shows:
        'nack@1600.75 s1 1.30, receive@1600.73 s2 1.30, receive@1601.73 s2 1.9991, receive@1602.73 s2 1.9992, receive@1603.73 s2 6.9993',
      blames: 'message 1.30, message 1.9991, message 1.9992, message 6.9993, message 7.9994',
    });
  });

  it('does not know of messages whose sender nothing is told of, and shows them', () => {
    expect(whole(showing(`${run}.77.1`, `${run}.78.1`), id)).toEqual({
      is: 'unknown',
      says: '2 messages of sessions 77 and 78 can be seen, and nothing is told of what was sent there: is a file missing?',
      figures: { receipts: 392, refused: 0, foreign: 0, phantoms: 0 },
      shows: 'receive@1601.73 s2 77.1, receive@1602.73 s2 78.1',
      blames: '',
    });
  });

  it('knows a sender by what it said, also where it never had a connection', () => {
    const said = { session: '77', message: `${run}.77.1` } as const;
    const told = adding(
      showing(`${run}.77.2`),
      { t: 500, ...said, kind: 'send', due: 500, room: 'r1', digest: 'd' },
      { t: 500.1, ...said, kind: 'unoffered', reason: 'no connection' },
    );
    expect(whole(told, id)).toMatchObject({ is: 'fail', blames: 'message 77.2' });
  });

  it('shows what a message was answered that found no connection, and is there', () => {
    const { message } = find(right, 'unoffered');
    expect(whole(showing(message), id)).toEqual({
      is: 'fail',
      says: '1 message of session 7 can be seen that had been never sent',
      figures: { receipts: 391, refused: 0, foreign: 0, phantoms: 1 },
      shows: 'unoffered@1310.66 s7 7.23, receive@1601.73 s2 7.23',
      blames: 'message 7.23',
    });
  });

  it('sees what is stored as well, but for what the auditor says, and for other runs', () => {
    const stored = (message: string | null) =>
      whole(
        inReads((event) => (event.index === 0 ? { ...event, message } : event)),
        id,
      );
    expect(stored(`${run}.1.9999`)).toEqual({
      is: 'fail',
      says: '1 message of session 1 can be seen that had been never sent',
      figures: { receipts: 390, refused: 0, foreign: 0, phantoms: 1 },
      shows: 'stored@2701.2 s5 1.9999',
      blames: 'message 1.9999',
    });
    expect(stored(`${run}.11.1`)).toMatchObject({ is: 'pass' });
    expect(stored('zzzzzzzz.1.9999')).toMatchObject({ is: 'pass' });
    expect(stored(null)).toMatchObject({ is: 'pass' });
  });
});

describe('messages-reordered', () => {
  it('stands without what is stored where there is no log', () => {
    expect(
      whole(
        lacking(
          without(right, ({ kind }) => kind === 'stored'),
          'log',
        ),
        'messages-reordered',
      ),
    ).toMatchObject({ is: 'pass' });
  });
});
