import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { Rollout } from '../../rollout.js';
import { fast } from '../../rollouts.js';
import { adding, under, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'routed-to-ready';
// Replica 1 is away from 1,200 to 2,100, and replica 2 from 2,300 to 3,200.
const slow = new Rollout({ sessions: 8, downMs: 900, contract: exactlyOnce(fast) });
const idle = without(slow, (event) => ['connect', 'open'].includes(event.kind) && event.t > slow.at.disrupt);

type Refused = EventOf<'refused'>;
/** An attempt of a session that fails a millisecond later, or after so long. */
const failing = (t: number, session: string, how: Partial<Refused> = {}, afterMs = 1): Event[] => [
  { t, session, conn: 9, kind: 'connect', door: 'ws' },
  { t: t + afterMs, session, conn: 9, kind: 'refused', at: 'handshake', ...how },
];
const served = (t: number, session: string): Event[] => [
  { t, session, conn: 9, kind: 'connect', door: 'ws' },
  { t: t + 1, session, conn: 9, kind: 'open', instance: 'boot-2-0' },
];
const withAttempts = (...attempts: readonly Event[][]): Told => adding(idle, ...attempts.flat());

describe('routed-to-ready', () => {
  it('tells how many attempts of whom were not served, how, and who was ready for how long', () => {
    const told = withAttempts(
      failing(1_500, '1', { status: 502 }),
      failing(1_600, '2', { status: 503 }),
      failing(1_700, '2', { at: 'dial', reason: 'connection refused' }),
      failing(1_800, '3', { at: 'dial' }),
      failing(1_900, '5', { status: 504 }),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: '5 attempts of sessions 1, 2, 3 and 5 to connect were not served (502, 503, connection refused and 2 more), although another replica (backend.2) was ready, for 299–699 ms already',
      figures: { servedWhileAway: 0, failed: 5, misled: 5, noticeMs: 100 },
      shows:
        'connect@1500 s1, refused@1501 s1, connect@1600 s2, refused@1601 s2, connect@1700 s2, refused@1701 s2, connect@1800 s3, refused@1801 s3',
      blames: 'session 1, session 2, session 3, session 5',
    });
    expect(whole(withAttempts(failing(1_500, '1', { status: 502 })), id)).toEqual({
      is: 'fail',
      says: '1 attempt of session 1 to connect was not served (502), although another replica (backend.2) was ready, for 299 ms already',
      figures: { servedWhileAway: 0, failed: 1, misled: 1, noticeMs: 100 },
      shows: 'connect@1500 s1, refused@1501 s1',
      blames: 'session 1',
    });
  });

  it('says so where all replicas were ready', () => {
    expect(whole(withAttempts(failing(4_000, '1', { status: 502 })), id)).toEqual({
      is: 'fail',
      says: '1 attempt of session 1 to connect was not served (502), although all replicas were ready, for 800 ms already',
      figures: { servedWhileAway: 0, failed: 1, misled: 1, noticeMs: 100 },
      shows: 'connect@4000 s1, refused@4001 s1',
      blames: 'session 1',
    });
  });

  it.each<[string, Event[]]>([
    ['the answer of a replica to a token', failing(1_500, '1', { status: 401 })],
    ['a refusal when signing in', failing(1_500, '1', { at: 'sign-in', status: 503 })],
    ['one that is refused in a room', failing(1_500, '1', { at: 'join' })],
    ['a refusal without an attempt', failing(1_500, '1', { status: 502 }).slice(1)],
    [
      'an attempt of who has no network',
      [
        { t: 1_490, session: '1', kind: 'cut' },
        ...failing(1_500, '1', { at: 'dial' }),
        { t: 1_600, session: '1', kind: 'uncut' },
      ],
    ],
    [
      'an attempt whose network is taken away meanwhile',
      [
        ...failing(1_500, '1', { at: 'dial' }, 20),
        { t: 1_510, session: '1', kind: 'cut' },
        { t: 1_600, session: '1', kind: 'uncut' },
      ],
    ],
    [
      'an attempt that ends when the network is back',
      [
        { t: 1_490, session: '1', kind: 'cut' },
        { t: 1_510, session: '1', kind: 'uncut' },
        ...failing(1_500, '1', { at: 'dial' }, 20),
      ],
    ],
  ])('counts no failure in %s', (_, events) => {
    expect(whole(withAttempts([...events].sort((one, other) => one.t - other.t)), id).figures).toMatchObject({
      failed: 0,
      misled: 0,
    });
  });

  it('counts no failure of an auditor', () => {
    const { header, events } = withAttempts(failing(1_500, '7', { status: 502 }));
    const sessions = header.plan.sessions.map((one) =>
      one.session === '7' ? { ...one, role: 'auditor' as const } : one,
    );
    const told = { header: { ...header, plan: { ...header.plan, sessions } }, events };
    expect(whole(told, id).figures).toMatchObject({ failed: 0, misled: 0 });
  });

  it.each([
    ['soon after a replica left', 1_250, 1],
    ['while a replica leaves', 1_150, 100],
    ['while a replica comes back', 2_050, 100],
    ['soon after it came back', 2_150, 1],
    ['while none was there', 900, 1],
  ])('misleads nobody with an attempt %s', (when, t, afterMs) => {
    const told =
      when === 'while none was there'
        ? without(withAttempts(failing(2_400, '1', { status: 502 })), isSecondReady)
        : withAttempts(failing(t, '1', { status: 502 }, afterMs));
    expect(whole(told, id).figures).toMatchObject({ failed: 1, misled: 0 });
  });

  it('believes that what changes a second after an attempt began has not met it', () => {
    expect(whole(withAttempts(failing(3_800, '1', { status: 502 }, 3_000)), id).figures).toMatchObject({
      misled: 1,
    });
  });

  it('passes those that were served while a replica was away, and tells of those that failed before that was to be noticed', () => {
    expect(whole(withAttempts(served(1_500, '1')), id)).toEqual({
      is: 'pass',
      says: '1 attempt to connect was served while a replica was away',
      figures: { servedWhileAway: 1, failed: 0, misled: 0, noticeMs: 100 },
      shows: '',
      blames: '',
    });
    expect(
      whole(withAttempts(served(1_500, '1'), served(1_600, '2'), failing(1_220, '3', { status: 502 })), id),
    ).toEqual({
      is: 'pass',
      says: '2 attempts to connect were served while a replica was away; 1 failed within the 100 ms that a balancer may take to notice',
      figures: { servedWhileAway: 2, failed: 1, misled: 0, noticeMs: 100 },
      shows: '',
      blames: '',
    });
  });

  it('takes for served only who came through while one was ready and another was not', () => {
    expect(whole(withAttempts(served(1_100, '1'), served(2_250, '2'), served(3_900, '3')), id)).toEqual({
      is: 'unknown',
      says: 'Nobody connected while one replica was away and another ready, so nothing shows where they would have been sent',
      figures: { servedWhileAway: 0, failed: 0, misled: 0, noticeMs: 100 },
      shows: '',
      blames: '',
    });
    expect(
      whole(withAttempts(served(1_500, '1').slice(0, 1), served(1_600, '2').slice(1)), id).figures,
    ).toMatchObject({ servedWhileAway: 0 });
  });

  it('is unknown where all failed in the time in which it may not have been noticed', () => {
    const told = withAttempts(failing(1_220, '1', { status: 502 }), failing(1_230, '2', { status: 502 }));
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: '2 attempts to connect failed while a replica was away, and none was served; it was away for too short a time to tell whether that would have gone on',
      figures: { servedWhileAway: 0, failed: 2, misled: 0, noticeMs: 100 },
      shows: '',
      blames: '',
    });
    expect(whole(withAttempts(failing(1_220, '1', { status: 502 })), id).says).toMatch(
      /^1 attempt to connect failed/,
    );
  });

  it('is unknown where there was one replica', () => {
    expect(whole(new Rollout({ replicas: 1, sessions: 4 }), id)).toEqual({
      is: 'unknown',
      says: 'No second replica was seen that sessions could have been sent to',
      figures: {},
      shows: '',
      blames: '',
    });
    expect(whole(under(slow, exactlyOnce({ rollout: { noticeMs: 50 } })), id).figures).toMatchObject({
      noticeMs: 50,
    });
  });
});

/** The second life of the first replica. */
function isSecondReady(event: Event): boolean {
  return event.kind === 'disruption' && event.replica === 0 && event.step === 'ready';
}
