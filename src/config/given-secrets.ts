import { didYouMean } from '../base/spelling.js';
import type { Problem } from './problems.js';
import { at, isObject, textsIn } from './written.js';

/** `{secret:NAME}` or `{env:NAME}` as it stands in a text. */
interface Hidden {
  readonly path: readonly PropertyKey[];
  readonly kind: 'secret' | 'env';
  readonly name: string;
}

/** Secrets that are used and that no service is given: nobody at the target would know them. */
export function strangeSecrets(input: unknown): Problem[] {
  const target = at(input, 'target');
  const services = at(target, 'services');
  if (!isObject(target) || !isObject(services)) return [];
  // A template may give them too; it is read when the run is made, and what no service is given is refused then.
  if (Object.values(services).some((service) => at(service, 'files') !== undefined)) return [];
  const given = hiddenIn(services, ['target', 'services']);
  return hiddenIn({ ...target, services: undefined }, ['target']).flatMap((hidden): Problem[] => {
    const names = given.filter(({ kind }) => kind === hidden.kind).map(({ name }) => name);
    return names.includes(hidden.name) ? [] : [{ path: hidden.path, message: unknown(hidden, names) }];
  });
}

const hiddenIn = (value: unknown, path: readonly PropertyKey[]): Hidden[] =>
  textsIn(value, path).flatMap(({ path: found, text }) =>
    [...text.matchAll(/\{(secret|env):([A-Za-z][\w-]*)\}/g)].map(([, kind, name = '']) => ({
      ...{ path: found, name },
      kind: kind === 'env' ? 'env' : 'secret',
    })),
  );

function unknown({ kind, name }: Hidden, given: readonly string[]): string {
  const advice = kind === 'env' ? `env('${name}')` : `env('NAME')`;
  const why = `{${kind}:${name}} stands in no service's command or environment, so that no service knows it`;
  return `${why}: for a secret that the target has already, write ${advice}.${didYouMean(name, given)}`;
}
