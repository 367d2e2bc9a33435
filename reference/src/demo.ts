// Plain data: how to start this service, right or broken, and where its doors are. Whoever reads it fills in, in every
// value: `{port:NAME}` a free port, `{folder:NAME}` a folder, `{secret:NAME}` a random secret of URL-safe characters;
// each the same wherever the name is the same.
import { fileURLToPath } from 'node:url';
import { faults, servicesOf, type Expected, type Fault, type Faulty } from './broken/manifest.js';

export type { Expected } from './broken/manifest.js';

export interface DemoService {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Answers once the service is usable: `http:` with 200, `tcp:` by accepting. */
  readonly ready: string;
  /** The JSON field of that answer that is new with every process. */
  readonly instance?: string;
  /** If our environment has this variable, the service is elsewhere: it is not started, and others get that value. */
  readonly elsewhere?: string;
}

export interface Demo {
  /** In the order in which to start them. */
  readonly services: Readonly<Record<'database' | 'auth' | 'backend', DemoService>>;
  /** Those under `admin` want `Authorization: Bearer {secret:admin}`; `{thread}` is the id of a thread. */
  readonly urls: {
    readonly login: string;
    readonly refresh: string;
    readonly logout: string;
    readonly verify: string;
    readonly keys: string;
    readonly socket: string;
    readonly user: string;
    readonly session: string;
    readonly messages: string;
    /** Where questions are posted; `/:id`, `/:id/stream` and `/:id/cancel` below it. */
    readonly answers: string;
    readonly admin: {
      readonly users: string;
      readonly threads: string;
      readonly rotateKeys: string;
      readonly key: string;
    };
  };
}

/** What differs where several backends stand behind a balancer. */
export interface Rolling {
  /** Takes the place of the backend in every address that clients use. */
  readonly balancer: DemoService;
  /** So many backends, and so many more in reserve; each finds `{port:backend}` to be its own. */
  readonly replicas: number;
  readonly spare: number;
  /** What the backend is told besides. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The service with one part that is wrong. */
export interface Variant extends Fault {
  /** By service: takes the place of its command. */
  readonly commands: Readonly<Partial<Record<Faulty, readonly string[]>>>;
}

/** In which services are restarted. */
const order = ['auth', 'backend'] as const;

// The same from src/ and from dist/.
const built = (file: string) => fileURLToPath(new URL(`../dist/bundled/${file}`, import.meta.url));
const command = (service: string) => [process.execPath, built('main.js'), service];

const auth = 'http://127.0.0.1:{port:auth}';
const backend = 'http://127.0.0.1:{port:backend}';
const common = {
  HOST: '127.0.0.1',
  DATABASE_URL: 'postgres://chat:{secret:database}@127.0.0.1:{port:database}/chat',
  ADMIN_KEY: '{secret:admin}',
};

export const demo: Demo = {
  services: {
    database: {
      command: command('database'),
      environment: {
        HOST: '127.0.0.1',
        PORT: '{port:database}',
        DATA: '{folder:database}',
        DATABASE_PASSWORD: '{secret:database}',
      },
      ready: 'tcp://127.0.0.1:{port:database}',
      elsewhere: 'DATABASE_URL',
    },
    auth: {
      command: command('auth'),
      environment: { ...common, PORT: '{port:auth}' },
      ready: `${auth}/ready`,
      instance: 'boot',
    },
    backend: {
      command: command('backend'),
      environment: { ...common, PORT: '{port:backend}', AUTH_URL: auth },
      ready: `${backend}/ready`,
      instance: 'boot',
    },
  },
  urls: {
    login: `${auth}/auth/login`,
    refresh: `${auth}/auth/refresh`,
    logout: `${auth}/auth/logout`,
    verify: `${auth}/auth/verify`,
    keys: `${auth}/.well-known/jwks.json`,
    socket: 'ws://127.0.0.1:{port:backend}/ws',
    user: `${backend}/users/me`,
    session: `${backend}/sessions/me`,
    messages: `${backend}/threads/{thread}/messages`,
    answers: `${backend}/answers`,
    admin: {
      users: `${auth}/admin/users`,
      threads: `${backend}/admin/threads`,
      rotateKeys: `${auth}/admin/keys/rotate`,
      key: '{secret:admin}',
    },
  },
};

const replicas = 2;
const spare = 1;
const addresses = Array.from(
  { length: replicas + spare },
  (_, index) => `http://127.0.0.1:{port:backend.${index + 1}}`,
);
const balancer = 'http://127.0.0.1:{port:balancer}';

export const rolling: Rolling = {
  balancer: {
    command: command('balancer'),
    environment: {
      HOST: '127.0.0.1',
      PORT: '{port:balancer}',
      REPLICAS: addresses.join(','),
      CHECK_MS: '100',
    },
    ready: `${balancer}/-/ready`,
  },
  replicas,
  spare,
  // A backend that leaves is not ready for so long before it closes its door: longer than the balancer's checks are apart.
  environment: { LAME_DUCK_MS: '300' },
};

/** By name; which checks fail for each, by kind of restart. */
export const variants: Readonly<Record<string, Variant>> = Object.fromEntries(
  Object.entries<Fault>(faults).map(([name, fault]) => [
    name,
    { ...fault, commands: commandsOf(name, servicesOf(fault)) },
  ]),
);

/**
 * Several variants as one, each of which breaks another part: every one of their checks fails, and no other. Throws a
 * RangeError where two break the same part, or are not met by the same kind of restart.
 */
export function together(names: readonly [string, ...string[]]): Variant {
  const chosen = names.map((name) => variants[name]).filter((one) => one !== undefined);
  const [first, ...others] = chosen;
  if (!first || chosen.length < names.length) throw new RangeError('one of them is no variant');
  const all = others.reduce(joined, first);
  const services = [...new Set(chosen.flatMap(servicesOf))];
  return { ...all, commands: commandsOf(names.join(','), services) };
}

function joined(one: Variant, other: Variant): Variant {
  const parts = [one.part, other.part].map((part) => part.split(/ and |, /));
  if (one.restartsNeeded !== other.restartsNeeded)
    throw new RangeError('one is met by one restart, and the other only by several');
  const twice = parts[0]?.find((part) => parts[1]?.includes(part));
  if (twice !== undefined) throw new RangeError(`both break the same part, ${twice}`);
  return {
    ...one,
    title: `${one.title} ${other.title}`,
    part: `${one.part} and ${other.part}`,
    restarts: order.filter((name) => [...one.restarts, ...other.restarts].includes(name)),
    expected: expectedOfBoth(one.expected, other.expected),
    modes: [...new Set([...one.modes, ...other.modes])],
  };
}

function expectedOfBoth(one: Fault['expected'], other: Fault['expected']): Fault['expected'] {
  if ('rolling' in one && 'rolling' in other) return { rolling: both(one.rolling, other.rolling) };
  if ('rolling' in one || 'rolling' in other) {
    throw new RangeError('one is met in a rolling restart only, and the other by a restart of one backend');
  }
  return { restart: both(one.restart, other.restart), crash: both(one.crash, other.crash) };
}

function both(one: Expected, other: Expected): Expected {
  const fails = [...new Set([...one.fails, ...other.fails])];
  return {
    fails,
    consequences: [...one.consequences, ...other.consequences].filter((id) => !fails.includes(id)),
    unknown: [...(one.unknown ?? []), ...(other.unknown ?? [])],
  };
}

function commandsOf(names: string, services: readonly Faulty[]): Variant['commands'] {
  return Object.fromEntries(
    services.map((service) => [service, [process.execPath, built('broken-main.js'), names, service]]),
  );
}
