import { describe, expect, it } from 'vitest';
import type { PlannedDisruption } from '../../../../src/history/events.js';
import type { Contract } from '../../../../src/contract/data.js';
import { arrives, loses, restarts, step, told, type Telling } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { ends, restarted, settles } from '../restarted.js';

const id = 'restart';
const auth = { service: 'auth' };
const said = (...events: readonly Telling[]) => whole(told({}, settles, ends, events), id);

describe('restart', () => {
  it('says who did not come back, and how', () => {
    expect(said(restarts(1_000, null), step(1_500, 'failed', { note: 'exit code 1' }))).toMatchObject({
      is: 'fail',
      says: 'The restart was not completed: backend did not come back (exit code 1)',
      blames: 'service backend',
    });
  });

  it('names and blames all that were not seen ready again, and measures none then', () => {
    expect(said(restarts(1_000, null))).toEqual({
      is: 'unknown',
      says: 'It was not seen that backend is ready again before the history ended',
      figures: {},
      shows: '',
      blames: 'service backend',
    });
    const three = [
      restarts(1_000, null),
      restarts(1_000, null, auth),
      restarts(1_000, 1_100, { service: 'chat' }),
    ];
    expect(said(three)).toMatchObject({
      is: 'unknown',
      says: 'It was not seen that backend and auth are ready again before the history ended',
      blames: 'service backend, service auth',
    });
  });

  it('fails for one that was too slow, whatever became of another', () => {
    const slow = restarts(1_000, 7_001);
    const second = restarts(8_000, null, { disruption: 1 });
    expect(said(slow, second)).toMatchObject({
      is: 'fail',
      says: 'The restart took longer than 5 s: backend 6 s',
      figures: { n: 1, maxMs: 6_000 },
    });
    expect(said(restarts(1_000, 1_100), second)).toMatchObject({ is: 'unknown', figures: {} });
  });

  it('judges no disruption that by its plan restarts nothing', () => {
    const planned: PlannedDisruption = { type: 'pause', services: ['backend'], holdsConnections: true };
    const lacking = { ...planned, lacks: { restart: 'a pause restarts nothing' } };
    const judged = (disruption: PlannedDisruption) =>
      whole(told({ disruptions: [disruption] }, restarts(1_000, 1_100), settles, ends), id);
    expect(judged(planned)).toMatchObject({ is: 'pass', figures: { n: 1, maxMs: 99 } });
    expect(judged(lacking)).toEqual({
      is: 'unknown',
      says: 'Nothing was restarted in this history',
      figures: {},
      shows: '',
      blames: '',
    });
  });

  describe('blames who was late only because the service was down', () => {
    // Session 1 lost its connection at 1,010, was served again from 1,100, and was back at 1,303: 90 ms of 293.
    const its = [
      arrives(100, '1', { instance: 'old' }),
      loses(1_010, '1'),
      arrives(1_300, '1', { conn: 2, instance: 'new' }),
    ];
    const perMonth = (allowedMs: number) => (30 * 24 * 60 * 60 * 1_000 * 0.001) / allowedMs;
    const blames = (budgets: Partial<Contract['budgets']>, allowedMs = 1_000) =>
      whole(
        restarted(
          {
            contract: {
              budgets: { restartMs: 50, ...budgets },
              availability: { target: 0.999, restartsPerMonth: perMonth(allowedMs) },
            },
          },
          its,
        ),
        id,
      ).blames;
    const [service, both] = ['service backend', 'service backend, session 1'];

    it('beyond its budget, and within it without the time that it was down', () => {
      expect(blames({ reconnectMs: 293 })).toBe(service);
      expect(blames({ reconnectMs: 292 })).toBe(both);
      expect(blames({ reconnectMs: 203 })).toBe(both);
      expect(blames({ reconnectMs: 202 })).toBe(service);
    });

    it('by the tightest of the budgets: of reconnects, of recoveries, and of downtime', () => {
      expect(blames({})).toBe(service);
      expect(blames({ recoveryMs: 292 })).toBe(both);
      expect(blames({}, 292)).toBe(both);
      expect(blames({ reconnectMs: 202, recoveryMs: 292 }, 292)).toBe(service);
    });
  });
});
