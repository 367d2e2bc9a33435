import { describe, expect, it } from 'vitest';
import { crash, restart } from '../../../src/observe/disruption/index.js';
import { fixture, ground, service } from '../target/harness.js';
import { sceneOf } from './scene.js';

const calm = { signal: new AbortController().signal };
const whole = ['begin', 'signal', 'exited', 'port-closed', 'started', 'ready', 'end'];

describe('a restart of a launched service', () => {
  it('is proved at the door, and ends with another instance', async () => {
    const here = ground();
    const target = await here.up({ backend: service({ environment: { EXIT_CODE: '4' } }) });
    const { instance } = await here.own(target, 'backend').look(calm);
    const scene = sceneOf(target, here.scope);
    await restart(['backend']).strike(scene);
    expect(scene.names()).toEqual(whole);
    expect(scene.steps[0]).toEqual({ step: 'begin', service: 'backend', replica: 0, instance });
    expect(scene.steps[1]).toMatchObject({ signal: 'SIGTERM' });
    expect(scene.steps[2]).toMatchObject({ exitCode: 4, killed: false });
    expect(scene.steps[5]?.instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(scene.steps[5]?.instance).not.toBe(instance);
    expect(here.died).toEqual([]);
  });

  it('kills what is still there after its grace', async () => {
    const here = ground();
    const target = await here.up({ backend: fixture('ignores-sigterm.js') });
    const scene = sceneOf(target, here.scope);
    await restart(['backend'], { graceMs: 2_000 }).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', ...whole.slice(1)]);
    expect(scene.steps.slice(1, 4)).toMatchObject([
      { signal: 'SIGTERM' },
      { signal: 'SIGKILL' },
      { step: 'exited', exitCode: null, signal: 'SIGKILL', killed: true },
    ]);
    expect(here.printed()).toContain('no\n');
  });

  it('waits for the whole group, not only for its leader', async () => {
    const here = ground();
    const target = await here.up({
      backend: fixture('forks-child.js', { environment: { CHILD_MS: '300' } }),
    });
    const scene = sceneOf(target, here.scope);
    const begun = performance.now();
    await restart(['backend']).strike(scene);
    expect(performance.now() - begun).toBeGreaterThan(300);
    expect(scene.names()).toEqual(whole);
    expect(here.printed().match(/child \d+/g)).toHaveLength(2);
  });

  it('can be done to several services at once, and again', async () => {
    const here = ground();
    const port = '{port:second}';
    const target = await here.up({
      first: service(),
      second: { ...service({ environment: { PORT: port } }), ready: `http://127.0.0.1:${port}/ready` },
    });
    for (let round = 0; round < 2; round++) {
      const scene = sceneOf(target, here.scope);
      await restart(['first', 'second']).strike(scene);
      for (const name of ['first', 'second']) {
        expect(scene.steps.filter((told) => told.service === name).map(({ step }) => step)).toEqual(whole);
      }
    }
  });

  it('fails when something else answers once the group is gone', async () => {
    const here = ground();
    const target = await here.up({ backend: fixture('forks-child.js', { environment: { ESCAPES: '1' } }) });
    await expect.poll(here.printed).toContain('child');
    const child = Number(/child (\d+)/.exec(here.printed())?.[1]);
    const scene = sceneOf(target, here.scope);
    try {
      await expect(restart(['backend']).strike(scene)).rejects.toMatchObject({
        code: 'RESTART_FAILED',
        message: expect.stringMatching(
          /^backend did not come back: its whole process group is gone, and something still answers at http:/,
        ),
      });
    } finally {
      process.kill(child, 'SIGKILL');
    }
    expect(scene.names()).toEqual(['begin', 'signal', 'exited', 'failed']);
    await expect.poll(() => here.own(target, 'backend').look(calm)).toMatchObject({ refused: true });
  });

  it('fails with its last lines when it does not get ready again', async () => {
    const here = ground();
    const once = 'if [ -e "$DATA/ran" ]; then echo only once; else touch "$DATA/ran"; exec node "$FILE"; fi';
    const { command } = service();
    const target = await here.up({
      backend: service({
        ...{ shell: true, command: once },
        environment: { DATA: '{folder:data}', FILE: String(command.at(1)) },
      }),
    });
    const scene = sceneOf(target, here.scope);
    await expect(restart(['backend']).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringContaining('its process exited with 0 before'),
      details: expect.arrayContaining(['only once']),
    });
    expect(scene.names()).toEqual(['begin', 'signal', 'exited', 'port-closed', 'started', 'failed']);
  });

  it('fails when it had died before', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const backend = here.own(target, 'backend');
    backend.signal('SIGKILL');
    await backend.exited(calm);
    const scene = sceneOf(target, here.scope);
    await expect(restart(['backend']).strike(scene)).rejects.toThrow(/had ended by itself/);
    expect(scene.names()).toEqual(['begin', 'failed']);
  });

  it('can be interrupted, and is stopped by its scope', async () => {
    const here = ground();
    const target = await here.up({ backend: fixture('ignores-sigterm.js', { graceMs: 300 }) });
    const stop = new AbortController();
    const scene = sceneOf(target, here.scope, stop.signal);
    const striking = restart(['backend'], { graceMs: 60_000 }).strike(scene);
    await expect.poll(here.printed).toContain('no\n');
    stop.abort(new Error('enough'));
    await expect(striking).rejects.toThrow('enough');
    expect(scene.names()).toEqual(['begin', 'signal']);
    await here.leave();
  });
});

describe('a crash of a launched service', () => {
  it('gives it no time', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const scene = sceneOf(target, here.scope);
    await crash(['backend']).strike(scene);
    expect(scene.names()).toEqual(whole);
    expect(scene.steps[1]).toMatchObject({ signal: 'SIGKILL' });
    expect(scene.steps[2]).toMatchObject({ exitCode: null, signal: 'SIGKILL', killed: false });
    expect(here.printed()).not.toContain('going');
  });
});

describe('a crash that is to strike once more at the start', () => {
  it('kills what is not ready yet, proves it, and starts it again', async () => {
    const here = ground();
    const target = await here.up({ backend: service({ environment: { READY_AFTER_MS: '2000' } }) });
    const scene = sceneOf(target, here.scope);
    await crash(['backend'], { againMs: 50 }).strike(scene);
    const twice = ['signal', 'exited', 'port-closed', 'started', 'signal', 'exited', 'started'];
    expect(scene.names()).toEqual(['begin', ...twice, 'ready', 'end']);
    expect(scene.steps.filter(({ step }) => step === 'signal')).toMatchObject([
      { signal: 'SIGKILL' },
      { signal: 'SIGKILL' },
    ]);
    expect(here.died).toEqual([]);
  });

  it('leaves alone what is ready before', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const scene = sceneOf(target, here.scope);
    await crash(['backend'], { againMs: 3_000 }).strike(scene);
    expect(scene.names()).toEqual(whole);
  });
});
