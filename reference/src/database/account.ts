import { tmpdir, homedir } from 'node:os';
import path from 'node:path';

/** PostgreSQL refuses to run as root; this is `nobody` on every system that we know. */
const nobody = { uid: 65_534, gid: 65_534 };

export interface Account {
  /** Given to `spawn`; empty for an ordinary user. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Where this account's copy of the binaries is kept between runs. */
  readonly cache: string;
}

/** As whom PostgreSQL runs. */
export function databaseAccount(): Account {
  if (process.getuid?.() === 0) {
    // Not below root's home: `nobody` could not reach it.
    return { identity: nobody, cache: path.join(tmpdir(), 'outlast-reference-postgres') };
  }
  const given = process.env['XDG_CACHE_HOME'];
  const standard = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
  return {
    identity: {},
    cache: path.join(given || path.join(homedir(), standard), 'outlast-reference-postgres'),
  };
}

/** What PostgreSQL's programs see of our environment: an ungenerated locale kills initdb, and our secrets are not theirs. */
export function scrubbedEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC', ...more };
}
