import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { unlessUnrestored, unrestored } from '../../../src/judge/derived/unrestored.js';
import { finding } from '../checking.js';
import { arrives, loses, restarts, step, telling, type Telling } from './telling.js';

type End = EventOf<'end'>;
const end = (how: End['how'], more: Partial<End> = {}): End => ({ t: 9_000, kind: 'end', how, ...more });
const completed = end('completed');
const here = arrives(10, '1', { instance: 'old' });
const failed = [restarts(99, null), step(300, 'failed', { note: 'exit code 1' })];

describe('what is said of times to come back where nobody has one', () => {
  const said = (told: End, ...events: readonly Telling[]) => unrestored(telling({}, ...events), told);

  it('is that the target is gone, which is told elsewhere', () => {
    expect(said(completed, here, failed)).toMatchObject({
      ...{
        outcome: 'unknown',
        summary: 'There is no time to measure: backend did not come back (exit code 1)',
      },
    });
  });

  it('is that nobody came back', () => {
    expect(said(completed, here, restarts(99, 200), loses(105, '1'))).toMatchObject({
      ...{ outcome: 'unknown', summary: 'None of 1 session that lost the connection came back' },
      blames: [{ subject: 'session', id: '1' }],
    });
  });

  it('is that nobody was there, or had to wait', () => {
    expect(said(completed, restarts(99, 200))).toMatchObject({
      ...{
        outcome: 'unknown',
        summary: expect.stringMatching(/^No session was connected to what was restarted/),
      },
    });
    expect(said(completed, here, restarts(99, 200))).toMatchObject({
      ...{ outcome: 'pass', figures: { n: 0 } },
    });
    expect(said(completed, here, restarts(99, null))).toMatchObject({
      ...{ outcome: 'unknown', summary: 'No session lost its connection, and the restart is not proved' },
    });
  });
});

describe('times to come back from several disruptions', () => {
  const again = restarts(499, 600, { disruption: 1, instance: 'new' });
  const back = [loses(105, '1'), arrives(230, '1', { conn: 2, instance: 'new' })];
  const lost = loses(505, '1', 2);
  const said = (found: Parameters<typeof unlessUnrestored>[1], ...events: readonly Telling[]) =>
    unlessUnrestored(telling({}, here, restarts(99, 200), again, ...events), found);
  const passed = finding('pass', { figures: { n: 1 } });

  it('are not known where nobody came back from one of them', () => {
    expect(said(passed, back, lost)).toMatchObject({
      outcome: 'unknown',
      summary: 'None of 1 session that lost the connection by disruption 2 came back',
      figures: { n: 1 },
      blames: [{ subject: 'session', id: '1' }],
    });
  });

  it('are what they are where somebody came back from each, or they were too long already', () => {
    const other = [arrives(11, '2', { instance: 'old' }), loses(106, '2')];
    expect(said(passed, back, lost, arrives(630, '1', { conn: 3 }))).toBe(passed);
    expect(said(passed, back, other)).toBe(passed);
    const failed = finding('fail');
    expect(said(failed, back, lost)).toBe(failed);
  });
});
