import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { unrestored } from '../../../src/judge/derived/unrestored.js';
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
