import { OutlastError } from '../base/errors.js';
import { didYouMean } from '../base/spelling.js';
import {
  answers,
  crash,
  env,
  exactlyOnce,
  get,
  launch,
  pages,
  password,
  provision,
  restart,
  webSocket,
} from '../config/face.js';
import { checkConfig } from '../config/index.js';
import type { ConfigInput, ServiceInput } from '../config/input.js';
import type { Demo, DemoOptions, Expected, Variant } from './port.js';

/** What `outlast-reference/demo` exports: plain data, so that neither package needs the other's code. */
interface Reference {
  readonly demo: { readonly services: Readonly<Record<ServiceName, ReferenceService>> };
  readonly variants: Readonly<Record<string, ReferenceVariant>>;
}
interface ReferenceService {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ready: string;
  readonly instance?: string;
}
interface ReferenceVariant {
  readonly title: string;
  readonly service: 'auth' | 'backend';
  readonly command: readonly string[];
  readonly restarts: readonly ('auth' | 'backend')[];
  readonly expected: { readonly restart: Expected; readonly crash: Expected };
}

type ServiceName = 'database' | 'auth' | 'backend';

/** The reference service as a config, whole or with one part broken. */
export async function demo(options: DemoOptions): Promise<Demo> {
  const reference = await loadReference();
  const variant = options.variant === undefined ? undefined : findVariant(reference, options.variant);
  const config = checkConfig(describe(reference, options, variant));
  if (!variant) return { config, say: [] };
  const expected = variant.expected[options.crash ? 'crash' : 'restart'];
  return { config, expected, say: [`broken on purpose: ${variant.title}`, ...hint(variant, options.crash)] };
}

export async function variants(): Promise<readonly Variant[]> {
  const reference = await loadReference();
  return Object.entries(reference.variants).map(([name, { title }]) => ({ name, title }));
}

/** A fault that this kind of restart cannot show passes under it: say which flag shows it. */
function hint({ expected }: ReferenceVariant, crashed: boolean): string[] {
  if (expected[crashed ? 'crash' : 'restart'].fails.length > 0) return [];
  return crashed
    ? ['a crash cannot show this fault, so this run passes: leave out --crash to see it']
    : ['a graceful restart cannot show this fault, so this run passes: add --crash to see it'];
}

function findVariant({ variants }: Reference, name: string): ReferenceVariant {
  const variant = Object.hasOwn(variants, name) ? variants[name] : undefined;
  if (variant) return variant;
  throw new OutlastError(
    'USAGE',
    `expected one of the broken variants (see \`outlast demo --list-breaks\`), got '${name}'.` +
      didYouMean(name, Object.keys(variants)),
  );
}

async function loadReference(): Promise<Reference> {
  // A name that the compiler does not follow: the package is optional, and its description is data.
  const name: string = 'outlast-reference/demo';
  try {
    return (await import(name)) as Reference;
  } catch (error) {
    throw new OutlastError(
      'REFERENCE_MISSING',
      'the demo needs the reference service, a package of its own. Install it: npm install --save-dev outlast-reference',
      { cause: error },
    );
  }
}

function describe(
  { demo }: Reference,
  options: DemoOptions,
  variant: ReferenceVariant | undefined,
): ConfigInput<ServiceName> {
  const service = (name: ServiceName): ServiceInput => {
    const { command, environment, ready, instance } = demo.services[name];
    return launch({
      ready,
      ...(instance === undefined ? {} : { instance }),
      command: variant?.service === name ? variant.command : command,
      environment: { ...environment, ...elsewhere(name) },
    });
  };
  const disrupted = options.both ? (['auth', 'backend'] as const) : (variant?.restarts ?? ['backend']);
  const services = { database: service('database'), auth: service('auth'), backend: service('backend') };
  return {
    target: { ...furnished, services: hasDatabase() ? withoutDatabase(services) : services },
    contract: exactlyOnce({ order: 'room', echo: true }),
    workload: { steady: '1s' },
    disruption: options.crash ? crash(disrupted) : restart(disrupted),
  };
}

const hasDatabase = () => (process.env['DATABASE_URL'] ?? '') !== '';

/** A database that is there already is used instead of the embedded one. */
const elsewhere = (name: ServiceName): Record<string, string> =>
  name !== 'database' && hasDatabase() ? { DATABASE_URL: env('DATABASE_URL') } : {};

function withoutDatabase({ database: _, ...services }: Record<ServiceName, ServiceInput>) {
  return services as Record<ServiceName, ServiceInput>;
}

const auth = 'http://127.0.0.1:{port:auth}';
const backend = 'http://127.0.0.1:{port:backend}';

const idIn = (field: string) => (body: unknown) =>
  typeof body === 'object' && body !== null && field in body ? String(Reflect.get(body, field)) : '';

const furnished = {
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
    // The demo shows the service's restart, not the clients' patience.
    backoff: { max: '400ms' },
  }),
  records: { profile: get(`${backend}/users/me`), session: get(`${backend}/sessions/me`) },
  whoAmI: get(`${backend}/users/me`, { user: idIn('id') }),
  log: pages(),
  answers: answers({
    url: `${backend}/answers`,
    // About three seconds, so that it is under way at the restart; and about half a second.
    questions: { long: 'What does a restart do, in 80 words?', short: 'What is a restart, in 12 words?' },
    whole: (text) => text.endsWith('∎'),
  }),
  doors: {
    verify: get(`${auth}/auth/verify`, { user: idIn('user_id') }),
    'users-me': get(`${backend}/users/me`, { user: idIn('id') }),
  },
};
