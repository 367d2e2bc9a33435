import { describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { checkConfig } from '../../src/config/index.js';
import {
  atLeastOnce,
  attach,
  crash,
  defineConfig,
  env,
  exactlyOnce,
  get,
  jwt,
  launch,
  pages,
  password,
  pm2,
  provision,
  restart,
  rolling,
  systemd,
  webSocket,
} from '../../src/config/face.js';

const services = { backend: launch({ command: 'node backend.js', ready: 'http://127.0.0.1:8000/health' }) };
const users = password({
  url: 'http://127.0.0.1:8001/auth/login',
  user: (number) => ({ name: `u${number}`, password: 'x' }),
});
const client = webSocket({ url: 'ws://127.0.0.1:8000/ws' });
const target = { services, users, client };
const right = defineConfig({ target, disruption: restart('backend') });

/** The lines of what is wrong with it. */
function problems(input: unknown): readonly string[] {
  try {
    checkConfig(input, 'outlast.config.ts');
  } catch (error) {
    if (error instanceof OutlastError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}

describe('a checked config', () => {
  it('has every default', () => {
    const { workload, contract, only, target } = checkConfig(right);
    expect(workload).toEqual({
      sessions: 50,
      roomSize: 5,
      messagesPerSecond: 100,
      steadyMs: 1_500,
      quietMs: 2_000,
      maxLength: 2_000,
    });
    expect(contract).toMatchObject({ delivery: 'exactly-once', order: 'sender', revocationMs: 0 });
    expect(contract.budgets).toEqual({
      restartMs: 5_000,
      reconnectMs: 10_000,
      recoveryMs: 10_000,
      totalMs: 30_000,
    });
    expect(only).toHaveLength(6);
    expect(target).toMatchObject({ records: {}, doors: {}, provision: { kind: 'named' } });
  });

  it('has its times in milliseconds', () => {
    const config = checkConfig({
      ...right,
      target: {
        ...target,
        services: {
          backend: launch({
            command: ['node', 'x.js'],
            ready: 'tcp://127.0.0.1:1',
            readyWithin: '1m',
            grace: 250,
          }),
          auth: attach({
            ready: 'http://127.0.0.1:2/',
            commandTimeout: '2m',
            commands: { restart: 'systemctl …' },
          }),
        },
      },
      workload: { steady: '3s', quiet: 500 },
      disruption: restart(['backend', 'auth'], { grace: '5s' }),
    });
    expect(config.target.services).toMatchObject({
      backend: { readyWithinMs: 60_000, graceMs: 250 },
      auth: { commandTimeoutMs: 120_000 },
    });
    expect(config.workload).toMatchObject({ steadyMs: 3_000, quietMs: 500 });
    expect(config.disruption).toEqual({ kind: 'restart', services: ['backend', 'auth'], graceMs: 5_000 });
  });

  it('has the contract that was named, changed as told', () => {
    const contract = atLeastOnce({
      order: 'room',
      replayWindow: { time: '1m', messages: 10 },
      revocation: 'at-expiry',
      offline: '5m',
      budgets: { reconnect: '2s' },
      availability: { target: 0.99 },
    });
    expect(checkConfig({ ...right, contract }).contract).toMatchObject({
      delivery: 'at-least-once',
      order: 'room',
      idempotent: false,
      replayWindow: { ms: 60_000, messages: 10 },
      revocationMs: null,
      offlineMs: 300_000,
      budgets: { reconnectMs: 2_000, restartMs: 5_000 },
      availability: { target: 0.99, restartsPerMonth: 30 },
    });
    const later = exactlyOnce({ revocation: '2s' });
    expect(checkConfig({ ...right, contract: later }).contract.revocationMs).toBe(2_000);
  });

  it('takes a path at the host of the client, and tells records of a session by their name', () => {
    const config = checkConfig({
      ...right,
      target: {
        ...target,
        client: webSocket({ url: 'wss://chat.example:8443/ws?v=2' }),
        records: {
          profile: get('/users/me'),
          session: get('/sessions/me'),
          rooms: get('/rooms', { of: 'other' }),
        },
        whoAmI: get('http://127.0.0.1:8001/auth/verify', { user: () => 'u' }),
        doors: { profile: get('/users/me') },
        log: pages(),
      },
    });
    expect(config.target.records).toMatchObject({
      profile: { url: 'https://chat.example:8443/users/me', of: 'user' },
      session: { url: 'https://chat.example:8443/sessions/me', of: 'session' },
      rooms: { of: 'other' },
    });
    expect(config.target.whoAmI?.url).toBe('http://127.0.0.1:8001/auth/verify');
    expect(config.target.doors['profile']?.url).toBe('https://chat.example:8443/users/me');
    expect(config.target.log?.url('a/b', '7')).toBe(
      'https://chat.example:8443/threads/a%2Fb/messages?limit=500&after=7',
    );
  });

  it('keeps placeholders where it puts a path behind a host', () => {
    const config = checkConfig({
      ...right,
      target: {
        ...target,
        services: {
          backend: launch({ command: 'node x.js', ready: 'http://127.0.0.1:{port:backend}/health' }),
        },
        client: webSocket({ url: 'ws://127.0.0.1:{port:backend}/ws' }),
        doors: { me: get('/me') },
      },
    });
    expect(config.target.doors['me']?.url).toBe('http://127.0.0.1:{port:backend}/me');
  });

  it('knows four ways to come by users and rooms', () => {
    const kindOf = (options: Parameters<typeof provision>[0]) =>
      checkConfig({ ...right, target: { ...target, provision: provision(options) } }).target.provision.kind;
    expect(kindOf({ users: [{ name: 'a', password: 'b' }], rooms: ['r'] })).toBe('given');
    expect(kindOf({ room: (room) => room })).toBe('named');
    expect(kindOf({ auth: 'http://a', backend: 'http://b', adminKey: 'k' })).toBe('mission');
    expect(kindOf({ setUp: () => Promise.resolve({ users: [], rooms: {} }) })).toBe('custom');
  });

  it('names minted users by itself', () => {
    const minted = checkConfig({ ...right, target: { ...target, users: jwt({ secret: 'shared' }) } });
    const { provision } = minted.target;
    expect(provision.kind === 'named' && provision.user(3, 'abc')).toEqual({ name: 'outlast-abc-3' });
  });
});

describe('what is wrong with a config', () => {
  it('is told with where, what was expected and what came', () => {
    const client = { ...target.client, url: 'http://127.0.0.1:8000/ws' };
    expect(problems({ ...right, target: { ...target, client } })).toEqual([
      "target.client.url: expected where sessions connect: an address that begins with ws:// or wss://; got 'http://127.0.0.1:8000/ws'",
    ]);
    expect(problems(7)).toEqual(['the config: expected what defineConfig({ … }) gives; got 7']);
    expect(problems({ ...right, target: { ...target, users: client } })).toEqual([
      'target.users: expected password({ … }), jwt({ … }), credentials({ … }) or anonymous(); got what webSocket(…) gives',
    ]);
  });

  it.each<[unknown, string]>([
    [
      { firstFrame: 'a.b.c' },
      'target.client.token.firstFrame: expected a function (token) => frame; got a text (not shown)',
    ],
    [
      { subprotocol: ['v2'] },
      'target.client.token.subprotocol: expected a function (token) => [name, …]; got a list',
    ],
    [{ query: 1 }, 'target.client.token.query: expected the name of a parameter; got 1'],
    [{ header: 'x-auth', prefix: 7 }, 'target.client.token.prefix: expected a text; got 7'],
    [{ header: 'x-auth', prefx: 'JWT ' }, "target.client.token: unknown key 'prefx'. Did you mean 'prefix'?"],
    [
      'qurey',
      "target.client.token: expected 'query', 'header', 'subprotocol' or 'first-frame'; got 'qurey'. Did you mean 'query'?",
    ],
    [
      { cookie: 'sid' },
      "target.client.token: expected 'query', 'header', 'subprotocol', 'first-frame', or one of { query }, { header, prefix }, { subprotocol }, { firstFrame }; got an object",
    ],
    [
      null,
      "target.client.token: expected 'query', 'header', 'subprotocol', 'first-frame', or one of { query }, { header, prefix }, { subprotocol }, { firstFrame }; got null",
    ],
  ])('is told of where a token travels by the form that is meant: %j', (token, line) => {
    const client = { ...target.client, token };
    expect(problems({ ...right, target: { ...target, client } })).toEqual([line]);
  });

  it.each([
    undefined,
    'first-frame',
    { query: 'access_token' },
    { header: 'x-auth', prefix: 'Bearer ' },
    { subprotocol: (token: string) => ['v2', token] },
    { firstFrame: (token: string) => ({ type: 'auth', token }) },
  ] as const)('is nothing, where a token travels as a form allows: %j', (token) => {
    const client = webSocket({ url: 'ws://127.0.0.1:8000/ws', token });
    const checked = checkConfig({ ...right, target: { ...target, client } });
    expect(Reflect.get(checked.target.client, 'token')).toEqual(token);
  });

  it('is told of a manager that is none, that has commands beside it, or that nothing starts', () => {
    const ready = 'http://127.0.0.1:{port:chat}/';
    const told = (chat: object) =>
      problems({
        target: {
          services: { init: launch({ command: 'init', ready }), chat: { ...attach({ ready }), ...chat } },
          ...{ users, client },
        },
        disruption: restart('chat'),
      });
    expect(told({ manager: systemd({ unit: 'chat', user: true }), startedBy: 'init' })).toEqual([]);
    expect(told({ manager: systemd({ unit: '' }) })).toEqual([
      'target.services.chat.manager.unit: expected the name of a unit; got an empty text',
    ]);
    expect(
      told({ manager: pm2({ process: 'chat' }), commands: { restart: 'x' }, startedBy: 'inti' }),
    ).toEqual([
      'target.services.chat.manager: a manager brings its own commands: leave `commands` or `manager` out',
      "target.services.chat.startedBy: expected a launched service that stands before it (init); got 'inti'. Did you mean 'init'?",
    ]);
    expect(told({ manager: { kind: 'upstart' } })[0]).toMatch(/expected who runs the service: docker\(/);
  });

  it('is told where there are too few replicas for a rolling restart', () => {
    const chat = launch({ command: 'chat', ready: 'http://127.0.0.1:{port:chat}/' });
    const told = (more: object, options = {}) =>
      problems({
        target: { services: { chat: { ...chat, ...more } }, users, client },
        disruption: rolling('chat', options),
      });
    expect(told({})).toEqual([
      'disruption.services[0]: a rolling restart needs at least 2 replicas of chat, and there is 1: say `replicas: 2` in its launch({ … })',
    ]);
    expect(told({ replicas: 2 }, { surge: true })).toEqual([
      'disruption.services[0]: the surge needs 1 of chat in reserve, and there are 0: say `spare: 1` in its launch({ … })',
    ]);
    expect(told({ replicas: 2, spare: 1 }, { surge: true, pause: '1s', grace: 500 })).toEqual([]);
    expect(told({ replicas: 2 }, { surge: 'yes' })).toEqual([
      "disruption.surge: expected whether replicas in reserve are started first: true, false or how many; got 'yes'",
    ]);
    const { disruption } = checkConfig({
      target: { services: { chat: { ...chat, replicas: 2 } }, users, client },
      disruption: rolling('chat'),
    });
    expect(disruption).toEqual({ kind: 'rolling', services: ['chat'], surge: 0, pauseMs: 0 });
  });

  it('is told of ports of which there are several, and of routes that lead nowhere', () => {
    const ready = 'http://127.0.0.1:{port:chat}/';
    const services = {
      chat: launch({ command: ['chat', '{port:chat-metrics}'], replicas: 2, spare: 1, ready }),
      front: launch({
        command: ['front', '{port:chat}', '{port:chat.3}', '{port:front.2}'],
        ready: 'tcp://127.0.0.1:{port:front}',
        routesTo: ['chatt'],
      }),
    };
    const told = (url: string) =>
      problems({ target: { services, users, client: webSocket({ url }) }, disruption: restart('chat') });
    const ofFront = [
      "target.services.front.routesTo[0]: expected one of the services (chat, front); got 'chatt'. Did you mean 'chat'?",
      'target.services.front.command[1]: each of 3 replicas has its own {port:chat}: say which of {port:chat.1}, {port:chat.2}, {port:chat.3}',
      'target.services.front.command[3]: {port:front.2} is none of {port:front}',
    ];
    expect(told('ws://127.0.0.1:{port:front}/ws')).toEqual(ofFront);
    expect(told('ws://127.0.0.1:{port:chat.4}/ws')).toEqual([
      ...ofFront,
      'target.client.url: {port:chat.4} is none of {port:chat.1}, {port:chat.2}, {port:chat.3}',
    ]);
    expect(told('ws://127.0.0.1:{port:chat-metrics}/ws').at(-1)).toMatch(/^target\.client\.url: each of 3/);
  });

  it('is told of secrets that no service is given', () => {
    const ready = 'http://127.0.0.1:8000/';
    const told = (secret: string, chat: object) =>
      problems({
        target: { services: { chat }, client, users: jwt({ secret }) },
        disruption: restart('chat'),
      });
    const launched = launch({ command: 'chat', ready, environment: { JWT_SECRET: '{secret:token-key}' } });
    expect(told('{secret:token-key}', launched)).toEqual([]);
    expect(told('{secret:token_key}', launched)).toEqual([
      "target.users.secret: {secret:token_key} stands in no service's command or environment, so that no service knows it: for a secret that the target has already, write env('NAME'). Did you mean 'token-key'?",
    ]);
    const attached = attach({ ready, commands: { restart: 'true' } });
    expect(told('{env:JWT_SECRET}', attached)).toEqual([
      "target.users.secret: {env:JWT_SECRET} stands in no service's command or environment, so that no service knows it: for a secret that the target has already, write env('JWT_SECRET')",
    ]);
    expect(told('{secret:of-a-template}', { ...launched, files: { 'chat.conf': './chat.conf' } })).toEqual(
      [],
    );
  });

  it('is told all at once, misspelt services and ports included', () => {
    const lines = problems({
      target: {
        ...target,
        services: {
          ...services,
          auth: { kind: 'launch', comand: 'node auth.js', ready: 'tcp://127.0.0.1:{port:auth}' },
        },
        client: webSocket({ url: 'ws://127.0.0.1:{port:atuh}/ws' }),
      },
      workload: { sessions: 1.5, steady: 'soon' },
      disruption: { kind: 'restart', services: ['bakend'] },
      onyl: [],
    });
    expect(lines).toEqual([
      "target.services.auth.command: expected a command such as 'node server.js', or a list of its words; got nothing",
      "target.services.auth: unknown key 'comand'. Did you mean 'command'?",
      'workload.sessions: expected a whole number from 2 to 100000; got 1.5',
      "workload.steady: expected a duration such as 250 (milliseconds), '250ms', '10s' or '2m'; got 'soon'",
      "the config: unknown key 'onyl'. Did you mean 'only'?",
      "disruption.services[0]: expected one of the services (backend, auth); got 'bakend'. Did you mean 'backend'?",
      "target.client.url: {port:atuh} stands in no service's command, environment or ready. Did you mean 'auth'?",
    ]);
  });

  it('names the known keys when nothing is close', () => {
    expect(problems({ ...right, workload: { zzz: 1 } })).toEqual([
      "workload: unknown key 'zzz'. Known are: sessions, roomSize, messagesPerSecond, steady, quiet, maxLength",
    ]);
  });

  it('is a target without services, without users, with half a protocol', () => {
    expect(
      problems({ ...right, target: { ...target, services: {} }, disruption: crash('backend') })[0],
    ).toMatch(/^target\.services: expected at least one of the services by name/);
    const nobody = password({ url: 'http://127.0.0.1:8001/auth/login' });
    expect(problems({ ...right, target: { ...target, users: nobody } })).toEqual([
      'target.users.user: expected a function (number, run) => ({ name, password }), or a `provision` that makes the users; got nothing',
    ]);
    const half = webSocket({ url: 'ws://127.0.0.1/', send: () => ({}), joined: () => null });
    expect(
      problems({ ...right, target: { ...target, client: half } }).map((line) => line.split(':')[0]),
    ).toEqual(['target.client.receive', 'target.client.join']);
    const keyless = jwt({ secret: 's', privateKey: 'p' });
    expect(problems({ ...right, target: { ...target, users: keyless } })[0]).toContain(
      'either `secret` or `privateKey`',
    );
  });

  it('is the way of provision that was begun', () => {
    const begun = { kind: 'provision', users: [{ nam: 'a' }], rooms: [] };
    expect(problems({ ...right, target: { ...target, provision: begun } })).toEqual([
      'target.provision.users[0].name: expected a name; got nothing',
      "target.provision.users[0]: unknown key 'nam'. Did you mean 'name'?",
      'target.provision.rooms: expected at least one room; got an empty list',
    ]);
    const none = { kind: 'provision', banana: 1 };
    expect(problems({ ...right, target: { ...target, provision: none } })[0]).toMatch(
      /^target\.provision: expected provision/,
    );
  });

  it('never shows a secret', () => {
    process.env['OUTLAST_TEST_URL'] = 'http://user:very-secret@127.0.0.1/';
    const client = webSocket({ url: env('OUTLAST_TEST_URL') });
    const users = { kind: 'jwt', secret: 123456789, privateKey: 'very-secret' };
    const environment = { PASSWORD: 42, OTHER: 'very-secret' };
    const said = problems({
      ...right,
      target: { ...target, services: { backend: { ...services.backend, environment } }, client, users },
    });
    expect(said).toHaveLength(3);
    expect(said.join('\n')).not.toMatch(/very-secret|123456789|42/);
  });

  it('is told safely for a terminal', () => {
    const said = problems({ ...right, target: { ...target, client: webSocket({ url: 'x\u001b[2J' }) } });
    expect(said[0]).toContain('x\\x1b[2J');
  });
});
