import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { OutlastError } from '../../base/errors.js';
import { freePort } from '../../system/ports.js';
import type { Variables } from './environment.js';
import { type Counts, numbered, ownerOf, type Place } from './names.js';

/**
 * `{port:NAME}`: a port that was free at the start, the same for the whole run. `{folder:NAME}`: a folder made for the run and
 * removed at its end. Of a service with replicas, each has its own; elsewhere they are numbered: `{port:NAME.1}`. `{secret:NAME}`:
 * a random text, the same for the whole run, that is written nowhere. `{env:NAME}`: a variable of our own environment, a secret
 * too. `{file:NAME}`: where a file of the service's `files` is. `{replica}`: the number of the replica, from 1.
 */
const shape =
  /\{(?:(port|folder):([A-Za-z][\w-]*)(?:\.(\d+))?|(secret|env):([A-Za-z][\w-]*)|(file):([A-Za-z][\w.-]*)|replica)\}/g;

/** As it is written; `number` is null where none is told. */
interface Several {
  readonly whole: string;
  readonly kind: 'port' | 'folder';
  readonly name: string;
  readonly number: number | null;
}
interface One {
  readonly whole: string;
  readonly kind: 'secret' | 'env' | 'file';
  readonly name: string;
}
interface OwnNumber {
  readonly whole: string;
  readonly kind: 'replica';
}
type Found = Several | One | OwnNumber;

/** A text, and the replica that it belongs to; null: nobody's. */
export interface Text {
  readonly text: string;
  readonly at: Place | null;
}

/** The values of placeholders. Each is made once, from the texts of the services; other texts may only use what is there. */
export class Placeholders {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly counts: Counts,
  ) {}

  /**
   * `root` is where folders are made; asked for only if there are any. Throws `SECRET_MISSING` for an unset `{env:…}`,
   * `CONFIG_INVALID` for one of several that is not numbered.
   */
  static async in(texts: readonly Text[], counts: Counts, means: PlaceholderMeans): Promise<Placeholders> {
    const values = new Map<string, string>();
    for (const { text, at } of texts) {
      for (const found of foundIn(text)) {
        const key = keyOf(found, at, counts);
        if (!values.has(key)) values.set(key, await valueOf(found, key, at, means));
      }
    }
    return new Placeholders(values, counts);
  }

  /** `at`: the replica whose text it is. Throws `CONFIG_INVALID` for a placeholder that no service was given. */
  resolve(text: string, at: Place | null = null): string {
    return text.replace(shape, (...match) => {
      const found = foundOf(match.map((part) => (typeof part === 'string' ? part : undefined)));
      // A replica's number is no value of ours outside a service: there it may mean anything.
      if (found.kind === 'replica' && at === null) return found.whole;
      const value = this.values.get(keyOf(found, at, this.counts));
      if (value !== undefined) return value;
      const known = [...this.values.keys()].filter((key) => key.startsWith('{')).join(', ');
      throw new OutlastError(
        'CONFIG_INVALID',
        `expected a placeholder that stands in the description of a service (${known === '' ? 'there is none' : known}); got ${found.whole}`,
      );
    });
  }
}

export interface PlaceholderMeans {
  root(): string;
  secret(text: string): void;
  /** Where a file of a replica is written; null: its service has none of this name. */
  file(place: Place, name: string): string | null;
  readonly variables: Variables;
}

/** A text whose ports are not known yet, made fit to be read as an address: 1 stands for all of them. */
export const withAnyPort = (text: string): string =>
  text.replace(/\{port:[A-Za-z][\w-]*(?:\.\d+)?\}|\{replica\}/g, '1');

/** The ports that a text names, as they are written; `number` is null where none is told. */
export const portsIn = (text: string): { readonly name: string; readonly number: number | null }[] =>
  foundIn(text).flatMap((found) => (found.kind === 'port' ? [found] : []));

function foundIn(text: string): Found[] {
  return [...text.matchAll(shape)].map((match) => foundOf(match));
}

function foundOf(match: readonly (string | undefined)[]): Found {
  const [whole = '', place, name = '', number, hidden, itsName = '', file, fileName = ''] = match;
  if (place === 'port' || place === 'folder') {
    return { whole, kind: place, name, number: number === undefined ? null : Number(number) };
  }
  if (hidden === 'secret' || hidden === 'env') return { whole, kind: hidden, name: itsName };
  return file === undefined ? { whole, kind: 'replica' } : { whole, kind: 'file', name: fileName };
}

/** What it stands for here: `{port:chat}` of the second replica of `chat` is `{port:chat.2}`. */
function keyOf(found: Found, at: Place | null, counts: Counts): string {
  if (found.kind === 'replica') return `replica ${at?.number ?? 0}`;
  if (found.kind === 'file') return `file ${at?.service ?? ''} ${at?.number ?? 0} ${found.name}`;
  return found.kind === 'port' || found.kind === 'folder' ? several(found, at, counts) : found.whole;
}

function several(found: Several, at: Place | null, counts: Counts): string {
  const { kind, name } = found;
  const owner = ownerOf(name, counts);
  const count = (owner === null ? undefined : counts.get(owner)) ?? 1;
  const own = at !== null && owner === at.service ? at.number : null;
  const number = found.number ?? (count === 1 ? 1 : own);
  if (number === null || number < 1 || number > count) throw notOne(found, count);
  return count === 1 ? `{${kind}:${name}}` : `{${kind}:${name}.${number}}`;
}

function notOne({ whole, kind, name }: Several, count: number): OutlastError {
  const there = count === 1 ? `{${kind}:${name}}` : numbered(kind, name, count);
  const why = count === 1 ? 'there is one' : `each of ${count} replicas has its own`;
  return new OutlastError('CONFIG_INVALID', `expected ${there}: ${why}; got ${whole}`);
}

async function valueOf(
  found: Found,
  key: string,
  at: Place | null,
  means: PlaceholderMeans,
): Promise<string> {
  switch (found.kind) {
    case 'port':
      return String(await freePort());
    case 'folder':
      return folderIn(means.root(), key.slice('{folder:'.length, -1));
    case 'secret':
      return secret(newSecret(), means);
    case 'env':
      return secret(fromEnvironment(found.name, means), means);
    case 'file':
      return fileOf(found.name, at, means);
    case 'replica':
      return String(at?.number ?? '');
  }
}

function fileOf(name: string, at: Place | null, means: PlaceholderMeans): string {
  const file = at && means.file(at, name);
  if (file !== null) return file;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected a name in \`files\` of the service ${at?.service ?? ''}; got {file:${name}}`,
  );
}

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
