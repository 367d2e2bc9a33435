import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, Workspace } from './support/workspace.js';

/** An empty folder in which the package is installed as a user would: from its tarball. */
let place: Workspace;
beforeAll(() => {
  place = new Workspace();
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', place.folder], repository);
  const tarball = readdirSync(place.folder).find((name) => name.endsWith('.tgz')) ?? '';
  place.write('package.json', JSON.stringify({ name: 'chat', private: true, type: 'module' }));
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`]);
});
afterAll(async () => {
  await place.expectNothingLeft();
  await place.remove();
});

function run(program: string, args: readonly string[], folder = place.folder) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    env: place.environment,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function outlast(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'outlast', ...args], {
    cwd: place.folder,
    env: place.environment,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

describe('the package in an empty folder', () => {
  it('tells its version, and explains itself', () => {
    const { version } = JSON.parse(place.read('node_modules/outlast/package.json')) as { version: string };
    expect(outlast('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(outlast('explain', 'messages-lost').stdout).toMatch(/^messages-lost \(continuity\)\n/);
  });

  it('says what to do where there is no config', () => {
    const { code, stdout, stderr } = outlast('run');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Write one, or name it with --config');
    expect(stderr).toContain("from 'outlast'");
  });

  it('says what to install for the demo where the reference service is not there', () => {
    const { code, stderr } = outlast('demo');
    expect(code).toBe(2);
    expect(stderr).toContain('npm install --save-dev outlast-reference');
    expect(stderr).toContain('(REFERENCE_MISSING;');
  });

  it('runs the config that it shows: skipped where the target is down, 3 with --require', () => {
    place.write('outlast.config.ts', config);
    const skipped = outlast('run', '--json', '--out', 'skipped');
    expect(skipped.code).toBe(0);
    expect(JSON.parse(skipped.stdout)).toMatchObject({
      outcome: 'skipped',
      reason: 'backend is not ready at http://127.0.0.1:1/health: connection refused',
    });
    expect(outlast('run', '--require', '--out', 'required').code).toBe(3);
  });

  it.each([
    ['mqtt', 'client: mqtt()', "mqtt({ url: 'mqtt://127.0.0.1:1' })"],
    [
      'socket.io-client',
      'client: socketIo()',
      "socketIo({ url: 'http://127.0.0.1:1', send: ({ text }) => ['say', text], receive: { said: () => null } })",
    ],
  ])(
    'says that %s is to be installed where a client needs it, before anything is touched',
    (name, what, client) => {
      const text = config
        .replace(
          'export default',
          "import { mqtt } from 'outlast/mqtt';\nimport { socketIo } from 'outlast/socketio';\n\nexport default",
        )
        .replace(/client: webSocket\(\{[^]*?\n {4}\}\),/, `client: ${client},`);
      place.write('library.config.ts', text);
      const { code, stdout, stderr } = outlast('run', '--config', 'library.config.ts', '--out', 'library');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`expected the library ${name}, which ${what} needs; it is not installed`);
      expect(stderr).toContain(`npm install --save-dev ${name}\n`);
      expect(stderr).toContain('(PEER_MISSING; see docs/errors.md#peer_missing');
      expect(existsSync(place.path('library'))).toBe(false);
    },
  );

  it('has types with which a right config compiles strictly, with no optional library, and a wrong one does not', () => {
    place.write('right.config.ts', config);
    const wrong = "// @ts-expect-error There is no such service.\n  disruption: restart('bakcend')";
    place.write('wrong.config.ts', config.replace("disruption: restart('backend')", wrong));
    place.write('library.config.ts', configsOfLibraries);
    place.write('tsconfig.json', JSON.stringify(compilerOptions));
    // The types of Node are the user's own to install.
    symlinkSync(path.join(repository, 'node_modules/@types'), place.path('node_modules/@types'));
    run(path.join(repository, 'node_modules/.bin/tsc'), ['-p', '.']);
  });

  it('holds what it is made of and nothing else', () => {
    const folder = place.path('node_modules/outlast');
    const { files: meant } = JSON.parse(place.read('node_modules/outlast/package.json')) as {
      files: string[];
    };
    const expected = ['LICENSE', 'README.md', 'package.json', ...meant.map((name) => name.split('/')[0])];
    expect(readdirSync(folder).filter((name) => !expected.includes(name))).toEqual([]);
    const compiled = readdirSync(path.join(folder, 'dist'), { recursive: true, withFileTypes: true });
    const strange = compiled.filter((entry) => entry.isFile() && !/\.(js|d\.ts)$/.test(entry.name));
    expect(strange.map(({ name }) => name)).toEqual([]);
  });
});

const config = `
import { attach, defineConfig, jwt, restart, webSocket } from 'outlast';

export default defineConfig({
  target: {
    services: { backend: attach({ ready: 'http://127.0.0.1:1/health', commands: { restart: 'true' } }) },
    users: jwt({ secret: 'a-secret-of-the-chat-service-0123456789' }),
    client: webSocket({
      url: 'ws://127.0.0.1:1/ws',
      send: ({ id, room, text }) => ({ say: text, in: room, id }),
      receive: (frame: { said?: string; in: string }) =>
        frame.said === undefined ? null : { room: frame.in, text: frame.said },
    }),
  },
  disruption: restart('backend'),
});
`;

const configsOfLibraries = `
import { mqtt } from 'outlast/mqtt';
import { socketIo } from 'outlast/socketio';

export default [
  mqtt({ url: 'mqtt://127.0.0.1:1' }),
  socketIo({ url: 'http://127.0.0.1:1', send: ({ text }) => ['say', text], receive: () => null }),
];
`;

const compilerOptions = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] },
    // Our declarations too are looked at, though no optional library is installed.
    skipLibCheck: false,
  },
  files: ['right.config.ts', 'wrong.config.ts', 'library.config.ts'],
};
