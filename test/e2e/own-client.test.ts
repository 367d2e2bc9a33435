import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outlastIn } from './support/demo.js';

// The tutorial of a client of one's own, followed to the letter: an SDK, a client for it, its validation, a run.

const repository = path.resolve(import.meta.dirname, '../..');
const example = path.join(repository, 'examples/own-client');
const tutorial = path.join(repository, 'docs/tutorial-client.md');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-client-'));
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  await copyFile(path.join(repository, 'examples/own-service/server.js'), path.join(folder, 'server.js'));
  await copyFile(path.join(example, 'chirp.ts'), path.join(folder, 'chirp.ts'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const environment = { JWT_SECRET: 'only-for-this-test', NO_COLOR: '1' };
const outlast = (...args: string[]) => outlastIn({ cwd: folder, environment }, ...args);

const configOf = () => readFile(path.join(example, 'outlast.config.ts'), 'utf8');
const lossLine = `  chirper.on('disconnected', (code, reason) => tell.closed({ code, reason }));\n`;

describe('a client written from the tutorial', () => {
  it('is told what it lacks while it tells of no loss', async () => {
    const config = await configOf();
    expect(config).toContain(lossLine);
    await writeFile(path.join(folder, 'outlast.config.ts'), config.replace(lossLine, ''));
    const { stdout, exitCode } = await outlast('validate');
    expect(stdout).toMatch(/✗ tells-loss .*expected it to tell when the connection is lost/);
    expect(exitCode).toBe(1);
  });

  it('passes validate, and judges a real server', async () => {
    await writeFile(path.join(folder, 'outlast.config.ts'), await configOf());
    const validated = await outlast('validate');
    expect(validated.stdout, validated.stderr).toContain(
      'PASS  chirp: 20 rules kept, 0 broken, 0 not exercised',
    );
    expect(validated.exitCode).toBe(0);
    const judged = await outlast('run');
    expect(judged.stdout, judged.stderr).toMatch(/PASS {2}5 of 6 judged/);
    expect(judged.exitCode).toBe(0);
  });

  it('ends a run that it would make untrue, and the config is to blame', async () => {
    const config = await configOf();
    const twice = config.replace(
      'send: ({ id, room, text }) =>',
      'send: ({ id, room, text }) => (session.tell.acknowledged({ id }), chirper.say(id, room, text).then((position) => ({ answer: "ack", position }), (error: Error) => ({ answer: "unsure", reason: error.message }))), unused: ({ id, room, text }: Record<"id" | "room" | "text", string>) =>',
    );
    await writeFile(path.join(folder, 'outlast.config.ts'), twice);
    const { stderr, exitCode } = await outlast('run');
    expect(stderr).toMatch(/expected the client chirp to acknowledge each message once/);
    expect(stderr).toContain('CLIENT_MISBEHAVED');
    expect(exitCode).toBe(2);
  });
});

describe('the tutorial of a client', () => {
  const shown = ['chirp.ts', 'outlast.config.ts', 'socketio/chat-client.ts', 'socketio/outlast.config.ts'];

  it.each(shown)('shows %s as it is in the example', async (name) => {
    expect(await readFile(tutorial, 'utf8')).toContain(await readFile(path.join(example, name), 'utf8'));
  });

  it('shows the very line that is left out at first', async () => {
    expect(await readFile(tutorial, 'utf8')).toContain(lossLine.trim());
  });
});
