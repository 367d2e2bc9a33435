import { describe, expect, it } from 'vitest';
import { lacking } from '../../src/app/facets.js';
import { checkConfig } from '../../src/config/index.js';
import { answers, get, jwt, launch, pages, password, restart, webSocket } from '../../src/config/face.js';
import type { ConfigInput } from '../../src/config/input.js';

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

  it('is told of balancers where several replicas stand behind one address, and connections name their instance', () => {
    const { auth } = base.target.services;
    const ready = 'http://127.0.0.1:{port:backend}/ready';
    const balancer = launch({
      command: 'balance',
      routesTo: ['backend'],
      ready: 'http://127.0.0.1:{port:balancer}/ready',
    });
    const facets = (replicas: number, url: string, instanceHeader?: string) =>
      facetsOf({
        ...base,
        target: {
          ...base.target,
          services: {
            auth: auth ?? balancer,
            backend: launch({ command: 'backend', ready, replicas }),
            balancer,
          },
          client: webSocket({ url, ...(instanceHeader === undefined ? {} : { instanceHeader }) }),
        },
      }).filter((facet) => facet === 'balancer' || facet === 'instance');
    const throughIt = 'ws://127.0.0.1:{port:balancer}/ws';
    expect(facets(2, throughIt, 'x-instance')).toEqual([]);
    expect(facets(2, throughIt)).toEqual(['instance']);
    expect(facets(1, throughIt, 'x-instance')).toEqual(['balancer']);
    expect(facets(2, 'ws://127.0.0.1:{port:backend.1}/ws', 'x-instance')).toEqual(['balancer']);
  });

  it('is the streams where the config has no answers, and their cancellation where there is none', () => {
    expect(lacking(checkConfig(base))['streams']).toContain('target.answers');
    const uncancelled = { ...base.target, answers: answers({ url: '/answers', cancel: false }) };
    expect(facetsOf({ ...base, target: uncancelled })).toContain('cancellation');
    expect(facetsOf({ ...base, target: uncancelled })).not.toContain('streams');
  });

  it('is nothing but other records, and a balancer, where everything was told', () => {
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
      answers: answers({ url: '/answers' }),
    };
    expect(facetsOf({ ...base, target })).toEqual(['balancer', 'instance', 'other-records']);
  });
});
