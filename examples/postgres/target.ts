import { get, launch, pages, password, provision, webSocket } from 'outlast';
import { demo } from 'outlast-reference/demo';

const auth = 'http://127.0.0.1:{port:auth}';
const backend = 'http://127.0.0.1:{port:backend}';

const idIn = (field: string) => (body: unknown) =>
  typeof body === 'object' && body !== null && field in body ? String(Reflect.get(body, field)) : '';

const service = (name: 'database' | 'auth' | 'backend') => {
  const { command, environment, ready, instance } = demo.services[name];
  return launch({ command, environment, ready, ...(instance === undefined ? {} : { instance }) });
};

/** The reference service: sign-in, chat, and the PostgreSQL that both of them need. */
export const target = {
  services: { database: service('database'), auth: service('auth'), backend: service('backend') },
  users: password({
    url: `${auth}/auth/login`,
    refreshUrl: `${auth}/auth/refresh`,
    logoutUrl: `${auth}/auth/logout`,
    jwksUrl: `${auth}/.well-known/jwks.json`,
  }),
  provision: provision({ auth, backend, adminKey: '{secret:admin}' }),
  client: webSocket({
    url: 'ws://127.0.0.1:{port:backend}/ws',
    token: 'subprotocol',
    resume: true,
    backoff: { max: '400ms' },
  }),
  records: { profile: get(`${backend}/users/me`), session: get(`${backend}/sessions/me`) },
  whoAmI: get(`${backend}/users/me`, { user: idIn('id') }),
  log: pages(),
  doors: {
    verify: get(`${auth}/auth/verify`, { user: idIn('user_id') }),
    'users-me': get(`${backend}/users/me`, { user: idIn('id') }),
  },
};

export const workload = { sessions: 20, messagesPerSecond: 60, steady: '1s', quiet: '1s' } as const;
