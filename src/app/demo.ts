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
  rolling,
  webSocket,
} from '../config/face.js';
import { checkConfig } from '../config/index.js';
import type { ConfigInput, LaunchOptions, ServiceInput } from '../config/input.js';
import type { Demo, DemoOptions, Expected, Variant } from './port.js';

/** What `outlast-reference/demo` exports: data and no types, so that neither package needs the other's code. */
interface Reference {
  readonly demo: { readonly services: Readonly<Record<Exclude<ServiceName, 'balancer'>, ReferenceService>> };
  readonly rolling: ReferenceRolling;
  readonly variants: Readonly<Record<string, ReferenceVariant>>;
  /** Several variants as one. Throws a RangeError that says why they do not go together. */
  readonly together: (names: readonly string[]) => ReferenceVariant;
}
interface ReferenceService {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ready: string;
  readonly instance?: string;
}
interface ReferenceRolling {
  readonly balancer: ReferenceService;
  readonly replicas: number;
  readonly spare: number;
  readonly environment: Readonly<Record<string, string>>;
}
interface ReferenceVariant {
  readonly title: string;
  /** By service: takes the place of its command. */
  readonly commands: Readonly<Partial<Record<ServiceName, readonly string[]>>>;
  readonly restarts: readonly ('auth' | 'backend')[];
  readonly restartsNeeded?: number;
  readonly expected:
    { readonly restart: Expected; readonly crash: Expected } | { readonly rolling: Expected };
}

type ServiceName = 'database' | 'auth' | 'backend' | 'balancer';

type Kind = 'restart' | 'crash' | 'rolling';

/** The reference service as a config, whole or with one part broken. */
export async function demo(options: DemoOptions): Promise<Demo> {
  const reference = await loadReference();
  const variant = options.variant === undefined ? undefined : findVariant(reference, options.variant);
  const kind = kindOf(options, variant);
  const config = checkConfig(describe(reference, kind, { ...options, variant }));
  if (!variant) return { config, say: [] };
  const isMet = (options.restarts ?? 1) >= (variant.restartsNeeded ?? 1);
  const expected = isMet ? expectedOf(variant, kind) : nothing;
  const hints = isMet ? hint(variant, kind) : [restartsHint(variant)];
  return { config, expected, say: [`broken on purpose: ${variant.title}`, ...hints] };
}

/** A fault that is met behind a balancer only is met there, whether that was asked for or not. */
function kindOf({ crash: crashed, rolling: rolled }: DemoOptions, variant?: ReferenceVariant): Kind {
  const isRolling = variant !== undefined && 'rolling' in variant.expected;
  if (crashed && isRolling) {
    throw new OutlastError('USAGE', 'expected no --crash: this fault is shown by a rolling restart');
  }
  if (rolled && variant && !isRolling) {
    throw new OutlastError('USAGE', 'expected no --rolling: this fault is shown by a restart of one backend');
  }
  return rolled || isRolling ? 'rolling' : crashed ? 'crash' : 'restart';
}

const nothing: Expected = { fails: [], consequences: [] };

function expectedOf({ expected }: ReferenceVariant, kind: Kind): Expected {
  if ('rolling' in expected) return expected.rolling;
  return kind === 'rolling' ? nothing : expected[kind];
}

export async function variants(): Promise<readonly Variant[]> {
  const reference = await loadReference();
  return Object.entries(reference.variants).map(([name, { title }]) => ({ name, title }));
}

/** A fault that this kind of restart cannot show passes under it: say which flag shows it. */
function hint(variant: ReferenceVariant, kind: Kind): string[] {
  if (expectedOf(variant, kind).fails.length > 0) return [];
  return kind === 'crash'
    ? ['a crash cannot show this fault, so this run passes: leave out --crash to see it']
    : ['a graceful restart cannot show this fault, so this run passes: add --crash to see it'];
}

const restartsHint = ({ restartsNeeded = 1 }: ReferenceVariant) =>
  `fewer restarts cannot show this fault, so this run passes: add --restarts ${restartsNeeded} to see it`;

/** `named`: one variant, or several with commas between them. */
function findVariant(reference: Reference, named: string): ReferenceVariant {
  const names = named.split(',').map((name) => nameOfVariant(reference, name.trim()));
  try {
    return reference.together(names);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OutlastError(
      'USAGE',
      `expected variants that can be broken together, each in another part; of ${names.join(' and ')}, ${error.message}`,
    );
  }
}

function nameOfVariant({ variants }: Reference, name: string): string {
  if (Object.hasOwn(variants, name)) return name;
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

interface Asked {
  readonly both: boolean;
  readonly variant: ReferenceVariant | undefined;
}

function describe(reference: Reference, kind: Kind, { both, variant }: Asked): ConfigInput<ServiceName> {
  const services = servicesOf(reference, kind, variant);
  const disrupted = both ? (['auth', 'backend'] as const) : (variant?.restarts ?? ['backend']);
  return {
    target: {
      ...furnishedAt(kind === 'rolling' ? 'balancer' : 'backend'),
      services: hasDatabase() ? withoutDatabase(services) : services,
    },
    contract: exactlyOnce({ order: 'room', echo: true, ...(kind === 'rolling' ? promised : {}) }),
    workload: { steady: '1s' },
    disruption: disruptionOf(kind, disrupted),
  };
}

/** The balancer of the demo notices within its checks, which are far closer; a rollout of three starts takes its time. */
const promised = { rollout: { notice: '1s' }, budgets: { restart: '10s', total: '60s' } } as const;

function disruptionOf(kind: Kind, services: readonly ('auth' | 'backend')[]) {
  if (kind === 'crash') return crash(services);
  // Old and new run side by side for a while, as they do in a real rollout.
  return kind === 'rolling' ? rolling('backend', { surge: true, pause: '750ms' }) : restart(services);
}

function serviceOf(
  name: ServiceName,
  { command, environment, ready, instance }: ReferenceService,
  more: Partial<LaunchOptions>,
): ServiceInput {
  return launch({
    ...{ ready, command },
    ...(instance === undefined ? {} : { instance }),
    ...more,
    environment: { ...environment, ...elsewhere(name), ...more.environment },
  });
}

function servicesOf(
  { demo: whole, rolling: several }: Reference,
  kind: Kind,
  variant: ReferenceVariant | undefined,
): Record<ServiceName, ServiceInput> {
  const service = (name: ServiceName, told: ReferenceService, more: Partial<LaunchOptions> = {}) =>
    serviceOf(name, { ...told, command: variant?.commands[name] ?? told.command }, more);
  const { database, auth: signIn, backend: chat } = whole.services;
  const base = { database: service('database', database), auth: service('auth', signIn) };
  if (kind !== 'rolling')
    return { ...base, backend: service('backend', chat) } as Record<ServiceName, ServiceInput>;
  const { balancer, replicas, spare, environment } = several;
  return {
    ...base,
    backend: service('backend', chat, { replicas, spare, environment }),
    balancer: service('balancer', balancer),
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

const idIn = (field: string) => (body: unknown) =>
  typeof body === 'object' && body !== null && field in body ? String(Reflect.get(body, field)) : '';

/** `front`: the service whose address clients dial. */
function furnishedAt(front: 'backend' | 'balancer') {
  const backend = `http://127.0.0.1:{port:${front}}`;
  return {
    users: password({
      url: `${auth}/auth/login`,
      refreshUrl: `${auth}/auth/refresh`,
      logoutUrl: `${auth}/auth/logout`,
      jwksUrl: `${auth}/.well-known/jwks.json`,
    }),
    provision: provision({ auth, backend, adminKey: '{secret:admin}' }),
    client: clientAt(front),
    records: { profile: get(`${backend}/users/me`), session: get(`${backend}/sessions/me`) },
    whoAmI: get(`${backend}/users/me`, { user: idIn('id') }),
    log: pages(),
    // A rollout takes longer than an answer: whether one is under way when its backend is struck would be chance.
    ...(front === 'backend' ? { answers: answersAt(backend) } : {}),
    doors: {
      verify: get(`${auth}/auth/verify`, { user: idIn('user_id') }),
      'users-me': get(`${backend}/users/me`, { user: idIn('id') }),
    },
  };
}

const answersAt = (backend: string) =>
  answers({
    url: `${backend}/answers`,
    // About three seconds, so that it is under way at the restart; and about half a second.
    questions: { long: 'What does a restart do, in 80 words?', short: 'What is a restart, in 12 words?' },
    whole: (text) => text.endsWith('∎'),
  });

const clientAt = (front: 'backend' | 'balancer') =>
  webSocket({
    url: `ws://127.0.0.1:{port:${front}}/ws`,
    token: 'subprotocol',
    resume: true,
    instanceHeader: 'x-instance',
    // The demo shows the service's restart, not the clients' patience.
    backoff: { max: '200ms' },
  });
