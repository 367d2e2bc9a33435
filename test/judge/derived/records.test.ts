import { describe, expect, it } from 'vitest';
import type { Event, EventOf, PlannedSession } from '../../../src/history/events.js';
import { recordsKept } from '../../../src/judge/derived/records.js';
import { telling, type Telling } from './telling.js';

type Told = EventOf<'record'>;
let clock = 0;
const record = (at: Told['at'], digest: string | null, more: Partial<Told> = {}): Told => ({
  ...{ t: ++clock, session: '1', kind: 'record', name: 'profile', of: 'user', at, digest, reading: 1 },
  ...more,
});
const unread = (reason: string, session = '1', name = 'profile'): Event => ({
  ...{ t: ++clock, session, kind: 'record-unread', name, of: 'user', at: 'after', reason },
});
const auditor: PlannedSession = { session: '9', role: 'auditor', rooms: [] };
const kept = (...events: readonly Telling[]) =>
  recordsKept(telling({ sessions: [auditor] }, ...events), 'user');
const times = (found: ReturnType<typeof kept>) => found.evidence.map(({ t }) => t);

describe('records of one kind', () => {
  it('are kept where each reads as it did before', () => {
    const others = [record('before', 'x', { session: '2' }), record('after', 'x', { session: '2' })];
    const found = kept(record('before', 'a'), record('after', 'a'), others);
    expect(found).toMatchObject({
      ...{ outcome: 'pass', summary: '2 user records, each identical to what it was before' },
      figures: { records: 2, changed: 0, gone: 0, unread: 0 },
    });
  });

  it('are those of this kind, of residents, that were read before', () => {
    const none = [
      ...[record('before', 'a', { of: 'other' }), record('after', 'b', { of: 'other' })],
      ...[record('before', 'a', { session: '9' }), record('after', 'b', { session: '9' })],
      record('after', 'b'),
    ];
    expect(kept(none)).toMatchObject({
      ...{
        outcome: 'unknown',
        summary: 'No user record was read before the restart',
        figures: { records: 0 },
      },
    });
  });

  it('changed, in fields that are named', () => {
    const before = record('before', 'a', { fields: ['name:1', 'locale:0a2f', 'theme=3', 'old:4'] });
    const after = record('after', 'b', { fields: ['name:1', 'locale:77b0', 'theme=8', 'new:5'] });
    const found = kept(before, after);
    expect(found).toMatchObject({
      ...{ outcome: 'fail', figures: { records: 1, changed: 1, gone: 0 } },
      summary: 'profile of session 1 changed (locale, theme, old and new)',
      blames: [{ subject: 'session', id: '1' }],
    });
    expect(times(found)).toEqual([before.t, after.t]);
    expect(kept(record('before', 'a'), record('after', 'b')).summary).toBe('profile of session 1 changed');
    const nested = [
      record('before', 'a', { fields: ['a:b:1'] }),
      record('after', 'b', { fields: ['a:b:2'] }),
    ];
    expect(kept(nested).summary).toBe('profile of session 1 changed (a:b)');
  });

  it('are compared by the last reading after the restart', () => {
    expect(kept(record('before', 'a'), record('after', 'b'), record('after', 'a')).outcome).toBe('pass');
    expect(kept(record('before', 'a'), record('after', 'a'), record('after', 'b')).outcome).toBe('fail');
  });

  it('are gone where the target says that there is none', () => {
    const settings = { name: 'settings' } as const;
    const one = [record('before', 'a'), record('after', null)];
    expect(kept(one)).toMatchObject({
      ...{ outcome: 'fail', summary: 'profile of session 1 is gone', figures: { gone: 1, changed: 0 } },
    });
    const two = [
      record('before', 'a', { session: '2', ...settings }),
      record('after', null, { session: '2', ...settings }),
    ];
    expect(kept(one, two).summary).toBe('profile and settings of sessions 1 and 2 are gone');
    const third = [record('before', 'a', { session: '3' }), record('after', 'b', { session: '3' })];
    const all = kept(third, one);
    expect(all.summary).toBe('profile of session 1 is gone; profile of session 3 changed');
    expect(all.blames.map(({ id }) => id)).toEqual(['1', '3']);
    expect(kept(record('before', null), record('after', null)).outcome).toBe('pass');
  });

  it('show four of those that are broken', () => {
    const broken = ['1', '2', '3', '4', '5'].map((session) => [
      ...[record('before', 'a', { session }), record('after', 'b', { session })],
    ]);
    expect(kept(broken).evidence).toHaveLength(8);
  });

  it('say nothing where one changes by itself', () => {
    const first = record('before', 'a', { fields: ['seen:1', 'name:1'] });
    const second = record('before', 'b', { reading: 2, fields: ['seen:2', 'name:1'] });
    const found = kept(first, second, record('before', 'a'), record('after', 'c'));
    expect(found.outcome).toBe('unknown');
    expect(kept(first, second, record('after', 'c')).summary).toMatch(
      /^Two readings of profile before the restart differ \(seen\); it changes by itself/,
    );
    expect(times(kept(first, second, record('after', 'c')))).toEqual([first.t, second.t]);
    const bare = [record('before', 'a'), record('before', 'b', { reading: 2 })];
    expect(kept(bare).summary).toMatch(/^Two readings of profile before the restart differ; /);
    const broken = [record('before', 'a', { session: '2' }), record('after', 'b', { session: '2' })];
    expect(kept(bare, broken).outcome).toBe('fail');
  });

  it('name the first reading that is another one, of however many', () => {
    const readings = (...digests: readonly string[]) =>
      digests.map((digest) => record('before', digest, { fields: [`seen:${digest}`, 'name:1'] }));
    for (const digests of [
      ['a', 'a', 'b'],
      ['a', 'b', 'a'],
      ['a', 'b', 'c'],
    ]) {
      const all = readings(...digests);
      const found = kept(all);
      expect(found.summary).toMatch(/^Two readings of profile before the restart differ \(seen\); /);
      expect(times(found)).toEqual([all[0]?.t, all[digests.indexOf('b')]?.t]);
    }
  });

  it('could not be read after the restart', () => {
    const before = ['1', '2', '3', '4'].map((session) => record('before', 'a', { session }));
    const found = kept(before.slice(0, 1), unread('503'), unread('timed out'));
    expect(found).toMatchObject({
      ...{ outcome: 'unknown', figures: { unread: 1 }, blames: [{ subject: 'session', id: '1' }] },
      summary: 'profile of session 1 could not be read after the restart (503 and timed out)',
    });
    expect(found.evidence).toHaveLength(1);
    expect(kept(before.slice(0, 1)).summary).toBe('profile of session 1 could not be read after the restart');
    const all = kept(
      before,
      before.map(({ session }) => unread('503', session)),
    );
    expect(all.evidence).toHaveLength(3);
    expect(all.summary).toBe('profile of sessions 1, 2, 3 and 4 could not be read after the restart (503)');
    const others = [record('before', 'a', { session: '5' }), record('after', 'a', { session: '5' })];
    expect(kept(before.slice(0, 1), others)).toMatchObject({ outcome: 'unknown', blames: [{ id: '1' }] });
    const many = ['502', '503', '504', '505'].map((reason) => unread(reason));
    expect(kept(before.slice(0, 1), many).summary).toContain('(502, 503 and 2 more)');
  });
});
