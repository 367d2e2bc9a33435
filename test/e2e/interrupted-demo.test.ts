import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { eventually, type Child } from './support/child.js';
import { canSeeProcesses, remaining, tracesOf, type Traces } from './support/traces.js';
import { repository, Workspace } from './support/workspace.js';

/** PostgreSQL takes its time to end when nobody is left to kill it. */
const guardianWithinMs = 30_000;

// One for all: the binaries of the embedded database are cached in its temporary folder.
let place: Workspace;
beforeAll(() => {
  place = new Workspace();
});
afterAll(() => place.remove());

const verdictIn = (folder: string) =>
  JSON.parse(readFileSync(place.path(folder, 'verdict.json'), 'utf8')) as Verdict;

/** Waits for a phase; in preflight, until the database is being started. */
async function comesTo(run: Child, phase: string): Promise<Traces> {
  await run.says(`s  ${phase}: `);
  const isStarting = ({ processes }: Traces) => processes.some(({ command }) => command.includes('postgres'));
  return phase === 'preflight' ? eventually(() => tracesOf(run.id), isStarting) : tracesOf(run.id);
}

describe.skipIf(!canSeeProcesses)('a demo that does not come to its end', () => {
  it.each([
    ['SIGHUP', 'preflight', 129],
    ['SIGINT', 'disrupt', 130],
    ['SIGTERM', 'recover', 143],
  ] as const)('ends auth, backend, PostgreSQL and all else on %s in %s', async (signal, phase, code) => {
    const run = place.outlast('demo', '--sessions', '8', '--out', signal);
    const traces = await comesTo(run, phase);
    run.signal(signal);
    expect(await run.ended, run.output).toEqual({ code, signal: null });
    expect(await remaining(traces)).toEqual([]);
    expect(place.leftovers()).toEqual([]);
    expect(verdictIn(signal)).toMatchObject({ outcome: 'unknown', reason: `interrupted by ${signal}` });
  });

  it.each(['preflight', 'disrupt'])('leaves its guardian to end them after SIGKILL in %s', async (phase) => {
    const run = place.outlast('demo', '--crash', '--sessions', '8', '--out', `killed in ${phase}`);
    const traces = await comesTo(run, phase);
    if (phase === 'disrupt') await run.says('crash of backend: signal');
    run.signal('SIGKILL');
    await run.ended;
    await eventually(
      () => remaining(traces),
      (left) => left.length === 0,
      guardianWithinMs,
    );
    await place.expectNothingLeft(guardianWithinMs);
  });

  it('ends when Ctrl-C is pressed on `npm start`', async () => {
    const folder = place.path('npm');
    const command = ['npm', 'start', '--', '--sessions', '8', '--out', folder] as const;
    const npm = place.start([...command], { folder: repository, leads: true });
    await npm.says('s  steady: ');
    const traces = tracesOf(npm.id);
    // A terminal's Ctrl-C goes to npm and to Outlast at once.
    npm.signalGroup('SIGINT');
    expect((await npm.ended).code, npm.output).toBe(130);
    expect(await remaining(traces)).toEqual([]);
    expect(place.leftovers()).toEqual([]);
    expect(verdictIn('npm')).toMatchObject({ outcome: 'unknown', reason: 'interrupted by SIGINT' });
    // PostgreSQL with its children, its parent, three services, the guardian, Outlast, npm.
    expect(traces.processes.length).toBeGreaterThan(10);
  });
});
