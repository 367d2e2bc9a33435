import { describe, expect, it } from 'vitest';
import { refusals, rolling } from '../../../src/observe/disruption/index.js';
import { createTarget, type LaunchDescription } from '../../../src/observe/target/index.js';
import { startGuardian } from '../../../src/system/index.js';
import { ground, service } from '../target/harness.js';
import { sceneOf } from './scene.js';

const calm = { signal: new AbortController().signal };
const whole = ['begin', 'signal', 'exited', 'port-closed', 'started', 'ready', 'end'];

const chat = (more: Partial<LaunchDescription> = {}): LaunchDescription =>
  service({
    ...{ replicas: 3, ready: 'http://127.0.0.1:{port:chat}/ready' },
    ...more,
    environment: { PORT: '{port:chat}', ...more.environment },
  });

/** `chat.2` starts once, and `again` decides about each start after that. */
const second = (again: string): Partial<LaunchDescription> => ({
  shell: true,
  command: `runs="$DATA/runs"; echo x >>"$runs"; starts=$(wc -l <"$runs"); if [ "$NUMBER" = 2 ] && ${again}; then echo not again; exit 3; fi; exec node "$FILE"`,
  environment: { NUMBER: '{replica}', DATA: '{folder:chat}', FILE: String(service().command.at(1)) },
});

describe('a rolling restart', () => {
  it('restarts replica by replica, each ready at its door before the next is touched', async () => {
    const here = ground();
    const target = await here.up({ chat: chat({ environment: { READY_AFTER_MS: '100' } }) });
    const scene = sceneOf(target, here.scope);
    const doors: (readonly boolean[])[] = [];
    const looking = async () => {
      const looks = [0, 1, 2].map(async (index) => (await here.own(target, 'chat', index).look(calm)).ready);
      doors.push(await Promise.all(looks));
    };
    const watched = {
      ...scene,
      step: (...told: Parameters<typeof scene.step>) => (scene.step(...told), void looking()),
    };
    await rolling(['chat']).strike(watched);
    expect(scene.names()).toEqual([...whole, ...whole, ...whole]);
    expect(scene.steps.map(({ replica }) => replica)).toEqual(
      [0, 1, 2].flatMap((index) => whole.map(() => index)),
    );
    for (const index of [0, 1, 2]) {
      const [begin, , , , , ready] = scene.steps.filter(({ replica }) => replica === index);
      expect(begin?.instance).toMatch(/^[0-9a-f-]{36}$/);
      expect(ready?.instance).not.toBe(begin?.instance);
    }
    // Two of three are there at any time.
    for (const ready of doors) expect(ready.filter(Boolean).length).toBeGreaterThanOrEqual(2);
  });

  it('pauses between one that is ready and the next', async () => {
    const here = ground();
    const target = await here.up({ chat: chat({ replicas: 2 }) });
    const at: number[] = [];
    const scene = sceneOf(target, here.scope);
    await rolling(['chat'], { pauseMs: 300 }).strike({
      ...scene,
      step: (step) => {
        if (step === 'begin' || step === 'end') at.push(performance.now());
      },
    });
    const [, ended = 0, begun = 0] = at;
    expect(at).toHaveLength(4);
    expect(begun - ended).toBeGreaterThanOrEqual(280);
  });

  it('has one from the reserve ready before the first is stopped, with a surge, and sends it back at the end', async () => {
    const here = ground();
    const target = await here.up({ chat: chat({ replicas: 2, spare: 2 }) });
    const scene = sceneOf(target, here.scope);
    await rolling(['chat'], { surge: 1 }).strike(scene);
    const told = scene.steps.map(({ replica, step }) => `${replica} ${step}`);
    expect(told).toEqual([
      ...['2 started', '2 ready'],
      ...whole.map((step) => `0 ${step}`),
      ...whole.map((step) => `1 ${step}`),
      ...['2 signal', '2 exited', '2 port-closed', '2 end'],
    ]);
    expect(scene.steps[1]?.instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(here.own(target, 'chat', 2).alive()).toBe(false);
    await rolling(['chat'], { surge: 2 }).strike(sceneOf(target, here.scope));
  });

  it('stops where a replica does not come back, leaves the rest as it is, and starts that one once more', async () => {
    const here = ground();
    const target = await here.up({ chat: chat(second('[ "$starts" = 2 ]')) });
    const scene = sceneOf(target, here.scope);
    await expect(rolling(['chat']).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringMatching(
        /^the rollout of chat stopped at replica 2 of 3; chat\.3 was left as before; it was started once more, and is ready: chat\.2 did not come back: .* exited with 3/,
      ),
      details: expect.arrayContaining(['not again']),
    });
    expect(scene.steps.slice(whole.length).map(({ replica, step }) => `${replica} ${step}`)).toEqual([
      ...['begin', 'signal', 'exited', 'port-closed', 'started', 'failed', 'healed'].map(
        (step) => `1 ${step}`,
      ),
    ]);
    for (const index of [0, 1, 2]) {
      expect(await here.own(target, 'chat', index).look(calm)).toMatchObject({ ready: true });
    }
  });

  it('stops where a replica runs and never gets ready, which is ended and started once more', async () => {
    const here = ground();
    const waiting =
      'runs="$DATA/runs"; echo x >>"$runs"; if [ "$NUMBER" = 2 ] && [ "$(wc -l <"$runs")" = 2 ]; then READY_AFTER_MS=600000; echo waiting for the moon; fi; export READY_AFTER_MS; exec node "$FILE"';
    const { environment } = second('true');
    const target = await here.up({
      chat: chat({ shell: true, command: waiting, readyWithinMs: 6_000, environment }),
    });
    const scene = sceneOf(target, here.scope);
    await expect(rolling(['chat']).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringMatching(
        /^the rollout of chat stopped at replica 2 of 3; chat\.3 was left as before; it was started once more, and is ready: chat\.2 did not come back: expected chat\.2 to be ready at .*\/ready within 6 s; .*503/,
      ),
      details: expect.arrayContaining(['waiting for the moon']),
    });
    expect(scene.steps.slice(whole.length).map(({ replica, step }) => `${replica} ${step}`)).toEqual(
      ['begin', 'signal', 'exited', 'port-closed', 'started', 'failed', 'healed'].map((step) => `1 ${step}`),
    );
    for (const index of [0, 1, 2]) {
      expect(await here.own(target, 'chat', index).look(calm)).toMatchObject({ ready: true });
    }
  });

  it('says so where it is in vain, and leaves the others up', async () => {
    const here = ground();
    const target = await here.up({ chat: chat(second('[ "$starts" -gt 1 ]')) });
    const scene = sceneOf(target, here.scope);
    await expect(rolling(['chat']).strike(scene)).rejects.toThrow(/it was started once more, in vain/);
    expect(scene.names().slice(-2)).toEqual(['started', 'failed']);
    for (const index of [0, 2]) {
      expect(await here.own(target, 'chat', index).look(calm)).toMatchObject({ ready: true });
    }
  });

  it('touches no replica where the one in reserve does not get ready', async () => {
    const here = ground();
    const environment = { NUMBER: '{replica}', FILE: String(service().command.at(1)) };
    const command = 'if [ "$NUMBER" = 3 ]; then echo not in reserve; exit 4; fi; exec node "$FILE"';
    const target = await here.up({
      chat: chat({ replicas: 2, spare: 1, shell: true, command, environment }),
    });
    const scene = sceneOf(target, here.scope);
    await expect(rolling(['chat'], { surge: 1 }).strike(scene)).rejects.toMatchObject({
      code: 'RESTART_FAILED',
      message: expect.stringMatching(
        /^the rollout of chat did not begin, and no replica was touched: expected chat\.3/,
      ),
      details: expect.arrayContaining(['not in reserve']),
    });
    expect(scene.steps.map(({ replica, step }) => `${replica} ${step}`)).toEqual(['2 started', '2 failed']);
  });

  it('can be interrupted between two replicas', async () => {
    const here = ground();
    const target = await here.up({ chat: chat({ replicas: 2 }) });
    const stop = new AbortController();
    const scene = sceneOf(target, here.scope, stop.signal);
    const striking = rolling(['chat'], { pauseMs: 60_000 }).strike({
      ...scene,
      step: (step, about) => {
        scene.step(step, about);
        if (step === 'end') setImmediate(() => stop.abort(new Error('enough')));
      },
    });
    await expect(striking).rejects.toThrow();
    expect(scene.names()).toEqual(whole);
    await here.leave();
  });
});

describe('a rolling restart that cannot be', () => {
  it('is refused before anything is touched', async () => {
    await using guardian = startGuardian();
    const redactor = { add: () => undefined, stream: () => ({ push: String, end: () => '' }) };
    const kind = createTarget(
      {
        services: {
          single: service(),
          pair: chat({ replicas: 2, ready: 'http://127.0.0.1:{port:pair}/' }),
          theirs: { kind: 'attach', ready: 'http://127.0.0.1:1/', commands: { restart: 'x' } },
        },
      },
      { variables: {}, guardian, redactor },
    );
    const told = (services: readonly string[], surge = 0) =>
      refusals(rolling(services, { surge }), kind).map(({ code, message }) => `${code} ${message}`);
    expect(told(['pair'])).toEqual([]);
    expect(told(['single'])).toEqual([
      'CONFIG_INVALID a rolling restart needs at least 2 replicas of single, and there is 1: say `replicas: 2` in its launch({ … })',
    ]);
    expect(told(['pair'], 1)).toEqual([
      'CONFIG_INVALID the surge needs 1 of pair in reserve, and there are 0: say `spare: 1` in its launch({ … })',
    ]);
    expect(told(['theirs'])).toEqual([expect.stringMatching(/^POWER_MISSING .* over the service theirs/)]);
  });
});
