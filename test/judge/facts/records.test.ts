import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { records } from '../../../src/judge/facts/records.js';
import { viewOf } from './view-of.js';

type Record = EventOf<'record'>;
const record = (t: number, more: Partial<Record> = {}): Record => ({
  ...{ t, session: '1', kind: 'record', name: 'profile', of: 'user', digest: 'd', at: 'before', reading: 1 },
  ...more,
});

describe('the records of sessions', () => {
  it('have their readings of both sides, and what could not be read', () => {
    const [one, two, after] = [record(1), record(2, { reading: 2 }), record(3, { at: 'after' })];
    const unread: EventOf<'record-unread'> = {
      ...{
        t: 4,
        session: '1',
        kind: 'record-unread',
        name: 'profile',
        of: 'user',
        at: 'after',
        reason: 'gone',
      },
    };
    const about = { session: '1', name: 'profile', of: 'user' };
    expect(viewOf(records, [one, two, after, unread]).records).toEqual([
      { ...about, before: [one, two], after: [after], unread: [unread] },
    ]);
  });

  it('are one each of a session, an owner and a name', () => {
    const view = viewOf(records, [
      ...[record(1), record(2, { session: '2' }), record(3, { of: 'other' }), record(4, { name: 'cart' })],
      record(5, { at: 'after' }),
    ]);
    expect(
      view.records.map(({ session, of, name, before, after }) => [
        session,
        of,
        name,
        before.length,
        after.length,
      ]),
    ).toEqual([
      ['1', 'user', 'profile', 1, 1],
      ['2', 'user', 'profile', 1, 0],
      ['1', 'other', 'profile', 1, 0],
      ['1', 'user', 'cart', 1, 0],
    ]);
    expect(view.identities).toEqual([]);
  });
});

describe('who the target said that sessions are', () => {
  it('is kept by session, on both sides', () => {
    const who = (t: number, session: string, at: 'before' | 'after'): EventOf<'who-am-i'> => ({
      ...{ t, session, kind: 'who-am-i', user: `u${session}`, digest: 'd', at },
    });
    const told = [who(1, '1', 'before'), who(2, '2', 'before'), who(3, '1', 'after'), who(4, '1', 'after')];
    expect(viewOf(records, told).identities).toEqual([
      { session: '1', before: [told[0]], after: [told[2], told[3]] },
      { session: '2', before: [told[1]], after: [] },
    ]);
  });
});
