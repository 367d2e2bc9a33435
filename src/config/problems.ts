import { printable } from '../base/printable.js';
import { secretsRead } from './secrets.js';

/** One thing that is wrong with a config: where, what was expected, what came. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A line for people: `target.client.url: expected where sessions connect: …; got 42`. */
export function lineOf({ path: found, message }: Problem, input: unknown): string {
  // `kind` is the mark of our factories: what is wrong is the thing that bears it.
  const path = found.at(-1) === 'kind' ? found.slice(0, -1) : found;
  const [said = '', hint] = message.replace(/\.$/, '').split(/\.(?= Did you mean)/);
  const came = said.startsWith('expected') ? `; got ${cameAt(path, input)}` : '';
  return `${keyPath(path)}: ${said}${came}${hint === undefined ? '' : `.${hint}`}`;
}

function keyPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[\w$]+$/.test(String(part)) ? `.${String(part)}` : `['${printable(String(part))}']`;
  });
  return parts.join('').replace(/^\./, '') || 'the config';
}

/** Never shows a value that may be secret. */
function cameAt(path: readonly PropertyKey[], input: unknown): string {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return 'nothing';
    value = Reflect.get(value, part);
  }
  return described(
    value,
    /secret|password|privateKey|adminKey|environment|headers|subprotocol|firstFrame/i.test(
      path.map(String).join('.'),
    ),
  );
}

function described(value: unknown, secret: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return secret || holdsSecret(value) ? 'a text (not shown)' : shown(value);
  if (typeof value === 'number') return secret ? 'a number (not shown)' : String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && 'kind' in value && typeof value.kind === 'string') {
    return `what ${factoryOf(value.kind)}(…) gives`;
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const shown = (value: string) => (value === '' ? 'an empty text' : `'${printable(value, 60)}'`);
const holdsSecret = (value: string) => [...secretsRead()].some((secret) => value.includes(secret));
/** Factories are named like their kinds, in camel case. */
const factoryOf = (kind: string) =>
  printable(kind, 40).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
