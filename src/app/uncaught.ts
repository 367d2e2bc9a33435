import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../base/errors.js';
import { isOwnCode } from '../system/own-code.js';

/**
 * Is an error that nobody caught one of the config's own client, and not of ours? It is whose code is met first on the way to
 * where it was thrown; `did` says it in words. Null: ours.
 */
export function strayOf(error: unknown): { readonly did: string } | null {
  const place = error instanceof Error ? placeIn(error.stack ?? '') : null;
  if (place !== null && isOwnCode(place)) return null;
  const at = place === null ? '' : `, at ${path.relative(process.cwd(), place)}`;
  return { did: `threw where nobody could catch it: ${messageOf(error)}${at}` };
}

/** The file of the first line of a stack that is neither Node's nor a library's. */
function placeIn(stack: string): string | null {
  for (const line of stack.split('\n').slice(1)) {
    const found = /\(?((?:file:\/\/)?\/[^()]+?)(:\d+:\d+)\)?$/.exec(line);
    const file = found?.[1] ?? '';
    if (file === '' || file.includes(`${path.sep}node_modules${path.sep}`)) continue;
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  }
  return null;
}
