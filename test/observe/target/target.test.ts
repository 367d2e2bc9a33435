import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../src/system/index.js';
import { fixture, ground, service } from './harness.js';

const calm = { signal: new AbortController().signal };

async function listening(status = 200) {
  const server = createServer((_request, response) => response.writeHead(status).end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/` };
}

describe('a launched service', () => {
  it('is started, is ready, tells its instance, and is gone when the target is disposed', async () => {
    const here = ground();
    const target = await here.up({ backend: service({ environment: { READY_AFTER_MS: '200' } }) });
    const backend = here.own(target, 'backend');
    const look = await backend.look(calm);
    expect(look).toMatchObject({ up: true, ready: true });
    expect(here.printed()).toContain(`listening as ${look.instance}`);
    await target[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    expect(backend.alive()).toBe(false);
    expect(await backend.look(calm)).toMatchObject({ up: false, ready: false, refused: true });
    expect(here.printed()).toContain('going');
  });

  it('is stopped by the scope where nobody disposed the target', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    await here.leave();
    expect(here.own(target, 'backend').alive()).toBe(false);
  });

  it('is killed at once in an emergency, its folder removed', async () => {
    const here = ground();
    const target = await here.up({
      backend: fixture('ignores-sigterm.js', { environment: { DATA: '{folder:data}' } }),
    });
    const folder = target.resolve('{folder:data}');
    here.scope.emergency();
    expect(existsSync(folder)).toBe(false);
    expect(await here.own(target, 'backend').exited(calm)).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('is started after the one before it is ready', async () => {
    const here = ground();
    await here.up({
      first: fixture('service.js', { environment: { READY_AFTER_MS: '300' } }),
      second: {
        ...fixture('service.js'),
        ...{ ready: 'http://127.0.0.1:{port:second}/ready', environment: { PORT: '{port:second}' } },
      },
    });
    expect(here.printed().match(/listening/g)).toHaveLength(2);
  });

  it('can be run by a shell, or from a text whose words are split', async () => {
    const here = ground();
    const file = path.join(import.meta.dirname, '../../fixtures/services/service.js');
    const target = await here.up({
      plain: service({ command: `${process.execPath} "${file}"` }),
      shelled: {
        ...service({ shell: true, command: `echo from a shell; PORT={port:shelled} exec node '${file}'` }),
        ready: 'tcp://127.0.0.1:{port:shelled}',
      },
    });
    expect(here.printed()).toContain('from a shell\n');
    expect(await here.own(target, 'shelled').look(calm)).toEqual({ up: true, ready: true, refused: false });
  });

  it('gets our environment and its own, and nothing that is only for us', async () => {
    const here = ground({
      PATH: process.env['PATH'],
      HOME: '/somewhere',
      OUTLAST_DEBUG: '1',
      UNSET: undefined,
    });
    const target = await here.up({
      backend: service({ environment: { MODE: 'test', SELF: '{port:service}', KEY: '{secret:key}' } }),
    });
    const answer = await fetch(target.resolve('http://127.0.0.1:{port:service}/environment'));
    const port = target.resolve('{port:service}');
    expect(await answer.json()).toEqual({
      ...{ PATH: process.env['PATH'], HOME: '/somewhere', MODE: 'test', PORT: port, SELF: port },
      KEY: target.resolve('{secret:key}'),
    });
  });

  it('tells when it dies by itself, and does not when it was asked to', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const backend = here.own(target, 'backend');
    backend.signal('SIGTERM');
    await backend.exited(calm);
    await backend.start(calm);
    await expect.poll(() => backend.look(calm)).toMatchObject({ ready: true });
    await fetch(target.resolve('http://127.0.0.1:{port:service}/crash')).catch(() => undefined);
    await backend.exited(calm);
    await expect.poll(() => here.died).toEqual([{ service: 'backend', exitCode: 7 }]);
  });
});

describe('placeholders', () => {
  it('stand for the same value everywhere, and secrets are registered', async () => {
    const here = ground({ ...process.env, DATABASE_PASSWORD: 'correct horse' });
    const target = await here.up({
      backend: service({
        environment: {
          A: '{folder:data}',
          A2: '{folder:more}',
          B: '{secret:b}',
          C: '{env:DATABASE_PASSWORD}',
        },
      }),
    });
    const folder = target.resolve('{folder:data}');
    expect(target.resolve('x{folder:data}')).toBe(`x${folder}`);
    expect(path.dirname(target.resolve('{folder:more}'))).toBe(path.dirname(folder));
    expect(statSync(folder).mode & 0o777).toBe(0o755);
    expect(statSync(path.dirname(folder)).mode & 0o777).toBe(0o755);
    expect(target.resolve('{port:service}')).toMatch(/^\d+$/);
    expect([...here.secrets].sort()).toEqual(['correct horse', target.resolve('{secret:b}')].sort());
    expect(target.resolve('{"json": {"a": 1}} {other:x}')).toBe('{"json": {"a": 1}} {other:x}');
    expect(() => target.resolve('{port:frontend}')).toThrow(/got \{port:frontend\}/);
  });

  it('that name a variable which is not set are an error', async () => {
    const here = ground({});
    await expect(
      here.start({ backend: service({ environment: { A: '{env:NOT_SET}' } }) }),
    ).rejects.toMatchObject({
      code: 'SECRET_MISSING',
    });
  });
});

describe('a service that cannot be used', () => {
  it('because it exits at once, is told with its last 20 lines and without its secrets', async () => {
    const here = ground();
    const failing = here.start({
      backend: fixture('exits-at-once.js', { environment: { PASSWORD: '{secret:p}' } }),
    });
    await expect(failing).rejects.toMatchObject({
      code: 'TARGET_EXITED',
      message: expect.stringMatching(/its process exited with 3 before\. Look at its last lines$/),
      details: [
        ...Array.from({ length: 19 }, (_, line) => `line ${line + 12}`),
        'cannot use the password [redacted]',
      ],
    });
  });

  it('because it goes into the background, is told to stay in the foreground', async () => {
    const here = ground();
    const daemon = service({ command: [process.execPath, '-e', ''] });
    await expect(here.start({ backend: daemon })).rejects.toMatchObject({
      code: 'TARGET_EXITED',
      message: expect.stringMatching(/its process exited with 0 before\. It has to run in the foreground$/),
    });
  });

  it('because a signal ends it, is told so', async () => {
    const here = ground();
    const killed = service({ command: [process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'] });
    await expect(here.start({ backend: killed })).rejects.toMatchObject({
      code: 'TARGET_EXITED',
      message: expect.stringMatching(/its process was ended by SIGKILL before\. Look at its last lines$/),
    });
  });

  it.each([
    ['never-ready.js', 'status 503', 'waiting for the moon'],
    ['answers-garbage.js', 'an answer that is not HTTP', 'talking'],
    ['sleeper.js', 'connection refused', 'running'],
  ])('because %s does not get ready, is told with the last look', async (file, reason, line) => {
    const here = ground();
    await expect(here.start({ backend: fixture(file, { readyWithinMs: 5_000 }) })).rejects.toMatchObject({
      code: 'TARGET_NOT_READY',
      message: expect.stringMatching(
        new RegExp(
          `expected backend to be ready at http://127.0.0.1:\\d+/ready within 5 s; the last look: ${reason}$`,
        ),
      ),
      details: [line],
    });
  });

  it('because its answer names no instance where one was promised, is not ready', async () => {
    const here = ground();
    const told = { readyWithinMs: 4_000, instance: 'boot' };
    await expect(here.start({ backend: fixture('service.js', told) })).rejects.toThrow(
      /without JSON with the field boot/,
    );
  });

  it('because it redirects, is not ready', async () => {
    const here = ground();
    const told = { readyWithinMs: 4_000, ready: 'http://127.0.0.1:{port:service}/moved' };
    await expect(here.start({ backend: fixture('service.js', told) })).rejects.toThrow(/status 302/);
  });

  it('because its port is taken, is refused before anything is started', async () => {
    const here = ground();
    const { port } = await listening();
    const taken = fixture('service.js', {
      ready: `http://127.0.0.1:${port}/`,
      environment: { PORT: `${port}` },
    });
    await expect(here.start({ first: service(), backend: taken })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(
        `another program listens at 127.0.0.1:${port}, which backend is to have`,
      ),
    });
    expect(here.printed()).toBe('');
  });

  it('because its program or its folder is not there, is told so', async () => {
    const here = ground();
    await expect(
      here.start({ backend: service({ command: ['no-such-program', 'secret'] }) }),
    ).rejects.toMatchObject({
      code: 'TARGET_EXITED',
      message: expect.stringMatching(
        /^expected to start backend with the program no-such-program: .*ENOENT\. There is no such program: install it, or write its whole path$/,
      ),
    });
    await expect(here.start({ backend: service({ cwd: '/no/such/folder' }) })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('none at /no/such/folder'),
    });
  });

  it.each(['127.0.0.1:80', 'tcp://127.0.0.1', 'ftp://x:1', 'http://', ''])(
    'because its address is %s, is refused when it is described',
    async (ready) => {
      await expect(ground().start({ backend: service({ ready }) })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('in `ready` of the service backend'),
      });
    },
  );

  it('leaves nothing behind when the run is interrupted while it starts', async () => {
    const here = ground();
    const stop = new AbortController();
    const starting = here.start({ backend: fixture('never-ready.js') }, stop.signal);
    await expect.poll(here.printed).toContain('waiting');
    stop.abort(new Error('enough'));
    await expect(starting).rejects.toThrow();
    await here.leave();
  });
});

describe('an attached service', () => {
  it('that is there is used as it is', async () => {
    const { url } = await listening();
    const here = ground();
    const target = await here.up({ backend: { kind: 'attach', ready: url } });
    expect(await target.services.get('backend')?.replicas[0]?.look(calm)).toMatchObject({ ready: true });
    await target[Symbol.asyncDispose]();
    expect((await fetch(url)).status).toBe(200);
  });

  it('that is not there makes the target absent before anything is started', async () => {
    const here = ground();
    const port = await freePort();
    const absent = await here.start({
      database: service(),
      backend: { kind: 'attach', ready: `http://127.0.0.1:${port}/health` },
    });
    expect(absent).toEqual({
      absent: `backend is not ready at http://127.0.0.1:${port}/health: connection refused`,
    });
    expect(here.printed()).toBe('');
  });

  it('that is there and not ready makes the target absent after a moment', async () => {
    const { url } = await listening(503);
    const here = ground();
    expect(await here.start({ backend: { kind: 'attach', ready: url } })).toEqual({
      absent: `backend is not ready at ${url}: status 503`,
    });
  });
});
