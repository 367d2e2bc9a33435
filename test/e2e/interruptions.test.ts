import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { eventually, type Child } from './support/child.js';
import { configFor } from './support/config.js';
import { canSeeProcesses, remaining, tracesOf } from './support/traces.js';
import { outlastCommand, workspaces, type Workspace } from './support/workspace.js';

const phases = [
  'preflight',
  'establish',
  'steady',
  'before',
  'disrupt',
  'recover',
  'settle',
  'audit',
] as const;

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** The guardian asks a service to end, gives it two seconds, and kills it; this machine may be busy. */
const guardianWithinMs = 20_000;

const workspace = workspaces();

/** A workspace with a service that answers slowly enough to be met in every phase. */
function chatting(service = 'chat.js', launch = ''): Workspace {
  const made = workspace();
  made.write('outlast.config.mjs', configFor([service], { environment: { DELAY_MS: '300' }, launch }));
  return made;
}

/** Lets a run come to a phase, does something to it there, and waits for its end. */
async function met(run: Child, phase: string, act: () => Promise<void> | void) {
  await run.says(`s  ${phase}: `);
  const traces = tracesOf(run.id);
  await act();
  return { ...(await run.ended), traces };
}

const verdictIn = (place: Workspace, folder = 'run') =>
  JSON.parse(place.read(folder, 'verdict.json')) as Verdict;

/** Interrupts a run, and checks everything that is promised of it then. */
async function interrupt(phase: string, [signal, code]: (typeof signals)[number]): Promise<void> {
  const place = chatting();
  const run = place.outlast('run', '--out', 'run');
  const ending = await met(run, phase, () => run.signal(signal));
  expect(ending, run.output).toMatchObject({ code, signal: null });
  expect(run.stderr).toContain(`outlast: ${signal}: healing and stopping`);
  expect(await remaining(ending.traces)).toEqual([]);
  expect(place.leftovers()).toEqual([]);
  const verdict = verdictIn(place);
  expect(verdict).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringContaining(`interrupted by ${signal}`),
  });
  expect(await place.ran('judge', 'run', '--out', 'again')).toMatchObject({ code: 3 });
  expect({ ...verdictIn(place, 'again'), judgedAt: '' }).toEqual({ ...verdict, judgedAt: '' });
}

/** Kills a run, and checks that what it had started ends all the same, and that its history can be judged. */
async function kill(phase: string): Promise<void> {
  const place = chatting();
  const run = place.outlast('run', '--out', 'run');
  const { signal, traces } = await met(run, phase, async () => {
    // What was seen is on the disk a moment later.
    await eventually(
      () => contentOf(place, 'run/history.ndjson'),
      (text) => text !== '',
    );
    run.signal('SIGKILL');
  });
  expect(signal).toBe('SIGKILL');
  await eventually(
    () => remaining(traces),
    (left) => left.length === 0,
    guardianWithinMs,
  );
  await place.expectNothingLeft(guardianWithinMs);
  expect(existsSync(place.path('run', 'verdict.json'))).toBe(false);
  expect(await place.ran('judge', 'run')).toMatchObject({ code: 3 });
  expect(verdictIn(place).outcome).toBe('unknown');
}

describe.skipIf(!canSeeProcesses)('a run that does not come to its end', () => {
  describe.each(phases)('in the phase %s', (phase) => {
    it('heals, judges what it saw, exits as documented and leaves nothing, whatever ends it', async () => {
      const ends = [...signals.map((signal) => interrupt(phase, signal)), kill(phase)];
      const failures = (await Promise.allSettled(ends)).flatMap((end) =>
        end.status === 'rejected' ? [end.reason] : [],
      );
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
    });
  });

  it('would leave something if it did not heal: a service, a guardian, a relay', async () => {
    const place = chatting();
    const run = place.outlast('run', '--out', 'run');
    const { traces } = await met(run, 'steady', () => run.signal('SIGINT'));
    expect(traces.processes.length).toBeGreaterThanOrEqual(3);
    expect(traces.ports.length).toBeGreaterThanOrEqual(2);
  });

  it('heals at once on a second Ctrl-C', async () => {
    const place = chatting('ignores-sigterm.js', "grace: '5m',");
    const run = place.outlast('run', '--out', 'run');
    let again: NodeJS.Timeout | undefined;
    const { code } = await met(run, 'steady', () => {
      run.signal('SIGINT');
      void hears(place, 'not now').then(() => (again = setInterval(() => run.signal('SIGINT'), 100)));
    });
    clearInterval(again);
    expect(code).toBe(130);
    await place.expectNothingLeft(guardianWithinMs);
  });
});

/** Waits until the service has said something. */
const hears = (place: Workspace, text: string) =>
  eventually(
    () => contentOf(place, 'run/target/backend.log'),
    (said) => said.includes(text),
  );

const contentOf = (place: Workspace, name: string) => (existsSync(place.path(name)) ? place.read(name) : '');

const terminal = path.join(import.meta.dirname, 'fixtures/terminal.py');
const hasTerminal = spawnSync('python3', ['-c', 'import pty']).status === 0;

describe.skipIf(!canSeeProcesses || !hasTerminal)('a run on a terminal (made by python3)', () => {
  it.each([
    ['Ctrl-C is pressed', 'press', 130, 'SIGINT'],
    ['the terminal is closed', 'close', 129, 'SIGHUP'],
  ] as const)('heals when %s', async (_, act, code, signal) => {
    const place = chatting();
    const run = place.start(['python3', terminal, ...outlastCommand('run', '--out', 'run')]);
    await run.says('chatting, undisturbed');
    const traces = tracesOf(run.id);
    run.tell(act);
    expect(await run.ended, run.output).toMatchObject({ code });
    expect(verdictIn(place).reason).toContain(`interrupted by ${signal}`);
    expect(await remaining(traces)).toEqual([]);
  });
});
