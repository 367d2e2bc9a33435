import { describe, expect, it } from 'vitest';
import { app } from '../../src/app/index.js';

const plain = { crash: false, both: false, rolling: false };

describe('the demo as a config', () => {
  it('restarts the backend with SIGTERM, with SIGKILL, or both services', async () => {
    expect((await app.demo(plain)).config.disruption).toMatchObject({
      kind: 'restart',
      services: ['backend'],
    });
    expect((await app.demo({ ...plain, crash: true })).config.disruption).toMatchObject({ kind: 'crash' });
    expect((await app.demo({ ...plain, both: true })).config.disruption).toMatchObject({
      services: ['auth', 'backend'],
    });
  });

  it('restarts two backends behind a balancer one after the other, where sessions dial the balancer', async () => {
    const { config } = await app.demo({ ...plain, rolling: true });
    expect(config.disruption).toMatchObject({ kind: 'rolling', services: ['backend'] });
    expect(Object.keys(config.target.services)).toEqual(['database', 'auth', 'backend', 'balancer']);
    expect(config.target.client).toMatchObject({ url: 'ws://127.0.0.1:{port:balancer}/ws' });
  });

  it('meets a fault of a balancer in a rolling restart, asked for or not, and in no other way', async () => {
    const { config } = await app.demo({ ...plain, variant: 'first-ready' });
    expect(config.disruption).toMatchObject({ kind: 'rolling' });
    await expect(app.demo({ ...plain, crash: true, variant: 'first-ready' })).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(app.demo({ ...plain, rolling: true, variant: 'memory-log' })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('lets a broken variant take the place of its service, and nothing else', async () => {
    const whole = (await app.demo(plain)).config.target.services;
    const broken = (await app.demo({ ...plain, variant: 'memory-log' })).config.target.services;
    expect(broken['backend']).not.toEqual(whole['backend']);
    expect({ ...broken, backend: null }).toEqual({ ...whole, backend: null });
  });

  it('breaks several parts together, of the services that they are in', async () => {
    const whole = (await app.demo(plain)).config.target.services;
    const { config, expected, say } = await app.demo({ ...plain, variant: 'fresh-secret, forgets-profile' });
    expect(expected?.fails).toEqual(['accepted-after', 'user-data']);
    expect(config.disruption).toMatchObject({ services: ['auth', 'backend'] });
    expect(config.target.services['auth']).not.toEqual(whole['auth']);
    expect(config.target.services['backend']).not.toEqual(whole['backend']);
    expect(say.join(' ')).toMatch(/keys that sign tokens.*Profiles are kept/);
  });

  it('refuses to break one part twice, or what no single kind of restart shows', async () => {
    const refused = (variant: string) =>
      expect(app.demo({ ...plain, variant })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('each in another part') as string,
      });
    await refused('memory-log,truncates');
    await refused('memory-log,first-ready');
  });

  it('restarts auth too where the fault is there', async () => {
    const { config } = await app.demo({ ...plain, variant: 'fresh-secret' });
    expect(config.disruption).toMatchObject({ services: ['auth', 'backend'] });
  });

  it('names the flag that shows a fault which this kind of restart cannot', async () => {
    const graceful = await app.demo({ ...plain, variant: 'ack-before-commit' });
    expect(graceful.expected?.fails).toEqual([]);
    expect(graceful.say.join(' ')).toContain('--crash');
    const crashed = await app.demo({ ...plain, crash: true, variant: 'no-drain' });
    expect(crashed.say.join(' ')).toContain('leave out --crash');
  });

  it('asks for as many restarts as a fault needs to be met, and expects nothing of fewer', async () => {
    const once = await app.demo({ ...plain, variant: 'works-once' });
    expect(once.expected?.fails).toEqual([]);
    expect(once.say.join(' ')).toContain('add --restarts 2 to see it');
    const twice = await app.demo({ ...plain, restarts: 2, variant: 'works-once' });
    expect(twice.expected?.fails).toEqual(['came-back']);
    expect(twice.say).toHaveLength(1);
  });

  it('refuses a variant that is not there and suggests the one that was meant', async () => {
    await expect(app.demo({ ...plain, variant: 'memory-lag' })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining("Did you mean 'memory-log'?") as string,
    });
  });

  it('lists every variant with what is wrong about it', async () => {
    const variants = await app.variants();
    expect(variants.map(({ name }) => name)).toContain('ack-before-commit');
    for (const { title } of variants) expect(title).toMatch(/^[A-Z].*\.$/);
  });

  it('says in words what a run would do, without touching anything', async () => {
    const { config } = await app.demo(plain);
    const said = await app.dryRun({ config, allowRemote: false, signal: new AbortController().signal });
    expect(said).toContain('restart of backend');
    expect(said).toContain('50 in rooms of 5');
    expect(said).toContain('restart 5 s, reconnect 10 s');
  });
});
