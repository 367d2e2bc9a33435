import path from 'node:path';

/** The folder of all code of this program, src/ or dist/: every file with code of ours lies in it or one folder deeper. */
const folder = path.resolve(import.meta.dirname, '..') + path.sep;

/** Is this file, a path, of this program and not of those who use it? */
export function isOwnCode(file: string): boolean {
  return file.startsWith(folder);
}
