import { OutlastError } from '../../base/errors.js';
import { http, jsonOf, startGroup } from '../../system/index.js';
import type { Fault } from '../network/index.js';
import { doorsReady } from './doors.js';
import { hold } from './hold.js';
import { inWords, networkFault } from './network.js';
import { playWhole } from './part.js';
import type { Disruption, Ground, Scene } from './port.js';

/** A proxy of a Toxiproxy that runs somewhere, through which the sessions go. */
export interface ToxiproxyAt {
  /** Its HTTP interface. */
  readonly url: string;
  /** The name of the proxy. */
  readonly proxy: string;
  /** Where it listens and where it leads, for one that is not there yet: it is made, and removed in the end. */
  readonly listen?: string;
  readonly upstream?: string;
}

/** What Toxiproxy tells of a proxy. */
interface Proxy {
  readonly listen: string;
  readonly enabled: boolean;
  readonly toxics: readonly { readonly name: string }[];
}

const ours = 'outlast';

/** The same faults as in our own relay, made by a real Toxiproxy. It is proved by what Toxiproxy says of itself afterwards. */
export function throughToxiproxy(
  fault: Fault,
  { forMs, at }: { readonly forMs: number; readonly at: ToxiproxyAt },
): Disruption {
  return {
    ...networkFault(fault.type),
    addresses: [at.url],
    prepare: (ground) => prepare(at, ground),
    strike: (scene) =>
      playWhole(scene, async () => {
        await afflicted(scene, fault, at, forMs);
        await doorsReady(scene);
        scene.step('ready');
      }),
  };
}

/** Throws `DISRUPTION_FAILED` where the proxy is not there and cannot be made, or sessions do not go through it. */
async function prepare(at: ToxiproxyAt, ground: Ground): Promise<void> {
  const { signal, scope } = ground;
  let proxy = await proxyAt(at, signal);
  if (!proxy) {
    const remove = { method: 'DELETE', path: pathOf(at), isLift: true } as const;
    const forget = scope.undo(
      `remove the proxy ${at.proxy} from Toxiproxy`,
      () => tell(at, remove, healing()),
      () => tellLater(at, remove),
    );
    try {
      await create(at, ground);
    } catch (error) {
      forget();
      throw error;
    }
    proxy = await proxyAt(at, signal);
  }
  // One of a run that was killed.
  for (const { name } of proxy?.toxics ?? []) {
    if (name === ours)
      await tell(at, { method: 'DELETE', path: `${pathOf(at)}/toxics/${ours}`, isLift: true }, signal);
  }
  refuseDetour(at, proxy?.listen ?? '', ground.dials);
}

async function create(at: ToxiproxyAt, { target, signal }: Ground): Promise<void> {
  const { proxy: name, listen, upstream } = at;
  if (listen === undefined || upstream === undefined) {
    throw failed(
      `expected a proxy ${name} in the Toxiproxy at ${at.url}; there is none. Say where it is to \`listen\` and its \`upstream\`, and it is made`,
    );
  }
  const json = { name, listen: target.resolve(listen), upstream: target.resolve(upstream), enabled: true };
  await tell(at, { method: 'POST', path: '/proxies', json }, signal);
}

/** Sessions that go past it would meet none of it. */
function refuseDetour(at: ToxiproxyAt, listen: string, dials: readonly string[]): void {
  const port = /:(\d+)$/.exec(listen)?.[1];
  if (dials.some((address) => new URL(address).port === port)) return;
  throw failed(
    `expected sessions to dial the proxy ${at.proxy}, which listens at ${listen}; they dial ${dials.join(' and ')}`,
  );
}

async function afflicted(scene: Scene, fault: Fault, at: ToxiproxyAt, forMs: number): Promise<void> {
  const { scope, signal } = scene;
  await scene.untilChatting();
  const { apply, lift } = requestsFor(fault, at);
  const healed = scope.undo(
    'take the fault out of Toxiproxy',
    async () => {
      await tell(at, lift, healing());
      scene.step('healed');
    },
    () => tellLater(at, lift),
  );
  scene.step('signal', { note: `${inWords(fault)}, by Toxiproxy` });
  await tell(at, apply, signal);
  const proxy = await proxyAt(at, signal);
  const isThere = fault.type === 'down' ? proxy?.enabled === false : hasOurs(proxy);
  if (!isThere)
    throw failed(`expected Toxiproxy to have ${fault.type} in force at ${at.proxy}; it tells none`);
  await hold({ scene, tell: (step, about) => scene.step(step, about) }, forMs, {
    held: { note: 'Toxiproxy tells that it is in force' },
  });
  await tell(at, lift, signal);
  healed();
}

const hasOurs = (proxy: Proxy | null) => proxy?.toxics.some(({ name }) => name === ours) === true;

interface Request {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly isLift?: true;
}

function requestsFor(
  { type, stream, attributes }: Fault,
  at: ToxiproxyAt,
): { readonly apply: Request; readonly lift: Request } {
  const path = pathOf(at);
  if (type === 'down') {
    return {
      apply: { method: 'POST', path, json: { enabled: false } },
      lift: { method: 'POST', path, json: { enabled: true }, isLift: true },
    };
  }
  const json = { name: ours, type, stream, toxicity: 1, attributes };
  return {
    apply: { method: 'POST', path: `${path}/toxics`, json },
    lift: { method: 'DELETE', path: `${path}/toxics/${ours}`, isLift: true },
  };
}

const pathOf = ({ proxy }: ToxiproxyAt) => `/proxies/${encodeURIComponent(proxy)}`;

async function proxyAt(at: ToxiproxyAt, signal: AbortSignal): Promise<Proxy | null> {
  const url = new URL(pathOf(at), at.url);
  const answer = await asked(at, () => http({ url, signal, timeoutMs: 5_000 }));
  if (answer.status === 404) return null;
  if (answer.status !== 200)
    throw failed(`expected the proxy ${at.proxy} from Toxiproxy; status ${answer.status}`);
  const { listen, enabled, toxics } = jsonOf(answer, url) as Partial<Proxy>;
  return { listen: String(listen), enabled: enabled === true, toxics: Array.isArray(toxics) ? toxics : [] };
}

async function tell(
  at: ToxiproxyAt,
  { method, path, json, isLift }: Request,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(path, at.url);
  const answer = await asked(at, () => http({ url, method, json, signal, timeoutMs: 5_000 }));
  // What is taken away twice is gone.
  const isGone = isLift === true && answer.status === 404;
  if (answer.status >= 300 && !isGone) {
    throw failed(
      `expected Toxiproxy to take ${method} ${path}; status ${answer.status}: ${answer.text.slice(0, 200)}`,
    );
  }
}

async function asked<Answer>(at: ToxiproxyAt, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OutlastError)) throw error;
    throw failed(`expected a Toxiproxy at ${at.url}: ${error.message}`, error);
  }
}

/** What signals the run to end does not reach what heals. */
const healing = () => new AbortController().signal;

// Nobody is left to wait for the answer: a small process of its own sends it.
const script = `const [url, method, body] = process.argv.slice(1);
fetch(url, { method, ...(body && { body, headers: { 'content-type': 'application/json' } }) }).catch(() => {});`;

function tellLater(at: ToxiproxyAt, { method, path, json }: Request): void {
  const url = new URL(path, at.url).href;
  const body = json === undefined ? [] : [JSON.stringify(json)];
  const command = [process.execPath, '-e', script, url, method, ...body] as const;
  startGroup({ command: [...command], environment: {}, folder: '/', output: 'ignore' }).catch(
    () => undefined,
  );
}

const failed = (why: string, cause?: unknown) =>
  new OutlastError('DISRUPTION_FAILED', why, cause === undefined ? {} : { cause });
