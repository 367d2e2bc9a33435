import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { failing } from './support/demo.js';

// The service of the tutorial, judged as its author would: frames of its own, tokens by a shared secret, a log in a file.

const repository = path.resolve(import.meta.dirname, '../..');
const example = path.join(repository, 'examples/own-service');
const main = path.join(repository, 'dist/cli/main.js');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-service-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Judged {
  readonly verdict: Verdict;
  readonly exitCode: number | null;
  /** The report for people. */
  readonly report: string;
}

/** Runs a config in the folder of the example. */
async function judge(config: string): Promise<Judged> {
  const out = path.join(folder, 'run');
  const child = spawn(process.execPath, [main, 'run', '--config', config, '--out', out], {
    cwd: example,
    env: { ...process.env, JWT_SECRET: 'only-for-this-test', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { report: '', progress: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.report += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.progress += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const text = await readFile(path.join(out, 'verdict.json'), 'utf8').catch(() => {
    throw new Error(`expected a verdict (exit code ${exitCode}); it said:\n${said.progress}`);
  });
  return { verdict: JSON.parse(text) as Verdict, exitCode, report: said.report };
}

/** Another config of the example: `file`, with changes. */
async function changed(file: string, changes: string): Promise<string> {
  const written = path.join(folder, 'changed.config.ts');
  const text = `
import { crash, defineConfig } from 'outlast';
import config from ${JSON.stringify(path.join(example, file))};

const { target } = config;
export default defineConfig(${changes});
`;
  await writeFile(written, text);
  return written;
}

const outcomes = ({ tests }: Verdict) => tests.map(({ id, outcome }) => `${id} ${outcome}`);

const fiveOfSix = [
  'session pass',
  'token pass',
  'reconnect pass',
  'continuity pass',
  'integrity skipped',
  'performance pass',
];

describe('a service with frames of its own', () => {
  it('passes under a graceful restart, and what cannot be read of it is skipped', async () => {
    const { verdict, exitCode, report } = await judge('outlast.config.ts');
    expect(outcomes(verdict), report).toEqual(fiveOfSix);
    expect(report).toContain('PASS  5 of 6 judged');
    expect(exitCode).toBe(0);
  });

  it('passes under a crash: what it acknowledged is on disk', async () => {
    const config = await changed('outlast.config.ts', "{ ...config, disruption: crash('chat') }");
    const { verdict, exitCode, report } = await judge(config);
    expect(outcomes(verdict), report).toEqual(fiveOfSix);
    expect(verdict.disruptions.map(({ type }) => type)).toEqual(['crash']);
    expect(exitCode).toBe(0);
  });

  it('passes all six tests when the config says where its records and its log are read', async () => {
    const { verdict, exitCode, report } = await judge('stored.config.ts');
    expect(outcomes(verdict), report).toEqual(fiveOfSix.map((line) => line.replace('skipped', 'pass')));
    expect(report).toContain('PASS  6 of 6 judged');
    expect(exitCode).toBe(0);
  });

  it('fails when its log goes with the process, and the finding names what is gone', async () => {
    const forgets = `['sh', '-c', 'rm -f "$LOG"; exec node server.js']`;
    const services = `{ chat: { ...target.services.chat, command: ${forgets} } }`;
    const config = await changed(
      'stored.config.ts',
      `{ ...config, target: { ...target, services: ${services} } }`,
    );
    const { verdict, exitCode, report } = await judge(config);
    expect(failing(verdict).fails, report).toEqual(['log-kept', 'user-data']);
    expect(report).toMatch(/\d+ acknowledged messages of sessions [^✗]*vanished\s+from r\d/);
    expect(exitCode).toBe(1);
  });
});

describe('the tutorial', () => {
  it.each(['server.js', 'outlast.config.ts', 'stored.config.ts'])(
    'shows %s as it is in the example',
    async (name) => {
      const tutorial = await readFile(path.join(repository, 'docs/tutorial.md'), 'utf8');
      expect(tutorial).toContain(await readFile(path.join(example, name), 'utf8'));
    },
  );
});
