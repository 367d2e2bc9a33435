import { describe, expect, it } from 'vitest';
import type { EventOf, PlannedSession } from '../../../../src/history/events.js';
import {
  reading,
  restarts,
  says,
  told,
  type Entry,
  type Saying,
  type Telling,
} from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { ends, restarted } from '../restarted.js';

const id = 'no-record-changed';
const without = { 'other-records': 'there are none' };
const said = (...events: readonly Telling[]) => whole(restarted({ without }, ...events), id);
const saidWithRecords = (...events: readonly Telling[]) => whole(restarted({}, ...events), id);

const message = (number: number, place: Saying = {}) => says(100 + number, '1', number, place);
const stored = (...entries: readonly Entry[]) => reading(2_500, 'after', entries);
const entry = (number: number, place: Omit<Entry, 'of'>): Entry => ({ of: ['1', number], ...place });
const record = (t: number, session: string, digest: string): EventOf<'record'> => ({
  ...{ t, session, kind: 'record', name: 'settings', of: 'other', digest, reading: 1 },
  at: t < 1_000 ? 'before' : 'after',
});
const records = (session: string, after: string) => [
  record(900, session, 'a'),
  record(2_600, session, after),
];
const restless = [record(900, '1', 'a'), { ...record(901, '1', 'b'), reading: 2 }];

const reused = [message(1, { position: '5' }), message(2, { position: '5' })];
const moved = [message(3, { position: '7' }), stored(entry(3, { position: '8' }))];

describe('no-record-changed', () => {
  it('passes where each message has a number of its own, and counts those acknowledged', () => {
    const story = [message(1, { position: '1' }), message(2, { position: '2' }), message(3, { ackAt: null })];
    expect(said(story)).toEqual({
      is: 'pass',
      says: '2 messages, each under a number of its own',
      figures: { messages: 2, reused: 0, moved: 0 },
      shows: '',
      blames: '',
    });
  });

  it('tells a number that was given twice, and shows and blames who had it first', () => {
    expect(said(reused)).toEqual({
      is: 'fail',
      says: '1 number or id given to two messages, in r1',
      figures: { messages: 2, reused: 1, moved: 0 },
      shows: 'ack@102 s1 1.1, ack@103 s1 1.2',
      blames: 'message 1.1',
    });
  });

  it('tells a message that is stored elsewhere, and shows where it was told of and where it is', () => {
    expect(said(moved)).toEqual({
      is: 'fail',
      says: '1 message stored under another number or id than was told, in r1',
      figures: { messages: 1, reused: 0, moved: 1 },
      shows: 'ack@104 s1 1.3, stored@2501 s90 1.3',
      blames: 'message 1.3',
    });
  });

  it('tells both in one, of each room once, and blames all', () => {
    const elsewhere = [message(4, { position: '5', room: 'r2' }), message(5, { position: '5', room: 'r2' })];
    expect(said(moved, reused, elsewhere)).toEqual({
      is: 'fail',
      says: '2 numbers or ids given to two messages; 1 message stored under another number or id than was told, in r1 and r2',
      figures: { messages: 5, reused: 2, moved: 1 },
      shows:
        'ack@102 s1 1.1, ack@103 s1 1.2, ack@105 s1 1.4, ack@106 s1 1.5, ack@104 s1 1.3, stored@2501 s90 1.3',
      blames: 'message 1.1, message 1.4, message 1.3',
    });
  });

  describe('of many', () => {
    const twice = [1, 2, 3, 4].flatMap((number) => [
      message(number, { position: String(number) }),
      message(number + 10, { position: String(number) }),
    ]);
    const away = [21, 22, 23, 24];
    const elsewhere = [
      away.map((number) => message(number, { position: String(number) })),
      stored(...away.map((number) => entry(number, { position: String(number + 100) }))),
    ];
    const shownTwice =
      'ack@102 s1 1.1, ack@112 s1 1.11, ack@103 s1 1.2, ack@113 s1 1.12, ack@104 s1 1.3, ack@114 s1 1.13';
    const shownElsewhere =
      'ack@122 s1 1.21, stored@2501 s90 1.21, ack@123 s1 1.22, stored@2501 s90 1.22, ack@124 s1 1.23, stored@2501 s90 1.23';

    it('shows three numbers that were given twice, or three messages stored elsewhere', () => {
      expect(said(twice).shows).toBe(shownTwice);
      expect(said(elsewhere).shows).toBe(shownElsewhere);
    });

    it('shows three of each, and blames all', () => {
      expect(said(twice, elsewhere)).toMatchObject({
        figures: { messages: 12, reused: 4, moved: 4 },
        shows: `${shownTwice}, ${shownElsewhere}`,
        blames:
          'message 1.1, message 1.2, message 1.3, message 1.4, message 1.21, message 1.22, message 1.23, message 1.24',
      });
    });
  });

  it('shows and blames the second where only the number of the first is remembered', () => {
    const sessions: readonly PlannedSession[] = [{ session: '1', role: 'chatter', rooms: ['r1'] }];
    const said = [says(100, '1', 1, { position: '5' }), says(80_000, '1', 2, { position: '5' })];
    const story = told({ without, sessions }, said, restarts(81_000, 81_100), { ...ends, t: 83_000 });
    expect(whole(story, id)).toMatchObject({
      is: 'fail',
      figures: { messages: 2, reused: 1, moved: 0 },
      shows: 'ack@80001 s1 1.2',
      blames: 'message 1.2',
    });
  });

  it('knows nothing where no message was acknowledged', () => {
    expect(said(message(1, { ackAt: null }))).toEqual({
      is: 'unknown',
      says: 'No message was acknowledged, so no number was given',
      figures: { messages: 0, reused: 0, moved: 0 },
      shows: '',
      blames: '',
    });
  });

  describe('where other records are read', () => {
    it('says so where they are the same', () => {
      expect(saidWithRecords(message(1), records('1', 'a'))).toEqual({
        is: 'pass',
        says: '1 message, each under a number of its own; 1 other record, each identical to what it was before',
        figures: { messages: 1, reused: 0, moved: 0 },
        shows: '',
        blames: '',
      });
    });

    it('tells what changed of them, and shows it', () => {
      expect(saidWithRecords(message(1), records('1', 'b'))).toEqual({
        is: 'fail',
        says: 'settings of session 1 changed',
        figures: { records: 1, changed: 1, gone: 0, unread: 0 },
        shows: 'record@900 s1, record@2600 s1',
        blames: 'session 1',
      });
    });

    it('tells it together with numbers given twice', () => {
      expect(saidWithRecords(reused, records('1', 'b'))).toEqual({
        is: 'fail',
        says: '1 number or id given to two messages, in r1; settings of session 1 changed',
        figures: { records: 1, changed: 1, gone: 0, unread: 0, messages: 2, reused: 1, moved: 0 },
        shows: 'ack@102 s1 1.1, ack@103 s1 1.2, record@900 s1, record@2600 s1',
        blames: 'message 1.1, session 1',
      });
    });

    it('fails by a number given twice whatever is not known of them', () => {
      expect(saidWithRecords(reused, restless)).toMatchObject({
        is: 'fail',
        says: '1 number or id given to two messages, in r1',
        figures: { messages: 2, reused: 1, moved: 0 },
      });
    });

    it('is unknown where they change by themselves', () => {
      expect(saidWithRecords(message(1), restless)).toMatchObject({
        is: 'unknown',
        says: expect.stringMatching(/^Two readings of settings before the restart differ/),
      });
    });
  });
});
