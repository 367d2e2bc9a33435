import { describe, expect, it } from 'vitest';
import { reading, says, type Entry, type Reading, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { restarted } from '../restarted.js';

const id = 'chat-log';
const entry = (number: number, more: Omit<Entry, 'of'> = {}): Entry => ({
  ...{ of: ['1', number], id: `i${number}`, position: String(number) },
  ...more,
});
const entries = (...numbers: readonly number[]) => numbers.map((number) => entry(number));
const foreign = (text: string): Entry => ({ of: null, digest: text });
const before = (all: readonly Entry[], its: Reading = {}) => reading(900, 'before', all, its);
const after = (all: readonly Entry[], its: Reading = {}) => reading(2_500, 'after', all, its);
const said = (...events: readonly Telling[]) => whole(restarted({}, ...events), id);

describe('chat-log', () => {
  it('passes where every entry is there as it was, and counts them over all rooms', () => {
    const story = [
      before(entries(1, 2)),
      after(entries(1, 2, 3)),
      before([foreign('welcome')], { room: 'r2' }),
      after([foreign('welcome')], { room: 'r2' }),
    ];
    expect(said(story)).toEqual({
      is: 'pass',
      says: '3 stored messages, each at its place and unchanged',
      figures: { compared: 3, differences: 0 },
      shows: '',
      blames: '',
    });
  });

  const changes: readonly (readonly [string, readonly Entry[], string])[] = [
    ['missing', entries(2, 3), '1 message missing'],
    ['changed', [...entries(1, 2), entry(3, { digest: 'other' })], '1 message changed'],
    ['renamed', [...entries(1, 2), entry(3, { id: 'x' })], '1 message stored under another id or number'],
    ['twice', [...entries(1, 2, 3), entry(3, { id: 'x', position: '9' })], '1 message stored twice'],
    ['out of order', entries(1, 3, 2), '1 message in another order'],
    ['shown twice', entries(1, 2, 3, 3), '1 message shown twice by the paging'],
  ];

  it.each(changes)('says in words what became of an entry: %s', (_, now, words) => {
    expect(said(before(entries(1, 2, 3)), after(now))).toMatchObject({
      is: 'fail',
      says: `Of 3 messages stored before the restart, in r1: ${words}`,
      figures: { compared: 3, differences: 1 },
    });
  });

  it('tells each kind of difference once with its number, all kinds, and each room once', () => {
    const now = [
      entry(3, { digest: 'x' }),
      entry(4, { id: 'x' }),
      entry(6),
      ...entries(5, 7, 7),
      entry(8),
      entry(8, { id: 'y' }),
    ];
    const story = [
      before(entries(1, 2, 3, 4, 5, 6, 7, 8)),
      after(now),
      before(entries(11), { room: 'r2' }),
      after(entries(12), { room: 'r2' }),
      before(entries(21), { room: 'r3' }),
      after(entries(21), { room: 'r3' }),
    ];
    expect(said(story)).toMatchObject({
      is: 'fail',
      says: 'Of 10 messages stored before the restart, in r1 and r2: 3 messages missing, 1 message changed, 1 message stored under another id or number, 1 message in another order, 1 message shown twice by the paging and 1 message stored twice',
      figures: { compared: 10, differences: 8 },
    });
  });

  it('shows both sides of four differences, and blames all messages', () => {
    const now = [
      entry(1, { digest: 'x' }),
      entry(2, { digest: 'x' }),
      ...[4, 5].map((n) => entry(n, { digest: 'x' })),
    ];
    expect(said(before(entries(1, 2, 3, 4, 5)), after(now))).toEqual({
      is: 'fail',
      says: 'Of 5 messages stored before the restart, in r1: 4 messages changed and 1 message missing',
      figures: { compared: 5, differences: 5 },
      shows:
        'stored@901 s90 1.1, stored@2501 s90 1.1, stored@901 s90 1.2, stored@2501 s90 1.2, stored@901 s90 1.3, stored@901 s90 1.4, stored@2501 s90 1.4',
      blames: 'message 1.1, message 1.2, message 1.3, message 1.4, message 1.5',
    });
  });

  it('blames the room for a text that no client of the run sent', () => {
    expect(said(before([foreign('welcome')]), after([]))).toMatchObject({
      is: 'fail',
      says: 'Of 1 message stored before the restart, in r1: 1 message missing',
      blames: 'room r1',
    });
  });

  it('names the rooms that were not read to their end again, and blames them', () => {
    const one = [before(entries(1)), after(entries(1), { ok: false })];
    expect(said(one)).toEqual({
      is: 'unknown',
      says: 'r1 was not read to the end after the restart',
      figures: { compared: 0, differences: 0 },
      shows: '',
      blames: 'room r1',
    });
    expect(said(one, before(entries(2), { room: 'r2' }))).toMatchObject({
      is: 'unknown',
      says: 'r1 and r2 were not read to the end after the restart',
      blames: 'room r1, room r2',
    });
  });

  it('fails by a difference whatever could not be read besides', () => {
    const story = [before(entries(1)), after([]), before(entries(2), { room: 'r2' })];
    expect(said(story)).toMatchObject({ is: 'fail', figures: { compared: 1, differences: 1 } });
  });

  it('knows nothing where nothing was stored before', () => {
    expect(said(before([]), after([]), says(950, '1', 1))).toEqual({
      is: 'unknown',
      says: 'Nothing was stored before the restart, so nothing can be compared',
      figures: { compared: 0, differences: 0 },
      shows: '',
      blames: '',
    });
  });
});
