import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { betweenMs, strikesOf } from '../../src/app/strikes.js';
import { checkConfig } from '../../src/config/index.js';
import { attach, crash, jwt, launch, restart, sequence, webSocket } from '../../src/config/face.js';
import type { ConfigInput, ServiceInput } from '../../src/config/input.js';
import { createRedactor } from '../../src/observe/record/index.js';
import { createTarget } from '../../src/observe/target/index.js';
import { removeScratch, scratchFolder } from '../../src/system/index.js';

const base: ConfigInput = {
  target: {
    services: {
      auth: launch({ command: 'auth', ready: 'http://127.0.0.1:{port:auth}/ready' }),
      backend: launch({ command: 'backend', ready: 'http://127.0.0.1:{port:backend}/ready' }),
    },
    users: jwt({ secret: 'a secret of some length' }),
    client: webSocket({ url: 'ws://127.0.0.1:{port:backend}/ws' }),
  },
  disruption: restart('backend'),
};
const guardian = { id: 0, group: () => () => undefined, folder: () => () => undefined };
const environment = {
  ...{ variables: {}, redactor: createRedactor() },
  guardian: { ...guardian, [Symbol.asyncDispose]: async () => undefined },
};

function strikes(input: Partial<ConfigInput>) {
  const config = checkConfig({ ...base, ...input });
  const kind = createTarget(config.target, environment);
  return strikesOf(config, { target: kind, variables: {}, clean: (text) => text });
}

describe('whether the disrupted service holds the connections', () => {
  const holdsIn = (input: Partial<ConfigInput>) => strikes(input)[0]?.holdsConnections;
  const holds = (disruption: ConfigInput['disruption']) => holdsIn({ disruption });

  it('is told by the address that sessions dial', () => {
    expect(holds(restart('backend'))).toBe(true);
    expect(holds(crash('auth'))).toBe(false);
    expect(holds(restart(['auth', 'backend']))).toBe(true);
  });

  it('is taken for granted where something else stands at that address, such as a balancer', () => {
    const client = webSocket({ url: 'ws://127.0.0.1:9000/ws' });
    expect(holdsIn({ target: { ...base.target, client }, disruption: restart('auth') })).toBe(true);
  });

  describe('behind a balancer', () => {
    const ready = 'http://127.0.0.1:{port:balancer}/';
    const front = (balancer: ServiceInput, disruption: ConfigInput['disruption']) => {
      const backend = launch({
        command: 'backend',
        replicas: 2,
        ready: 'http://127.0.0.1:{port:backend}/ready',
      });
      const client = webSocket({ url: 'ws://127.0.0.1:{port:balancer}/ws' });
      const services = { ...base.target.services, backend, balancer };
      return holdsIn({ target: { ...base.target, client, services }, disruption });
    };
    const given = launch({ command: ['balancer', '{port:backend.1}', '{port:backend.2}'], ready });

    it('is told by the numbered ports that the balancer is given, in its command or its files', () => {
      expect(front(given, restart('backend'))).toBe(true);
      expect(front(given, restart('balancer'))).toBe(true);
      expect(front(given, restart('auth'))).toBe(false);
      const folder = scratchFolder();
      onTestFinished(() => removeScratch(folder));
      writeFileSync(path.join(folder, 'balancer.cfg'), 'server 127.0.0.1:{port:backend.1}');
      const filed = launch({ command: 'balancer', cwd: folder, files: { cfg: './balancer.cfg' }, ready });
      expect(front(filed, restart('backend'))).toBe(true);
    });

    it('is told by the balancer where it is given none', () => {
      const attached = attach({ ready });
      expect(front(attached, restart('backend'))).toBe(false);
      expect(front({ ...attached, routesTo: ['backend'] }, restart('backend'))).toBe(true);
    });
  });
});

describe('what ends and moves connections', () => {
  it('is lacking, with the reason, where nobody is connected to what is disrupted', () => {
    const disruption = sequence([restart('auth'), restart('backend')]);
    const reason = 'no session is connected to auth';
    expect(strikes({ disruption }).map(({ lacks }) => lacks)).toEqual([
      { loss: reason, balancer: reason },
      {},
    ]);
  });
});

describe('the exit code of a service that somebody else runs', () => {
  it('is lacking where that one is disrupted', () => {
    const backend = attach({ ready: 'http://127.0.0.1:8000/', commands: { restart: ['true'] } });
    const { auth } = base.target.services;
    const services = { backend, ...(auth && { auth }) };
    const target = { ...base.target, client: webSocket({ url: 'ws://127.0.0.1:8000/ws' }), services };
    const disruption = sequence([restart('backend'), restart('auth')]);
    expect(strikes({ target, disruption }).map(({ lacks }) => 'exit-code' in lacks)).toEqual([true, false]);
  });
});

describe('a sequence', () => {
  it('keeps its order, and the pause between', () => {
    const disruption = sequence([restart('backend'), crash('auth')], { pause: '3s' });
    const config = checkConfig({ ...base, disruption });
    const names = strikes({ disruption }).map((one) => [one.disruption.type, ...one.disruption.services]);
    expect(names).toEqual([
      ['restart', 'backend'],
      ['crash', 'auth'],
    ]);
    expect(betweenMs(config)).toBe(3_000);
    expect(betweenMs(checkConfig(base))).toBe(1_000);
  });
});
