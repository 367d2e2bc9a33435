import { execFile, type ExecFileOptions } from 'node:child_process';
import { access, appendFile, chown, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { scrubbedEnvironment, type Account } from './account.js';
import { withAside } from './aside.js';
import { copyBinaries, findPlatformPackage, type PlatformPackage } from './binaries.js';

const run = promisify(execFile);

/** Role and database of every cluster made here. */
export const owner = 'chat';

/** Programs that this account can run, and a cluster that only has to be copied. */
export interface Cache {
  readonly postgres: string;
  readonly template: string;
}

// Part of the folder's name: a change to how the template is made needs another folder.
const recipe = 1;

/** Fills the cache when it is not there yet (0.7 s), otherwise only looks (milliseconds). */
export async function ensureCache(account: Account): Promise<Cache> {
  const source = await findPlatformPackage();
  await claimFolder(account.cache);
  const folder = path.join(account.cache, `${source.version}-${process.platform}-${process.arch}-${recipe}`);
  const cache = {
    postgres: path.join(folder, 'native/bin/postgres'),
    template: path.join(folder, 'template'),
  };
  if (!(await isComplete(folder, cache))) await build(source, folder, account);
  return cache;
}

/** A folder in a shared temporary directory may have been planted there by somebody else. */
async function claimFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const status = await lstat(folder);
  const ours = status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0;
  if (!ours) {
    throw new Error(
      `${folder} should be a folder that only this user can write to, and is not. Remove it, or set DATABASE_URL.`,
    );
  }
}

async function isComplete(folder: string, cache: Cache): Promise<boolean> {
  const needed = [path.join(folder, 'complete'), cache.postgres, path.join(cache.template, 'PG_VERSION')];
  return Promise.all(needed.map((file) => access(file))).then(
    () => true,
    () => false,
  );
}

/** Built aside and renamed, so that two that start at once cannot see each other's half. */
async function build(source: PlatformPackage, folder: string, account: Account): Promise<void> {
  await withAside(folder, async (aside) => {
    await mkdir(aside, { mode: 0o755 });
    await copyBinaries(source, path.join(aside, 'native'));
    await makeTemplate(aside, account);
    await writeFile(path.join(aside, 'complete'), '');
    await takePlace(aside, folder);
  });
}

async function takePlace(aside: string, folder: string): Promise<void> {
  try {
    await rename(aside, folder);
  } catch {
    // Either another one was quicker, or a cleaner of temporary files has eaten parts of an old one.
    if (await isThere(path.join(folder, 'complete'))) return;
    await rename(folder, `${aside}.old`).catch(() => undefined);
    await rm(`${aside}.old`, { recursive: true, force: true });
    await rename(aside, folder);
  }
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

async function makeTemplate(aside: string, { identity }: Account): Promise<void> {
  const template = path.join(aside, 'template');
  await mkdir(template, { mode: 0o700 });
  if (identity.uid !== undefined) await chown(template, identity.uid, identity.gid ?? identity.uid);
  await initialise(path.join(aside, 'native/bin'), template, {
    ...identity,
    cwd: '/',
    env: scrubbedEnvironment(),
  });
  await configure(template);
  // Nobody but us may change what others will run on; everybody may copy it: it holds no secret.
  if (identity.uid !== undefined) await run('chown', ['-R', '0:0', template]);
  await run('chmod', ['-R', 'a+rX', template]);
}

async function initialise(programs: string, template: string, options: ExecFileOptions): Promise<void> {
  const encoding = ['-E', 'UTF8', '--no-locale'];
  const flags = ['-D', template, '-U', owner, '-A', 'trust', ...encoding, '--no-sync', '--no-instructions'];
  await run(path.join(programs, 'initdb'), flags, options);
  const single = run(path.join(programs, 'postgres'), ['--single', '-D', template, 'postgres'], options);
  single.child.stdin?.end(`CREATE DATABASE ${owner}\n`);
  await single;
}

async function configure(template: string): Promise<void> {
  const doors = ['127.0.0.1/32', '::1/128'].map((address) => `host all all ${address} scram-sha-256\n`);
  await writeFile(path.join(template, 'pg_hba.conf'), doors.join(''));
  const settings = ["unix_socket_directories = ''", 'max_connections = 100', "log_line_prefix = ''"];
  await appendFile(path.join(template, 'postgresql.conf'), `${settings.join('\n')}\n`);
}
