import { didYouMean } from '../base/spelling.js';
import type { Problem } from './problems.js';

// What no schema of one key can see: keys that speak of each other. Works on what was written, right or wrong, so that a
// misspelt service is told together with everything else.

export function crosswiseProblems(input: unknown): Problem[] {
  return [...strangeServices(input), ...strangePorts(input), ...namelessUsers(input)];
}

function strangeServices(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  const struck = at(input, 'disruption', 'services');
  if (!isObject(services) || !Array.isArray(struck)) return [];
  const names = Object.keys(services);
  return struck.flatMap((name: unknown, index): Problem[] => {
    if (typeof name !== 'string' || names.includes(name)) return [];
    const message = `expected one of the services (${names.join(', ')}).${didYouMean(name, names)}`;
    return [{ path: ['disruption', 'services', index], message }];
  });
}

/** A port that no service is started with cannot be meant. */
function strangePorts(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  if (!isObject(services)) return [];
  const named = new Set(textsIn(services, []).flatMap(({ text }) => portsIn(text)));
  const target = at(input, 'target');
  const elsewhere = isObject(target) ? { ...target, services: undefined } : {};
  return textsIn(elsewhere, ['target']).flatMap(({ path, text }) =>
    portsIn(text)
      .filter((port) => !named.has(port))
      .map((port) => ({
        path,
        message: `{port:${port}} stands in no service's command, environment or ready.${didYouMean(port, named)}`,
      })),
  );
}

const portsIn = (text: string) => [...text.matchAll(/\{port:([^{}]+)\}/g)].map((match) => match[1] ?? '');

/** Users that nobody makes and nobody names cannot sign in. */
function namelessUsers(input: unknown): Problem[] {
  if (!['password', 'credentials'].includes(String(at(input, 'target', 'users', 'kind')))) return [];
  if (at(input, 'target', 'users', 'user') !== undefined) return [];
  const provision = at(input, 'target', 'provision');
  if (isObject(provision) && !('room' in provision)) return [];
  const message =
    'expected a function (number, run) => ({ name, password }), or a `provision` that makes the users';
  return [{ path: ['target', 'users', 'user'], message }];
}

function textsIn(
  value: unknown,
  path: readonly PropertyKey[],
): { path: readonly PropertyKey[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
