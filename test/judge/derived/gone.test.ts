import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { endedEarly, goneFinding } from '../../../src/judge/derived/gone.js';
import { arrives, restarts, step, telling, type Telling } from './telling.js';

type End = EventOf<'end'>;
const end = (how: End['how'], more: Partial<End> = {}): End => ({ t: 9_000, kind: 'end', how, ...more });
const completed = end('completed');
const here = arrives(10, '1', { instance: 'old' });
const failed = [restarts(99, null), step(300, 'failed', { note: 'exit code 1' })];
describe('a target that did not come back', () => {
  const gone = (told: End | null, ...events: readonly Telling[]) =>
    goneFinding(telling({}, here, ...events), told, 'Nothing can be said');

  it('failed to start again, as the disruption saw', () => {
    const found = gone(completed, failed);
    expect(found).toMatchObject({
      ...{ outcome: 'fail', summary: 'Nothing can be said: backend did not come back (exit code 1)' },
      blames: [
        { subject: 'session', id: '1' },
        { subject: 'service', id: 'backend' },
      ],
      likely: {
        cause: expect.stringContaining('The process ended'),
        next: expect.stringContaining('target/'),
      },
    });
    expect(found?.evidence.map(({ t }) => t)).toEqual([99, 300]);
  });

  it('is said to be gone by the end of the run', () => {
    for (const code of ['RESTART_FAILED', 'TARGET_GONE']) {
      expect(gone(end('failed', { code, reason: 'it is gone' }), restarts(99, 200))?.summary).toBe(
        'Nothing can be said: backend did not come back (it is gone)',
      );
      expect(gone(end('interrupted', { code }), restarts(99, 200))).toBeNull();
    }
    expect(gone(end('failed', { code: 'TARGET_GONE' }))?.summary).toBe(
      'Nothing can be said: the target did not come back',
    );
    expect(gone(end('failed', { code: 'TARGET_GONE' }))?.evidence).toEqual([]);
  });

  it('is told by the reason of the end before that of the disruption', () => {
    expect(gone(end('failed', { code: 'TARGET_GONE', reason: 'why' }), failed)?.summary).toMatch(/\(why\)$/);
    expect(gone(null, failed)?.summary).toMatch(/\(exit code 1\)$/);
    expect(gone(null, restarts(99, null), step(300, 'failed'))?.summary).toBe(
      'Nothing can be said: backend did not come back',
    );
  });

  it('names the services that failed, each once, and no other', () => {
    const auth = restarts(99, 200, { service: 'auth' });
    expect(gone(null, failed, auth)?.summary).toContain(': backend did not come back');
    const both = [failed, auth, step(310, 'failed', { service: 'auth' })];
    expect(gone(null, both)?.summary).toContain(': backend and auth did not come back');
    const replicas = [restarts(99, null, { replica: 1 }), step(310, 'failed', { replica: 1 })];
    expect(gone(null, failed, replicas)?.summary).toContain(': backend did not come back');
  });

  it('is not meant where it came back, or what failed is the disruption itself', () => {
    expect(gone(completed, restarts(99, 200))).toBeNull();
    expect(gone(null, restarts(99, null))).toBeNull();
    expect(gone(end('failed', { code: 'PREFLIGHT' }), restarts(99, 200))).toBeNull();
    expect(gone(end('failed'), restarts(99, 200))).toBeNull();
    expect(gone(end('failed', { code: 'DISRUPTION_FAILED' }), failed)).toBeNull();
    expect(gone(end('completed', { code: 'DISRUPTION_FAILED' }), failed)).not.toBeNull();
  });
});

describe('a history that ended early', () => {
  const early = (told: End | null, ...events: readonly Telling[]) => endedEarly(telling({}, ...events), told);
  it('was not waited for to its end', () => {
    const settled = { t: 500, kind: 'phase', phase: 'settle' } as const;
    expect([null, end('interrupted'), end('failed')].map((told) => early(told))).toEqual([true, true, true]);
    expect([completed, end('skipped')].map((told) => early(told))).toEqual([false, false]);
    expect([null, end('interrupted'), end('failed')].map((told) => early(told, settled))).toEqual([
      ...[true, true, false],
    ]);
  });
});
