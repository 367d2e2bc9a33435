import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTarget } from '../../../src/observe/target/index.js';
import { removeScratch, scratchFolder, startGuardian } from '../../../src/system/index.js';
import { fixture, ground, service } from './harness.js';

const calm = { signal: new AbortController().signal };

const ready = 'http://127.0.0.1:{port:chat}/ready';
/** The fixture that behaves well, several times over, as the service `chat`. */
const chat = (more: Parameters<typeof service>[0] = {}) =>
  service({ replicas: 2, ready, ...more, environment: { PORT: '{port:chat}', ...more.environment } });

function templates(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  onTestFinished(() => removeScratch(folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

describe('a service with replicas', () => {
  it('is started as often as told, each at a port and with a folder of its own', async () => {
    const here = ground();
    const environment = { NUMBER: '{replica}', DATA: '{folder:chat}', SHARED: '{secret:key}' };
    const target = await here.up({ chat: chat({ environment }) });
    const replicas = target.services.get('chat')?.replicas ?? [];
    expect(replicas.map(({ name, index }) => [name, index])).toEqual([
      ['chat.1', 0],
      ['chat.2', 1],
    ]);
    for (const number of [1, 2]) {
      const answer = await fetch(target.resolve(`http://127.0.0.1:{port:chat.${number}}/environment`));
      expect(await answer.json()).toMatchObject({
        NUMBER: String(number),
        PORT: target.resolve(`{port:chat.${number}}`),
        DATA: target.resolve(`{folder:chat.${number}}`),
        SHARED: target.resolve('{secret:key}'),
      });
    }
    expect(target.resolve('{port:chat.1}')).not.toBe(target.resolve('{port:chat.2}'));
    expect(here.printed('chat.1')).toMatch(/^listening as/);
    expect(here.printed('chat.2')).toMatch(/^listening as/);
  });

  it('shares what is called by another name, and numbers its own for others', async () => {
    const here = ground();
    const environment = { OTHER: '{port:other}', DATA: '{folder:data}', OWN: '{port:chat-metrics}' };
    const target = await here.up({
      other: service({
        ready: 'http://127.0.0.1:{port:other}/ready',
        environment: { PORT: '{port:other}', CHATS: '{port:chat.1} {port:chat.2}' },
      }),
      chat: chat({ environment }),
    });
    const told = async (port: string) =>
      (await fetch(target.resolve(`http://127.0.0.1:${port}/environment`))).json();
    expect(await told('{port:other}')).toMatchObject({
      CHATS: target.resolve('{port:chat.1} {port:chat.2}'),
    });
    expect(await told('{port:chat.2}')).toMatchObject({
      OTHER: target.resolve('{port:other}'),
      DATA: target.resolve('{folder:data}'),
      OWN: target.resolve('{port:chat-metrics.2}'),
    });
    expect(() => target.resolve('{port:chat}')).toThrow(
      'expected {port:chat.1}, {port:chat.2}: each of 2 replicas has its own; got {port:chat}',
    );
    expect(() => target.resolve('{port:chat.3}')).toThrow(/got \{port:chat\.3\}/);
    expect(target.resolve('{port:other.1}')).toBe(target.resolve('{port:other}'));
  });

  it('is started together, before the service that follows', async () => {
    const here = ground();
    const slow = fixture('service.js', {
      ...{ replicas: 2, ready },
      environment: { PORT: '{port:chat}', READY_AFTER_MS: '400' },
    });
    const next = service({
      ready: 'http://127.0.0.1:{port:next}/ready',
      environment: { PORT: '{port:next}' },
    });
    const target = await here.up({ chat: slow, next });
    for (const index of [0, 1]) {
      expect(await here.own(target, 'chat', index).look(calm)).toMatchObject({ ready: true });
    }
    expect(here.printed()).toMatch(/^(listening as .*\n){3}$/);
  });

  it('keeps those in reserve down, with ports that are theirs', async () => {
    const here = ground();
    const target = await here.up({ chat: chat({ spare: 1 }) });
    expect(target.services.get('chat')?.replicas).toHaveLength(2);
    const spare = here.own(target, 'chat', 2);
    expect(spare).toMatchObject({ name: 'chat.3', index: 2 });
    expect(spare.door).toContain(target.resolve('{port:chat.3}'));
    expect(spare.alive()).toBe(false);
    await spare.start(calm);
    await expect.poll(() => spare.look(calm)).toMatchObject({ ready: true });
    await target[Symbol.asyncDispose]();
    expect(spare.alive()).toBe(false);
  });

  it('that does not get ready is told by the name and the lines of that replica', async () => {
    const here = ground();
    const once = 'if [ "$NUMBER" = 2 ]; then echo not this one; exit 3; else exec node "$FILE"; fi';
    const starting = here.start({
      chat: chat({
        ...{ shell: true, command: once },
        environment: { NUMBER: '{replica}', FILE: String(service().command.at(1)), READY_AFTER_MS: '20000' },
      }),
    });
    await expect(starting).rejects.toMatchObject({
      code: 'TARGET_EXITED',
      message: expect.stringMatching(/^expected chat\.2 to be ready at .* its process exited with 3 before/),
      details: ['not this one'],
    });
  });

  it('has a door for each replica, or is refused', async () => {
    const shared = chat({ ready: 'http://127.0.0.1:{port:data}/ready' });
    await expect(ground().start({ chat: shared })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('with {port:chat} in `ready`'),
    });
  });
});

describe('the files of a service', () => {
  it('are written with their placeholders filled in, for each replica', async () => {
    const cwd = templates({ 'chat.conf': 'listen { {port:chat}; }\nname {replica}\n' });
    const here = ground();
    const target = await here.up({
      chat: chat({ cwd, files: { 'chat.conf': './chat.conf' }, environment: { FILE: '{file:chat.conf}' } }),
    });
    const files = [];
    for (const number of [1, 2]) {
      const answer = await fetch(target.resolve(`http://127.0.0.1:{port:chat.${number}}/environment`));
      const { FILE } = (await answer.json()) as { FILE: string };
      files.push(FILE);
      expect(path.basename(FILE)).toBe('chat.conf');
      expect(readFileSync(FILE, 'utf8')).toBe(
        target.resolve(`listen { {port:chat.${number}}; }\nname ${number}\n`),
      );
      expect(statSync(FILE).mode & 0o777).toBe(0o644);
    }
    expect(new Set(files).size).toBe(2);
    await target[Symbol.asyncDispose]();
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  it('are for nobody else where they hold a secret', async () => {
    const cwd = templates({ keys: 'key {secret:key}' });
    const here = ground();
    const target = await here.up({
      backend: service({ cwd, files: { keys: 'keys' }, environment: { FILE: '{file:keys}' } }),
    });
    const answer = await fetch(target.resolve('http://127.0.0.1:{port:service}/environment'));
    const { FILE } = (await answer.json()) as { FILE: string };
    expect(readFileSync(FILE, 'utf8')).toBe(`key ${target.resolve('{secret:key}')}`);
    expect(statSync(FILE).mode & 0o777).toBe(0o600);
  });

  it('that are not there are told before anything is touched', async () => {
    await using guardian = startGuardian();
    const redactor = { add: () => undefined, stream: () => ({ push: String, end: () => '' }) };
    const services = { backend: service({ cwd: '/no/such', files: { conf: 'conf' } }) };
    expect(() => createTarget({ services }, { variables: {}, guardian, redactor })).toThrow(
      /^expected a file that can be read at \/no\/such\/conf, which `files` of the service backend names: ENOENT/,
    );
    await expect(
      ground().start({ backend: service({ environment: { FILE: '{file:other}' } }) }),
    ).rejects.toThrow('expected a name in `files` of the service backend; got {file:other}');
  });
});
