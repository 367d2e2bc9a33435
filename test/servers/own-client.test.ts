import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outlastIn } from '../e2e/support/demo.js';
import { missing } from './support/needs.js';

// The second half of the tutorial of clients: a library that users have, at a real server of that library.

const repository = path.resolve(import.meta.dirname, '../..');
const server = path.join(repository, 'examples/socketio');
const client = path.join(repository, 'examples/own-client/socketio');
const lack = await missing([{ packages: true }], server);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-socketio-'));
  await symlink(path.join(server, 'node_modules'), path.join(folder, 'node_modules'));
  await copyFile(path.join(server, 'tutorial.js'), path.join(folder, 'tutorial.js'));
  for (const name of ['chat-client.ts', 'outlast.config.ts'])
    await copyFile(path.join(client, name), path.join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const outlast = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  outlastIn({ cwd: folder, environment: { ...environment, NO_COLOR: '1' } }, ...args);

describe('socket.io-client as a client of one’s own', () => {
  it('keeps every rule that its server lets be exercised, and is hinted at nothing', async ({ skip }) => {
    if (lack !== null) skip(lack);
    const { stdout, stderr, exitCode } = await outlast(['validate', '--json']);
    const { rules, hints } = JSON.parse(stdout) as {
      rules: { rule: string; outcome: string }[];
      hints: string[];
    };
    const isKept = ({ outcome }: { outcome: string }) => outcome === 'kept';
    const others = rules.filter((rule) => !isKept(rule)).map(({ rule, outcome }) => `${rule}: ${outcome}`);
    expect([others, hints, exitCode], stderr).toEqual([['filters-nothing: not-exercised'], [], 0]);
  });

  it.for(['restart', 'crash'])('passes a %s, with exit code 0', async (RESTART, { skip }) => {
    if (lack !== null) skip(lack);
    const { stdout, stderr, exitCode } = await outlast(['run', '--out', 'run'], { RESTART });
    expect(stdout, stderr).toMatch(/^ {2}PASS {2}4 of 6 judged/m);
    expect(exitCode).toBe(0);
  });
});
