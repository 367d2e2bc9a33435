import type { ClientMeans } from '../shared/means.js';
import { type Breach, misbehaved } from '../validate/rules.js';
import type { ClientDefinition, ClientHandles, ClientSession } from './definition.js';

/** A call of a client's function that takes longer blocks everybody, in ms. */
const blockingMs = 500;

/** What all sessions of a custom client share. */
export interface Kit extends Pick<ClientMeans, 'run' | 'digest'> {
  readonly definition: ClientDefinition;
  readonly breach: (breach: Breach) => void;
  readonly hint: (hint: string) => void;
  readonly rewound: NonNullable<ClientMeans['rewound']>;
  /** Whose `connect` gave these handles. */
  readonly owners: WeakMap<ClientHandles, string>;
}

export function kitOf(definition: ClientDefinition, means: ClientMeans): Kit {
  let isBroken = false;
  const breach = (found: Breach) => {
    if (means.breached) return means.breached(found);
    if (isBroken) return;
    isBroken = true;
    const error = misbehaved(definition.name, found);
    if (means.broken) means.broken(error);
    else means.note?.(error.message);
  };
  const { run, digest, rewound = () => undefined, hinted: hint = () => undefined } = means;
  return { definition, breach, hint, rewound, run, digest, owners: new WeakMap() };
}

/** Calls a function of the client's, and looks how long that took. It may throw. */
export function called<Result>(kit: Kit, name: string, act: () => Result): Result {
  const since = performance.now();
  try {
    return act();
  } finally {
    const tookMs = performance.now() - since;
    if (tookMs >= blockingMs) {
      kit.breach({
        rule: 'never-blocks',
        did: `held everything up for ${Math.round(tookMs)} ms in \`${name}\``,
      });
    }
  }
}

/** What `connect` gave, where it can be used; null after a breach. */
export function handlesOf(kit: Kit, given: unknown, session: string): ClientHandles | null {
  if (!isHandles(given)) {
    kit.breach({ rule: 'hands-over', did: `gave ${nameOf(given)}` });
    return null;
  }
  const owner = kit.owners.get(given);
  if (owner !== undefined && owner !== session) {
    kit.breach({
      rule: 'keeps-apart',
      did: `gave session ${session} the very object that session ${owner} has`,
    });
    return null;
  }
  kit.owners.set(given, session);
  return given;
}

/** Calls `connect`; rejects as it does. */
export async function connected(kit: Kit, session: ClientSession): Promise<unknown> {
  return await called(kit, 'connect', () => kit.definition.connect(session));
}

function isHandles(given: unknown): given is ClientHandles {
  return (
    typeof given === 'object' &&
    given !== null &&
    ['send', 'close'].every((name) => typeof Reflect.get(given, name) === 'function')
  );
}

function nameOf(given: unknown): string {
  if (typeof given !== 'object' || given === null)
    return given === undefined ? 'nothing' : `a ${typeof given}`;
  const missing = ['send', 'close'].filter((name) => typeof Reflect.get(given, name) !== 'function');
  return `something without ${missing.map((name) => `\`${name}\``).join(' and ')}`;
}
