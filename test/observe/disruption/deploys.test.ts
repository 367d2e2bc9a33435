import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { command, type Deploy, watch } from '../../../src/observe/disruption/index.js';
import { removeScratch, scratchFolder } from '../../../src/system/index.js';
import { type Ground, ground, service } from '../target/harness.js';
import { sceneOf } from './scene.js';
import { supervised } from './supervised.js';

const calm = { signal: new AbortController().signal };
const clean = (text: string) => text.replaceAll('hunter2', '[redacted]');
const means = { variables: process.env, clean };

const deploy = (run: Deploy['command'], more: Partial<Deploy> = {}) =>
  command({ command: run, services: ['backend'], timeoutMs: 10_000, ...more }, means);

/** A service that somebody else runs; no command of ours is known. */
async function theirs(here: Ground, readyWithinMs = 5_000) {
  const { ready, supervise, order } = await supervised();
  const target = await here.up({
    backend: { kind: 'attach', ready, instance: 'header:x-instance', readyWithinMs },
  });
  return { target, supervise, order, ready };
}

describe('a deploy command', () => {
  it.each<[string, Deploy['command'], RegExp, readonly string[]]>([
    [
      'fails',
      'echo "cannot log in with hunter2"; exit 3',
      /^expected the deploy command to exit with 0; it exited with 3$/,
      ['cannot log in with [redacted]'],
    ],
    [
      'prints nothing and fails',
      'exit 1',
      /^expected the deploy command to exit with 0; it exited with 1$/,
      ['(it printed nothing)'],
    ],
    [
      'is killed',
      'echo going; kill -9 $$',
      /^expected the deploy command to exit with 0; SIGKILL ended it$/,
      ['going'],
    ],
    [
      'is not there',
      ['no-such-program-anywhere', '--now'],
      /^expected to run the deploy command: .*no-such-program-anywhere/,
      [],
    ],
  ])(
    'that %s ends the disruption, with what it printed, and the service goes on',
    async (_how, run, message, details) => {
      const here = ground();
      const target = await here.up({ backend: service() });
      const scene = sceneOf(target, here.scope);
      await expect(deploy(run).strike(scene)).rejects.toMatchObject({
        ...{ code: 'DISRUPTION_FAILED', details },
        message: expect.stringMatching(message),
      });
      expect(scene.names()).toEqual(['begin', 'signal', 'failed']);
      expect(await here.own(target, 'backend').look(calm)).toMatchObject({ ready: true });
    },
  );

  it('that hangs is ended in time, with all that it had started', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const scene = sceneOf(target, here.scope);
    const folder = scratchFolder();
    onTestFinished(() => removeScratch(folder));
    const hanging = `sleep 600 & echo $! >"${folder}/id"; echo waiting for a person; wait`;
    await expect(deploy(hanging, { timeoutMs: 3_000 }).strike(scene)).rejects.toMatchObject({
      code: 'DISRUPTION_FAILED',
      message: 'expected the deploy command to end within 3 s; it hung and was ended',
      details: ['waiting for a person'],
    });
    expect(scene.names()).toEqual(['begin', 'signal', 'failed']);
    // A process that ended and that nobody has asked after is gone as well.
    const state = () => execFileSync('sh', ['-c', `ps -o stat= -p "$(cat "${folder}/id")" || true`]);
    await expect.poll(() => String(state()).trim()).toMatch(/^(Z.*)?$/);
  });

  it('that succeeds and restarts nothing is said not to be proved', async () => {
    const here = ground();
    const { target } = await theirs(here);
    const scene = sceneOf(target, here.scope);
    await deploy('echo nothing to do', { readyWithinMs: 300 }).strike(scene);
    expect(scene.names()).toEqual(['begin', 'signal', 'started', 'ready', 'end']);
    const [begin, , , ready] = scene.steps;
    expect(ready?.instance).toBe(begin?.instance);
    expect(ready?.note).toBe('not proved: no connection was refused, and no other instance is told');
  });

  it('that leaves the service down says at which door nobody is', async () => {
    const here = ground();
    const { target, supervise, order, ready } = await theirs(here);
    const scene = sceneOf(target, here.scope);
    await expect(deploy(supervise('stop'), { readyWithinMs: 300 }).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringContaining(
        `expected it to be ready at ${ready} again; the last look: connection refused`,
      ),
    });
    expect(scene.names()).toEqual(['begin', 'signal', 'port-closed', 'started', 'failed']);
    // We know no command that brings it back.
    order('start');
  });
});

describe('a watch', () => {
  it('that sees nobody deploy in its time says what it waited for, and nothing was touched', async () => {
    const here = ground();
    const { target, ready } = await theirs(here);
    const scene = sceneOf(target, here.scope);
    await expect(watch(['backend'], { forMs: 300 }).strike(scene)).rejects.toMatchObject({
      code: 'DISRUPTION_FAILED',
      message: `expected somebody to deploy backend within 300 ms; nothing changed at ${ready}`,
    });
    expect(scene.names()).toEqual(['begin', 'failed']);
    expect(scene.steps[0]?.note).toBe('deploy backend now: Outlast watches for up to 300 ms');
  });

  it('that sees a service go and not come back says at which door nobody is', async () => {
    const here = ground();
    const { target, order, ready } = await theirs(here, 300);
    const gone = sceneOf(target, here.scope);
    const striking = watch(['backend'], { forMs: 60_000 }).strike({
      ...gone,
      step: (step, about) => {
        gone.step(step, about);
        if (step === 'begin') order('stop');
      },
    });
    await expect(striking).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringContaining(
        `expected it to be ready at ${ready} again; the last look: connection refused`,
      ),
    });
    expect(gone.names()).toEqual(['begin', 'signal', 'port-closed', 'failed']);
    // We know no command that brings it back.
    order('start');
  });
});
