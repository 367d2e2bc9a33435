import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event, EventOf, Header, Kind } from '../../src/history/events.js';
import type { Verdict } from '../../src/judge/verdict.js';
import { workspaces, type Workspace } from './support/workspace.js';

// Fair verdicts with the real mqtt.js at a broker that forgets everything: the library writes what it kept as soon as it is
// back, before others are in their rooms again. That may neither raise an alarm nor hide a loss.

const workspace = workspaces();
const broker = path.resolve(import.meta.dirname, 'fixtures/broker.js');

interface Plot {
  readonly client: string;
  readonly contract: string;
  readonly disruption: 'crash' | 'restart';
  readonly mode?: 'lossy';
}

const configOf = ({ client, contract, disruption, mode }: Plot) => `
import { anonymous, atLeastOnce, crash, defineConfig, launch, restart } from 'outlast';
import { mqtt } from 'outlast/mqtt';

export default defineConfig({
  target: {
    services: {
      broker: launch({
        command: ${JSON.stringify([process.execPath, broker, ...(mode ? [mode] : [])])},
        environment: { PORT: '{port:broker}' },
        ready: 'tcp://127.0.0.1:{port:broker}',
      }),
    },
    users: anonymous(),
    client: mqtt({ url: 'mqtt://127.0.0.1:{port:broker}', reconnectPeriod: '500ms', ${client} }),
  },
  contract: atLeastOnce({ echo: true, ${contract} }),
  workload: { sessions: 12, roomSize: 4, messagesPerSecond: 80, steady: '800ms', quiet: '500ms' },
  disruption: ${disruption}('broker'),
});
`;

async function judged(place: Workspace, plot: Plot) {
  place.write('outlast.config.ts', configOf(plot));
  const { code: exitCode, stdout, stderr } = await place.ran('run', '--out', 'run');
  const story = `${stdout}${stderr}`;
  const lines = readFileSync(place.path('run', 'history.ndjson'), 'utf8').trimEnd().split('\n');
  const [header, ...events] = lines.map((line): unknown => JSON.parse(line)) as [Header, ...Event[]];
  const verdict = JSON.parse(place.read('run', 'verdict.json')) as Verdict;
  return { exitCode, story, verdict, header, events };
}

const of = <K extends Kind>(events: readonly Event[], kind: K) =>
  events.filter((event): event is EventOf<K> => event.kind === kind);

/** What the contract promises and was not kept. */
const broken = ({ tests }: Verdict): string[] =>
  tests
    .flatMap(({ checks }) => checks)
    .filter(({ outcome, binding }) => outcome === 'fail' && binding)
    .map(({ id }) => id);

/** Acknowledged messages that a chatter of their room did not get, by whether it was there when they were said, or away. */
function missedByChatters({ header, events }: { header: Header; events: readonly Event[] }) {
  const acknowledged = new Set(of(events, 'ack').map(({ message }) => message));
  const received = new Set(of(events, 'receive').map(({ message, session }) => `${session} ${message}`));
  const lostAt = new Map(
    of(events, 'close')
      .map(({ session, t }) => [session, t])
      .reverse() as [string, number][],
  );
  const chatters = header.plan.sessions.filter(({ role }) => role === 'chatter');
  const missed = of(events, 'send').flatMap(({ message, room, session: sender, t }) =>
    chatters
      .filter(({ session, rooms }) => rooms.includes(room) && session !== sender)
      .filter(({ session }) => acknowledged.has(message) && !received.has(`${session} ${message}`))
      .map(({ session }) => t > (lostAt.get(session) ?? Infinity)),
  );
  return { away: missed.filter(Boolean).length, there: missed.filter((wasAway) => !wasAway).length };
}

const clean = {
  client: "session: 'clean'",
  contract: 'replayWindow: { time: 0 }',
  disruption: 'crash',
} as const;

describe('mqtt.js at a broker that forgets', () => {
  it('raises no alarm with clean sessions: what the first to come back say is owed to nobody who is not back', async () => {
    const run = await judged(workspace(), clean);
    const { away, there } = missedByChatters(run);
    const checks = run.verdict.tests.flatMap(({ checks }) => checks);
    const { lost, unclear = 0 } = checks.find(({ id }) => id === 'messages-lost')?.figures ?? {};
    expect(lost, run.story).toBe(0);
    expect(away).toBeGreaterThan(0);
    // What it had acknowledged and not yet passed on when it was killed, to those who were there: at most that is unclear.
    expect(unclear, run.story).toBeLessThanOrEqual(there);
    expect(run.verdict.outcome, run.story).toBe(unclear === 0 ? 'pass' : 'unknown');
  });

  it('fails where the broker loses messages while everyone is there: the flush hides nothing', async () => {
    const { verdict, exitCode, story } = await judged(workspace(), { ...clean, mode: 'lossy' });
    expect(broken(verdict), story).toEqual(['messages-lost']);
    expect(exitCode).toBe(1);
  });

  it('fails with kept sessions: whoever was away lacks all that was said meanwhile, every time', async () => {
    const { verdict, header, events, story } = await judged(workspace(), {
      // Aedes hands on what is said now before all that it kept for whoever comes back.
      ...{ client: "session: 'kept'", contract: "order: 'none'", disruption: 'restart' },
    });
    expect(broken(verdict), story).toEqual(['messages-lost']);
    const signalled = of(events, 'disruption').find(({ step }) => step === 'signal')?.t ?? 0;
    const acknowledged = new Map(of(events, 'ack').map(({ message, t }) => [message, t]));
    for (const { session, role, rooms } of header.plan.sessions) {
      if (role !== 'absentee') continue;
      const cut = of(events, 'cut').find((event) => event.session === session)?.t ?? Infinity;
      const said = of(events, 'send').filter(
        ({ room, t, message }) =>
          rooms.includes(room) && t > cut && (acknowledged.get(message) ?? Infinity) < signalled,
      );
      const got = of(events, 'receive')
        .filter((event) => event.session === session)
        .map(({ message }) => message);
      expect(said.length).toBeGreaterThan(0);
      expect(said.filter(({ message }) => got.includes(message))).toEqual([]);
    }
  });

  it('is not begun with a topic that is none, and says which function gave it', async () => {
    const place = workspace();
    place.write('outlast.config.ts', configOf({ ...clean, client: "topic: () => 'chat/#'" }));
    const { code: exitCode, stderr } = await place.ran('run', '--out', 'run');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`topic` of the client');
  });
});
