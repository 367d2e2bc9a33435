import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/data.js';
import type { Header } from '../../src/history/events.js';
import type { Verdict } from '../../src/judge/verdict.js';
import { failing, outlast, runDemo, type DemoRun } from './support/demo.js';

// Two checks hold a service to promises that the demo does not make, so no broken part can fail them there: a restart
// that nobody notices, and so many restarts a month. A contract stands in the history, and a history can be judged again.
let run: DemoRun;
let folder: string;

beforeAll(async () => {
  run = await runDemo('--break', 'slow-start');
  folder = await mkdtemp(path.join(tmpdir(), 'promises-test-'));
});
afterAll(async () => {
  await run.clear();
  await rm(folder, { recursive: true, force: true });
});

/** The verdict of the same run, had the service promised something else. */
async function judgedUnder(promise: (contract: Contract) => Contract): Promise<Verdict> {
  const history = await readFile(path.join(run.folder, 'history.ndjson'), 'utf8');
  const [first = '', ...events] = history.split('\n');
  const header = JSON.parse(first) as Header;
  // How fast everyone is back is the machine's affair; how long the start takes is the variant's.
  const budgets = { ...header.contract.budgets, reconnectMs: 60_000, recoveryMs: 60_000, totalMs: 120_000 };
  const changed = JSON.stringify({ ...header, contract: promise({ ...header.contract, budgets }) });
  const copy = path.join(folder, 'history.ndjson');
  await writeFile(copy, [changed, ...events].join('\n'));
  const { stdout, exitCode } = await outlast('judge', copy, '--json', '--out', path.join(folder, 'verdict'));
  expect(exitCode).toBe(1);
  return JSON.parse(stdout) as Verdict;
}

it('fails connection-was-lost where a restart was promised that nobody notices', async () => {
  // So far from how long it takes that no stall of this program makes it doubtful.
  const hasty = (contract: Contract): Contract => ({
    ...contract,
    connectionLost: 'never',
    budgets: { ...contract.budgets, restartMs: 500 },
  });
  const verdict = await judgedUnder(hasty);
  expect(failing(verdict)).toEqual({
    fails: ['connection-was-lost', 'restart'],
    consequences: [],
    unknown: [],
  });
});

it('fails availability where twenty restarts a day were promised', async () => {
  const patient = (contract: Contract): Contract => ({
    ...contract,
    budgets: { ...contract.budgets, restartMs: 30_000 },
    availability: { target: 0.999, restartsPerMonth: 600 },
  });
  expect(failing(await judgedUnder(patient))).toEqual({
    fails: ['availability'],
    consequences: [],
    unknown: [],
  });
});
