import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { crash, refusals, restart } from '../../../src/observe/disruption/index.js';
import { type AttachDescription, createTarget } from '../../../src/observe/target/index.js';
import { createScope, startGuardian } from '../../../src/system/index.js';
import { type Ground, ground, service } from '../target/harness.js';
import { sceneOf } from './scene.js';
import { supervised } from './supervised.js';

const calm = { signal: new AbortController().signal };

/** A service that somebody else has started; `commands` are words of the supervisor. */
async function theirs(
  here: Ground,
  commands: Partial<Record<'stop' | 'start' | 'restart' | 'kill', string>>,
  more: Partial<AttachDescription> = {},
  identity?: (folder: string) => readonly string[],
) {
  const { folder, ready, supervise } = await supervised();
  const target = await here.up({
    backend: {
      ...{ kind: 'attach', ready, instance: 'header:x-instance', readyWithinMs: 5_000 },
      commands: {
        ...Object.fromEntries(
          Object.entries(commands).map(([name, word]) => [
            name,
            /^[\w-]+$/.test(word) ? supervise(word) : word.replaceAll('$FOLDER', folder),
          ]),
        ),
        ...(identity && { identity: identity(folder) }),
      },
      ...more,
    },
  });
  return {
    target,
    folder,
    isUp: async () => (await target.services.get('backend')?.replicas[0]?.look(calm))?.ready,
  };
}

describe('a restart of an attached service', () => {
  it('runs the restart command, and is proved by the door and the instance', async () => {
    const here = ground();
    const { target } = await theirs(here, { restart: 'restart' });
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'started', 'ready', 'end']);
    const [begin, , , , ready] = scene.steps;
    expect(begin?.instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(ready?.instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(ready?.instance).not.toBe(begin?.instance);
    expect(ready?.note).toBeUndefined();
  });

  it('runs the commands to stop and to start', async () => {
    const here = ground();
    const { target } = await theirs(here, { stop: 'stop', start: 'start' }, { instance: undefined });
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'started', 'ready', 'end']);
  });

  it('waits for another instance where the command returns before anything has happened', async () => {
    const here = ground();
    const { target } = await theirs(here, { restart: 'late' });
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    expect(scene.steps.at(-2)?.instance).not.toBe(scene.steps[0]?.instance);
  });

  it('says so where nothing proves it', async () => {
    const here = ground();
    const { target } = await theirs(here, { restart: 'true # nothing' }, { readyWithinMs: 300 });
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', 'started', 'ready', 'end']);
    expect(scene.steps.at(-2)?.note).toMatch(/^not proved/);
  });

  it.each([
    ['fails', 'echo cannot reach it; exit 3', /to exit with 0; it exited with 3$/, ['cannot reach it']],
    ['hangs', 'echo asking; sleep 60', /to end within 2 s; it hung and was ended$/, ['asking']],
    ['is killed', 'kill -9 $$', /SIGKILL ended it$/, []],
  ])('fails when its command %s, and the service goes on', async (_how, command, message, details) => {
    const here = ground();
    const { target, isUp } = await theirs(here, { restart: command }, { commandTimeoutMs: 2_000 });
    const scene = sceneOf(target, here.scope);
    await expect(restart(['backend']).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringMatching(message),
      details: details.length > 0 ? details : ['(it printed nothing)'],
    });
    expect(scene.names()).toEqual(['begin', 'signal', 'failed']);
    await here.leave();
    expect(await isUp()).toBe(true);
  });

  it('is healed by its scope when it does not come back', async () => {
    const here = ground();
    const { target, isUp } = await theirs(here, { stop: 'stop', start: 'second-try' });
    const scene = sceneOf(target, here.scope);
    await expect(restart(['backend']).strike(scene)).rejects.toThrow(/to exit with 0; it exited with 1/);
    expect(await isUp()).toBe(false);
    await here.leave();
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'failed', 'healed']);
    expect(await isUp()).toBe(true);
  });

  it('is brought back when it is interrupted between stop and start', async () => {
    const here = ground();
    const { target, isUp } = await theirs(here, { stop: 'stop', start: 'start' });
    const stop = new AbortController();
    const scene = sceneOf(target, here.scope, stop.signal);
    const striking = restart(['backend']).strike({
      ...scene,
      step: (step, about) => {
        scene.step(step, about);
        if (step === 'port-closed') stop.abort(new Error('enough'));
      },
    });
    await expect(striking).rejects.toThrow('enough');
    await here.leave();
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'healed']);
    expect(await isUp()).toBe(true);
  });

  it('is begun to be brought back at once in an emergency, which is the end of us', async () => {
    const here = ground();
    const { target, isUp } = await theirs(here, { stop: 'stop', start: 'start' });
    const scope = createScope(() => undefined);
    const scene = sceneOf(target, scope);
    const striking = restart(['backend']).strike({
      ...scene,
      step: (step) => {
        if (step !== 'port-closed') return;
        scope.emergency();
        throw new Error('the end');
      },
    });
    await expect(striking).rejects.toThrow('the end');
    await expect.poll(isUp).toBe(true);
  });
});

describe('what its manager says beside the door', () => {
  const identity = (folder: string) => ['cat', path.join(folder, 'id')];

  it('is told before and after, another after each restart', async () => {
    const here = ground();
    const { target, folder } = await theirs(here, { restart: 'restart' }, {}, identity);
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).prepare?.(scene);
    await restart(['backend']).strike(scene);
    const [before, after] = scene.steps.flatMap(({ identity: told }) => told ?? []);
    expect(before).toMatch(/^\d+$/);
    expect(after).toBe(readFileSync(path.join(folder, 'id'), 'utf8').trim());
    expect(after).not.toBe(before);
  });

  it('is the same where the command restarts nothing', async () => {
    const here = ground();
    const { target } = await theirs(here, { restart: 'true # nothing' }, { readyWithinMs: 300 }, identity);
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    const [before, after] = scene.steps.flatMap(({ identity: told }) => told ?? []);
    expect(after).toBe(before);
    expect(scene.steps.find(({ step }) => step === 'ready')?.note).toMatch(/^not proved/);
  });

  it('that cannot be read is told before anything is touched', async () => {
    const here = ground();
    const { target } = await theirs(here, { restart: 'restart' }, {}, () => ['no-such-program']);
    const scene = sceneOf(target, here.scope);
    await expect(restart(['backend']).prepare?.(scene)).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
    expect(scene.names()).toEqual([]);
  });
});

describe('a crash of an attached service', () => {
  it('kills it by the command, and starts it where it does not come back by itself', async () => {
    const here = ground();
    const kill = 'kill -9 $(cat "$FOLDER/id"); rm "$FOLDER/id"';
    const { target } = await theirs(here, { kill, start: 'start' });
    const scene = sceneOf(target, here.scope);
    await crash(['backend']).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'started', 'ready', 'end']);
    expect(scene.steps[1]).toMatchObject({ signal: 'SIGKILL' });
    expect(scene.steps.at(-2)?.instance).not.toBe(scene.steps[0]?.instance);
  });
});

describe('what may not be done', () => {
  it('is refused with the powers that there are, before anything is touched', async () => {
    await using guardian = startGuardian();
    const redactor = { add: () => undefined, stream: () => ({ push: String, end: () => '' }) };
    const ready = 'http://127.0.0.1:1/';
    const kind = createTarget(
      {
        services: {
          own: service(),
          bare: { kind: 'attach', ready },
          commanded: { kind: 'attach', ready, commands: { stop: 'x', start: 'y' } },
          half: { kind: 'attach', ready, commands: { stop: 'x' } },
        },
      },
      { variables: {}, guardian, redactor },
    );
    expect(refusals(restart(['own', 'commanded']), kind)).toEqual([]);
    expect(refusals(crash(['own']), kind)).toEqual([]);
    expect(refusals(restart(['bare', 'half']), kind).map(({ code, message }) => [code, message])).toEqual([
      [
        'POWER_MISSING',
        expect.stringMatching(/over the service bare: signal .* or restart .*; there is none$/),
      ],
      ['POWER_MISSING', expect.stringMatching(/over the service half: .*; there is none$/)],
    ]);
    expect(refusals(crash(['commanded']), kind).map(({ message }) => message)).toEqual([
      'expected, for a crash, one of these powers over the service commanded: signal (we launch it) or kill (a command); there is stop and start (two commands)',
    ]);
    expect(refusals(restart(['bakend']), kind)).toMatchObject([{ code: 'CONFIG_INVALID' }]);
  });

  it('is refused by the crash itself as well', async () => {
    const here = ground();
    const { target, isUp } = await theirs(here, { restart: 'restart' });
    await expect(crash(['backend']).strike(sceneOf(target, here.scope))).rejects.toThrow(/for a crash/);
    expect(await isUp()).toBe(true);
  });
});
