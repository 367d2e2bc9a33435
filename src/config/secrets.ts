import { OutlastError } from '../base/errors.js';

// On the global object, because a config may import another copy of this module than the command line runs.
const place = Symbol.for('outlast.secrets');

/**
 * The value of an environment variable, remembered as a secret: it is removed from histories, logs and reports.
 * Throws `SECRET_MISSING` when it is unset or empty.
 */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new OutlastError(
      'SECRET_MISSING',
      `expected the environment variable ${name}, which the config reads with env('${name}'); it is ${value === undefined ? 'not set' : 'empty'}. Set it: ${name}=… outlast run`,
    );
  }
  remembered().add(value);
  return value;
}

/** Every value that `env` has given out so far in this process. */
export function secretsRead(): ReadonlySet<string> {
  return remembered();
}

function remembered(): Set<string> {
  const holder = globalThis as typeof globalThis & { [place]?: Set<string> };
  return (holder[place] ??= new Set());
}
