import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { OutlastError } from '../base/errors.js';

/**
 * A library that users install beside Outlast, only where they need it: looked for in the project of the config `file`
 * first (so that its version is the one that their users have), then beside Outlast. Rejects with `PEER_MISSING`.
 */
export async function loadPeer<Module>(
  name: string,
  file: string | undefined,
  what: string,
): Promise<Module> {
  const places = [...(file === undefined ? [] : [pathToFileURL(path.resolve(file)).href]), import.meta.url];
  for (const place of places) {
    const found = resolved(name, place);
    if (found !== null) return (await import(found)) as Module;
  }
  throw new OutlastError(
    'PEER_MISSING',
    `expected the library ${name}, which ${what} needs; it is not installed. Install it beside outlast: npm install --save-dev ${name}`,
  );
}

function resolved(name: string, place: string): string | null {
  try {
    return pathToFileURL(createRequire(place).resolve(name)).href;
  } catch {
    return null;
  }
}
