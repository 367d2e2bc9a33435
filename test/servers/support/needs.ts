import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { Need } from '../../../examples/case.js';

/** Why a case cannot run on this machine, and what to install; null: it can. */
export async function missing(needs: readonly Need[], folder: string): Promise<string | null> {
  for (const need of needs) {
    if ('program' in need) {
      if (!(await isOnPath(need.program)))
        return `${need.program} is not installed: scripts/install-servers, or apt-get install ${need.debian}`;
    } else if (!(await isThere(path.join(folder, 'node_modules')))) {
      return `its packages are not installed: scripts/install-servers, or npm install in examples/${path.basename(folder)}`;
    }
  }
  return null;
}

/** Servers are in /usr/sbin, which an ordinary user's PATH may lack. */
async function isOnPath(program: string): Promise<boolean> {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = await Promise.all(
    folders.map((folder) => isThere(path.join(folder, program), constants.X_OK)),
  );
  return found.includes(true);
}

const isThere = (file: string, mode = constants.F_OK) =>
  access(file, mode).then(
    () => true,
    () => false,
  );
