import type { Event } from '../../src/history/events.js';
import type { CheckResult, TestResult, Verdict } from '../../src/judge/verdict.js';

/** A check's result; a pass that binds unless told. */
export const check = (id: string, changes: Partial<CheckResult> = {}): CheckResult => ({
  id,
  outcome: 'pass',
  binding: true,
  summary: `${id} holds`,
  figures: {},
  evidence: [],
  ...changes,
});

export const test = (
  id: TestResult['id'],
  checks: readonly CheckResult[],
  changes: Partial<TestResult> = {},
): TestResult => ({ id, outcome: 'pass', headline: `all is well with ${id}`, checks, ...changes });

/** A verdict of a right service. */
export const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  outlast: 1,
  run: 'k3j2h1x9',
  seed: 'a1b2c3d4',
  writer: 'outlast/0.1.0',
  startedAt: '2026-01-02T03:04:05.000Z',
  judgedAt: '2026-01-02T03:04:20.000Z',
  outcome: 'pass',
  tests: [
    test('session', [check('identity-kept'), check('no-second-login')]),
    test('token', [check('accepted-after')]),
    test('reconnect', [check('reconnected')]),
    test('continuity', [check('messages-lost'), check('log-kept')]),
    test('integrity', [check('user-data')]),
    test('performance', [check('restart')]),
  ],
  disruptions: [
    {
      type: 'restart',
      services: ['backend'],
      restarts: true,
      heldMs: null,
      restartMs: 412,
      reconnectMs: { n: 45, p50: 520, p95: null, p99: null, max: 810 },
      recoveryMs: { n: 45, p50: 560, p95: null, p99: null, max: 900 },
      reconnectSplitMs: { down: 390, waiting: 100, handshake: 20, joined: 10 },
    },
  ],
  figures: {
    totalMs: 7_400,
    sessions: 50,
    disruptedSessions: 45,
    messages: { sent: 1_204, unoffered: 40, acknowledged: 1_200, received: 4_811, refused: 0, unsure: 4 },
    downtimeMs: { n: 45, p50: 530, p95: null, p99: null, max: 830 },
    deploysPerMonth: 3_122.4,
  },
  notes: [],
  ...changes,
});

export const lostEvidence: readonly Event[] = [
  { kind: 'send', t: 4_120, session: '9', due: 4_119, room: 'r2', message: 'k3j2h1x9.9.14', digest: 'd' },
  { kind: 'ack', t: 4_131.25, session: '9', message: 'k3j2h1x9.9.14', position: '31' },
  {
    kind: 'disruption',
    t: 4_160,
    disruption: 0,
    type: 'restart',
    step: 'signal',
    service: 'backend',
    signal: 'SIGTERM',
  },
];

/** A service that acknowledged before it stored. */
export const lossy = (): Verdict =>
  verdict({
    outcome: 'fail',
    tests: [
      test('session', [check('identity-kept')]),
      test(
        'continuity',
        [
          check('messages-lost', {
            outcome: 'fail',
            summary:
              'session 12 never received 3 messages that the service had acknowledged to session 9, sent 40–112 ms before the signal',
            evidence: lostEvidence,
          }),
          check('log-kept', {
            outcome: 'fail',
            consequenceOf: 'messages-lost',
            summary: '3 acknowledged messages are not in the log',
          }),
          check('messages-altered', { outcome: 'unknown', summary: 'nothing was received' }),
        ],
        { outcome: 'fail', headline: '3 acknowledged messages were lost' },
      ),
      test(
        'integrity',
        [check('user-data', { outcome: 'skipped', summary: 'no user records can be read' })],
        {
          outcome: 'skipped',
          reason: 'no user records can be read',
        },
      ),
    ],
    notes: ['the last line is torn: 12 bytes dropped'],
  });
