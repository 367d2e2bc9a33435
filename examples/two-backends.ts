import {
  defineConfig,
  exactlyOnce,
  get,
  launch,
  type LaunchOptions,
  pages,
  password,
  provision,
  rolling,
  webSocket,
} from 'outlast';
import { demo } from 'outlast-reference/demo';

const front = 'http://127.0.0.1:{port:balancer}';
const signIn = 'http://127.0.0.1:{port:auth}';

export interface Rollout {
  /** Not ready for so long before the door is closed: the balancer looks meanwhile. */
  readonly lameDuckMs: number;
  /** From one that is ready to the next that is stopped: the balancer has let it in by then. */
  readonly pause: string;
  /** A third backend is in reserve, and stands in. */
  readonly surge?: boolean;
}

/** The reference service with two backends on one database, and something before them. */
export const twoBackends = (balancer: LaunchOptions, { lameDuckMs, pause, surge = false }: Rollout) =>
  defineConfig({
    target: { ...users, services: { ...servicesWith(lameDuckMs, surge), balancer: launch(balancer) } },
    // A machine that runs tests has other things to do: twice the usual budgets.
    contract: exactlyOnce({ order: 'room', echo: true, budgets: { restart: '10s', total: '60s' } }),
    workload: { sessions: 14, roomSize: 7, messagesPerSecond: 30, steady: '1s', quiet: '1s' },
    disruption: rolling('backend', { surge, pause }),
  });

function servicesWith(lameDuckMs: number, surge: boolean) {
  const { auth, backend } = demo.services;
  const { elsewhere: _, ...database } = demo.services.database;
  const environment = { ...backend.environment, LAME_DUCK_MS: String(lameDuckMs) };
  return {
    database: launch(database),
    auth: launch(auth),
    backend: launch({ ...backend, replicas: 2, spare: surge ? 1 : 0, environment }),
  };
}

const idIn = (field: string) => (body: unknown) =>
  typeof body === 'object' && body !== null && field in body ? String(Reflect.get(body, field)) : '';

const users = {
  users: password({
    url: `${signIn}/auth/login`,
    refreshUrl: `${signIn}/auth/refresh`,
    logoutUrl: `${signIn}/auth/logout`,
    jwksUrl: `${signIn}/.well-known/jwks.json`,
  }),
  provision: provision({ auth: signIn, backend: front, adminKey: '{secret:admin}' }),
  client: webSocket({
    url: 'ws://127.0.0.1:{port:balancer}/ws',
    token: 'subprotocol',
    resume: true,
    instanceHeader: 'x-instance',
    // What the balancer costs is to be seen, not the clients' patience.
    backoff: { max: '400ms' },
  }),
  records: { profile: get(`${front}/users/me`), session: get(`${front}/sessions/me`) },
  whoAmI: get(`${front}/users/me`, { user: idIn('id') }),
  log: pages(),
  doors: {
    verify: get(`${signIn}/auth/verify`, { user: idIn('user_id') }),
    'users-me': get(`${front}/users/me`, { user: idIn('id') }),
  },
};
