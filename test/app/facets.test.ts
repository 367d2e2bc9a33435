import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdsConnections, lacking } from '../../src/app/facets.js';
import { checkConfig } from '../../src/config/index.js';
import {
  attach,
  crash,
  get,
  jwt,
  launch,
  pages,
  password,
  restart,
  webSocket,
} from '../../src/config/face.js';
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
const facetsOf = (config: ConfigInput) => Object.keys(lacking(checkConfig(config))).sort();

describe('what a config leaves out', () => {
  it('is said facet by facet, with a reason that names the key to fill in', () => {
    const without = lacking(checkConfig(base));
    expect(without['log']).toContain('target.log');
    expect(without['who-am-i']).toContain('target.whoAmI');
    expect(without['user-records']).toContain('target.records');
    expect(without['sign-in']).toContain('minted');
  });

  it('is nothing but other records where everything was told', () => {
    const login = 'http://127.0.0.1:{port:auth}/auth';
    const target = {
      ...base.target,
      users: password({
        url: `${login}/login`,
        refreshUrl: `${login}/refresh`,
        logoutUrl: `${login}/logout`,
        user: () => ({ name: 'ada', password: 'secret password' }),
      }),
      records: { profile: get('/users/me'), session: get('/sessions/me') },
      whoAmI: get('/users/me', { user: () => 'ada' }),
      log: pages(),
    };
    expect(facetsOf({ ...base, target })).toEqual(['other-records']);
  });

  it('holds the exit code of a service that somebody else runs', () => {
    const backend = attach({ ready: 'http://127.0.0.1:8000/', commands: { restart: ['true'] } });
    const client = webSocket({ url: 'ws://127.0.0.1:8000/ws' });
    const target = { ...base.target, client, services: { backend } };
    expect(facetsOf({ ...base, target })).toContain('exit-code');
    expect(facetsOf(base)).not.toContain('exit-code');
  });
});

describe('whether the disrupted service holds the connections', () => {
  const nothing = { variables: {}, redactor: createRedactor() };
  const guardian = { id: 0, group: () => () => undefined, folder: () => () => undefined };
  const holdsIn = (input: ConfigInput) => {
    const config = checkConfig(input);
    const environment = {
      ...nothing,
      guardian: { ...guardian, [Symbol.asyncDispose]: async () => undefined },
    };
    return holdsConnections(config, createTarget(config.target, environment));
  };
  const holds = (disruption: ConfigInput['disruption']) => holdsIn({ ...base, disruption });

  it('is told by the address that sessions dial', () => {
    expect(holds(restart('backend'))).toBe(true);
    expect(holds(crash('auth'))).toBe(false);
    expect(holds(restart(['auth', 'backend']))).toBe(true);
  });

  it('is taken for granted where something else stands at that address, such as a balancer', () => {
    const client = webSocket({ url: 'ws://127.0.0.1:9000/ws' });
    expect(holdsIn({ ...base, target: { ...base.target, client }, disruption: restart('auth') })).toBe(true);
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
      return holdsIn({ ...base, target: { ...base.target, client, services }, disruption });
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
