import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { configFor, tokenKey, type ConfigOptions } from './support/config.js';
import { canSeeProcesses } from './support/traces.js';
import { Workspace, workspaces, type Ended } from './support/workspace.js';

const workspace = workspaces();

/** Judges one of the fixtures' services. */
async function judged(service: readonly string[], options: ConfigOptions = {}, place = workspace()) {
  place.write('outlast.config.mjs', configFor(service, options));
  return { place, ...(await place.ran('run', '--out', 'run')) };
}

const verdictIn = (place: Workspace) => JSON.parse(place.read('run', 'verdict.json')) as Verdict;

describe('a small service that does everything right', () => {
  it('passes: what the others of this file fail at is their own', async () => {
    const { code, stdout } = await judged(['chat.js']);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('PASS  6 of 6 judged');
  });
});

describe('a service that cannot be started', () => {
  it('because its port is in use: says which, and touches nobody', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const { port } = stranger.address() as AddressInfo;
      const { code, stderr } = await judged(['chat.js'], { ready: `http://127.0.0.1:${port}/health` });
      expect(code).toBe(3);
      expect(stderr).toContain(`another program listens at 127.0.0.1:${port}, which backend is to have`);
      expect(stderr).toContain('(PORT_IN_USE;');
      expect(stranger.listening).toBe(true);
    } finally {
      stranger.close();
    }
  });

  it.each([
    ['never gets ready', 'never-ready.js', 'status 503', 'waiting for the moon', 'TARGET_NOT_READY'],
    ['exits at once', 'exits-at-once.js', 'exited with 3 before', 'line 30', 'TARGET_EXITED'],
    ['answers its health with garbage', 'answers-garbage.js', 'not HTTP', 'talking', 'TARGET_NOT_READY'],
  ])('because it %s: says so, with its last lines', async (_, service, seen, printed, error) => {
    const { code, stderr, place } = await judged([`../../fixtures/services/${service}`], {
      launch: "readyWithin: '4s',",
    });
    expect(code).toBe(3);
    expect(stderr).toContain(seen);
    expect(stderr).toContain(`\n  ${printed}\n`);
    expect(stderr).toContain(`(${error};`);
    expect(verdictIn(place).outcome).toBe('unknown');
  });
});

describe('a service whose sockets are of no use', () => {
  const fromTheStart = {
    'closes every socket': [['closes-sockets.js'], 'join 1011 out of cheese'],
    'sends frames of 100 MB': [['sends-at-join.js', 'huge'], 'a frame of more than 1048576 bytes'],
    'sends invalid UTF-8': [['sends-at-join.js', 'not-utf8'], 'sent text that is not UTF-8'],
    'sends JSON garbage': [['sends-at-join.js', 'garbage'], 'a frame was no JSON'],
  } as const;
  const afterRestart = {
    'sends frames of 100 MB from the restart on': [['sends-at-join.js', 'huge', 'later'], '1009'],
    'sends invalid UTF-8 from the restart on': [['sends-at-join.js', 'not-utf8', 'later'], '1007'],
    'sends JSON garbage from the restart on': [['sends-at-join.js', 'garbage', 'later'], 'no JSON'],
  } as const;
  const services = { ...fromTheStart, ...afterRestart };
  const contract = "contract: exactlyOnce({ budgets: { reconnect: '1s', recovery: '1s' } }),";

  const places: Workspace[] = [];
  // It takes half a minute until sessions are given up: all wait at once.
  const ended = new Map<string, Ended & { readonly place: Workspace; readonly mostMemory: number }>();
  beforeAll(async () => {
    await Promise.all(
      Object.entries(services).map(async ([name, [service]]) => {
        const place = new Workspace();
        places.push(place);
        place.write('outlast.config.mjs', configFor(service, { contract }));
        const run = place.outlast('run', '--out', 'run');
        await run.says(name in fromTheStart ? 's  failed: ' : 's  audit: ');
        const mostMemory = peakOf(run.id);
        ended.set(name, { ...(await run.ended), stdout: run.stdout, stderr: run.stderr, place, mostMemory });
      }),
    );
  });
  afterAll(async () => {
    for (const place of places) await place.remove();
  });

  it.each(Object.entries(fromTheStart))(
    '%s: this is unknown, and it is told what was seen',
    async (name, [, seen]) => {
      const run = ended.get(name);
      expect(run).toMatchObject({ code: 3, signal: null });
      expect(run?.stderr).toContain(
        'expected 2 sessions to be signed in and in their rooms within 30 s; auditors 9 and 10 were not',
      );
      expect(run?.stderr).toContain(seen);
      expect(run?.stderr).toContain('(SESSIONS_NOT_ESTABLISHED;');
      expect(run && verdictIn(run.place).outcome).toBe('unknown');
      await run?.place.expectNothingLeft();
    },
  );

  it.each(Object.entries(afterRestart))(
    '%s: nobody is back, and this is a failure',
    async (name, [, seen]) => {
      const run = ended.get(name);
      expect(run).toMatchObject({ code: 1, signal: null });
      const checks = run && verdictIn(run.place).tests.flatMap((test) => test.checks);
      const reconnected = checks?.find(({ id }) => id === 'reconnected');
      expect(reconnected).toMatchObject({ outcome: 'fail' });
      expect(JSON.stringify(reconnected?.evidence)).toContain(seen);
      await run?.place.expectNothingLeft();
    },
  );

  it.skipIf(!canSeeProcesses)('that sends 100 MB does not fill our memory with it', () => {
    for (const [name, { mostMemory }] of ended) {
      if (name.includes('100 MB')) expect(mostMemory).toBeLessThan(300 * 1024);
    }
  });

  /** The most memory that a process has had at once, in KiB. */
  function peakOf(id: number): number {
    if (!canSeeProcesses) return 0;
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  }
});

describe('a service that does not come back after its restart', () => {
  it('has failed, and it is told why', async () => {
    const { code, stdout, stderr, place } = await judged(['stays-away.js']);
    expect(code).toBe(1);
    expect(stderr).toContain('backend did not come back');
    expect(stderr).toContain('its process exited with 7 before');
    expect(stderr).toContain('\n  cannot read what I have written\n');
    expect(stderr).toContain('(RESTART_FAILED;');
    expect(stdout).toContain('FAIL');
    expect(verdictIn(place)).toMatchObject({ outcome: 'fail', disruptions: [{ restartMs: null }] });
  });
});

describe('a service that tells tokens in its answers, its close reasons and its output', () => {
  it('finds none of them in any file of the run, nor in what is printed', async () => {
    const place = workspace();
    const tokens = place.path('tokens');
    const { stdout, stderr } = await judged(['tells-tokens.js'], { environment: { TOKENS: tokens } }, place);
    expect(stdout).toContain('the target showed a secret');
    const told = [...new Set(place.read('tokens').split('\n'))].filter((token) => token !== '');
    expect(told.length).toBeGreaterThan(8);
    const texts = new Map([
      ['standard output', stdout],
      ['standard error', stderr],
      ...filesIn(place.path('run')).map((file) => [file, readFileSync(file, 'utf8')] as const),
    ]);
    // The history, the verdict twice, and what the service printed.
    expect(texts.size).toBeGreaterThanOrEqual(6);
    expect(texts.get(place.path('run/target/backend.log'))).toContain(
      'token=[redacted], that is [redacted]\n',
    );
    const signatures = told.flatMap((token) => token.split('.')[2] || []);
    const found = [...texts].flatMap(([name, text]) =>
      [...told, ...signatures, tokenKey]
        .filter((secret) => text.includes(secret))
        .map((secret) => `${secret} in ${name}`),
    );
    expect(found).toEqual([]);
  });

  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
});
