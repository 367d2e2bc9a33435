import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, OutlastError } from '../../base/errors.js';
import type { ServiceDescription } from './description.js';
import type { Place } from './names.js';
import type { Placeholders } from './placeholders.js';

/** The files of a service as they are told, placeholders and all. */
export type Templates = readonly { readonly name: string; readonly text: string }[];

/** A file of one replica, its placeholders filled in. */
export interface Written {
  readonly file: string;
  readonly text: string;
  /** It holds a secret: nobody else may read it. */
  readonly secret: boolean;
}

/** Reads the templates of a service. Throws `CONFIG_INVALID` for one that cannot be read. */
export function templatesOf(service: string, told: ServiceDescription): Templates {
  if (told.kind === 'attach') return [];
  return Object.entries(told.files ?? {}).map(([name, told_]) => {
    const file = path.resolve(told.cwd ?? '.', told_);
    try {
      return { name, text: readFileSync(file, 'utf8') };
    } catch (error) {
      throw new OutlastError(
        'CONFIG_INVALID',
        `expected a file that can be read at ${file}, which \`files\` of the service ${service} names: ${messageOf(error)}`,
        { cause: error },
      );
    }
  });
}

/** Where files of a replica are written, below `root`; no name of a folder begins so. */
export const placeOfFile = (root: string, { service, number }: Place, name: string): string =>
  path.join(root, '.files', `${service}.${number}`, name);

export function filled({ name, text }: Templates[number], at: Place, placeholders: Placeholders): Written {
  const file = placeholders.resolve(`{file:${name}}`, at);
  return { file, text: placeholders.resolve(text, at), secret: /\{(?:secret|env):/.test(text) };
}

/** A service that gives up its privileges must still reach what is no secret. */
export function write({ file, text, secret }: Written): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(file, text, { mode: secret ? 0o600 : 0o644 });
}
