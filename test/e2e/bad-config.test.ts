import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configFor } from './support/config.js';
import { workspaces, type Workspace } from './support/workspace.js';

const workspace = workspaces();

/** Runs with this text as the config. */
async function ranWith(text: string, ...args: readonly string[]) {
  const place = workspace();
  place.write('outlast.config.ts', text);
  return { place, ...(await place.ran('run', ...args)) };
}

const isUntouched = (place: Workspace) => !existsSync(place.path('outlast-runs'));

describe('a command line that cannot be meant', () => {
  it.each([
    [['run', '--sesions', '5'], 'Did you mean --sessions?'],
    [['rnu'], 'Did you mean run?'],
    [['run', '--only', 'sesion'], "Did you mean 'session'?"],
    [['demo', '--break', 'fresh-secrt'], "Did you mean 'fresh-secret'?"],
    [['explain', 'messages-lots'], 'Did you mean: outlast explain messages-lost'],
  ])('%j exits with 2 and says what was meant', async (args, hint) => {
    const place = workspace();
    const { code, stdout, stderr } = await place.ran(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(isUntouched(place)).toBe(true);
  });
});

describe('a config that cannot be run', () => {
  it('that is missing: says where it was looked for, and shows one to begin with', async () => {
    const place = workspace();
    const { code, stderr } = await place.ran('run');
    expect(code).toBe(2);
    expect(stderr).toContain(
      `expected outlast.config.ts (or .mts, .js, .mjs) in ${place.folder}; there is none`,
    );
    expect(stderr).toContain('export default defineConfig({');
    const named = await place.ran('run', '--config', 'other.ts');
    expect(named.code).toBe(2);
    expect(named.stderr).toContain(`expected a config file at ${place.path('other.ts')}; there is none`);
  });

  it('with keys that nobody knows: names each, its place, and what was meant', async () => {
    const text = configFor(['chat.js']).replace('workload: {', 'worklod: {').replace('records:', 'recrods:');
    const { code, stderr, place } = await ranWith(text);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown key 'worklod'. Did you mean 'workload'?");
    expect(stderr).toContain("target: unknown key 'recrods'. Did you mean 'records'?");
    expect(stderr).toContain('(CONFIG_INVALID; see docs/errors.md#config_invalid');
    expect(isUntouched(place)).toBe(true);
  });

  it('that disrupts a service which is not there: says which there are', async () => {
    const text = configFor(['chat.js']).replace("restart('backend')", "restart('bakcend')");
    const { code, stderr } = await ranWith(text);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "expected one of the services (backend); got 'bakcend'. Did you mean 'backend'?",
    );
  });

  it("that throws: tells its author's error and the line", async () => {
    const text = `import { defineConfig } from 'outlast';\n\nconst port: number = readPort();\nfunction readPort(): number {\n  throw new RangeError('no port for Tuesdays');\n}\nexport default defineConfig({ port });\n`;
    const { code, stderr } = await ranWith(text);
    expect(code).toBe(2);
    expect(stderr).toContain('no port for Tuesdays');
    expect(stderr).toMatch(/outlast\.config\.ts:5/);
    expect(stderr).toContain('(CONFIG_THREW;');
    expect(stderr).not.toContain('node_modules');
  });

  it('that is no TypeScript: tells the line', async () => {
    const { code, stderr } = await ranWith(
      "import { defineConfig } from 'outlast';\n\nexport default defineConfig({,\n",
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/outlast\.config\.ts:3/);
  });

  it('that reads a secret which is not set: names the variable', async () => {
    const { code, stderr } = await ranWith(
      "import { env } from 'outlast';\nexport default { key: env('KEY_OF_CHAT') };\n",
    );
    expect(code).toBe(2);
    expect(stderr).toContain('KEY_OF_CHAT');
    expect(stderr).toContain('(SECRET_MISSING;');
  });
});

describe('a target that must not or cannot be touched', () => {
  const attached = (host: string) =>
    configFor([], {
      backend: `attach({ ready: 'http://${host}/health', commands: { restart: ['touch', 'restarted'] } })`,
      socket: `ws://${host}/ws`,
    });

  it('on another machine is refused without --allow-remote', async () => {
    const { code, stderr, place } = await ranWith(attached('chat.example:8000'));
    expect(code).toBe(2);
    expect(stderr).toContain('chat.example:8000');
    expect(stderr).toContain('--allow-remote');
    expect(stderr).toContain('(REMOTE_TARGET;');
    expect(isUntouched(place)).toBe(true);
  });

  it('that is not there makes the run skipped with the reason: 0, and 3 with --require', async () => {
    // Port 1 belongs to a service that nobody has run for decades.
    const text = attached('127.0.0.1:1');
    const [easy, strict] = await Promise.all([
      ranWith(text, '--out', 'run', '--json'),
      ranWith(text, '--out', 'run', '--json', '--require'),
    ]);
    expect({ easy: easy.code, strict: strict.code }).toEqual({ easy: 0, strict: 3 });
    const reason = 'backend is not ready at http://127.0.0.1:1/health: connection refused';
    for (const { stdout, place } of [easy, strict]) {
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'skipped', reason });
      expect(JSON.parse(place.read('run', 'verdict.json'))).toMatchObject({ outcome: 'skipped', reason });
      expect(existsSync(place.path('restarted'))).toBe(false);
    }
  });
});
