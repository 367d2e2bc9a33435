import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { OutlastError } from '../../base/errors.js';
import { freePort } from '../../system/ports.js';
import type { Variables } from './environment.js';

/**
 * `{port:NAME}`: a port that was free at the start, the same for the whole run. `{folder:NAME}`: a folder made for the run and
 * removed at its end. `{secret:NAME}`: a random text, the same for the whole run, that is written nowhere. `{env:NAME}`: a
 * variable of our own environment, a secret too.
 */
const shape = /\{(port|folder|secret|env):([A-Za-z][\w-]*)\}/g;

/** The values of placeholders. Each is made once, from the texts of the services; other texts may only use what is there. */
export class Placeholders {
  private constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** `root` is where folders are made; asked for only if there are any. Throws `SECRET_MISSING` for an unset `{env:…}`. */
  static async in(texts: readonly string[], means: PlaceholderMeans): Promise<Placeholders> {
    const values = new Map<string, string>();
    for (const [whole, kind, name = ''] of texts.flatMap((text) => [...text.matchAll(shape)])) {
      if (values.has(whole)) continue;
      if (kind === 'port') values.set(whole, String(await freePort()));
      else if (kind === 'folder') values.set(whole, folderIn(means.root(), name));
      else values.set(whole, secret(kind === 'env' ? fromEnvironment(name, means) : newSecret(), means));
    }
    return new Placeholders(values);
  }

  /** Throws `CONFIG_INVALID` for a placeholder that no service was given. */
  resolve(text: string): string {
    return text.replace(shape, (whole: string) => {
      const value = this.values.get(whole);
      if (value !== undefined) return value;
      const known = [...this.values.keys()].join(', ');
      throw new OutlastError(
        'CONFIG_INVALID',
        `expected a placeholder that stands in the description of a service (${known === '' ? 'there is none' : known}); got ${whole}`,
      );
    });
  }
}

export interface PlaceholderMeans {
  root(): string;
  secret(text: string): void;
  readonly variables: Variables;
}

/** A text whose ports are not known yet, made fit to be read as an address: port 1 stands for all of them. */
export const withAnyPort = (text: string): string => text.replace(/\{port:[A-Za-z][\w-]*\}/g, '1');

/** Of letters and digits only: it is put into command lines, addresses and files. */
const newSecret = () => randomBytes(20).toString('hex');

function secret(text: string, means: PlaceholderMeans): string {
  means.secret(text);
  return text;
}

function fromEnvironment(name: string, { variables }: PlaceholderMeans): string {
  const value = variables[name];
  if (value !== undefined) return value;
  throw new OutlastError(
    'SECRET_MISSING',
    `expected the environment variable ${name}, which {env:${name}} names; it is not set`,
  );
}

function folderIn(root: string, name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  // Whatever our umask is: the service may run as another user.
  chmodSync(folder, 0o755);
  return folder;
}
