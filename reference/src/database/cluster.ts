import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { scrubbedEnvironment, type Account } from './account.js';
import { owner, type Cache } from './cache.js';
import { scramVerifier } from './scram.js';

/**
 * The parent of PostgreSQL. It lives in its own process group and holds the other end of our pipe as its standard
 * input: when that closes, however we ended, it interrupts PostgreSQL (a fast shutdown) and removes what was temporary.
 */
const parent = `
umask 077
exec 3<&0 </dev/null
postgres=$1; folder=$2; template=$3; temporary=$4; shift 4
# Our working folder was entered before root's rights were dropped: this way leads there past folders closed to us.
[ "$folder" = . ] && folder=/proc/$$/cwd
clean() { [ "$temporary" = yes ] && rm -rf -- "$folder"; }
mkdir -p -- "$folder" || exit 70
if [ ! -d "$folder/cluster" ]; then
  rm -rf -- "$folder/cluster.new"
  cp -R -- "$template" "$folder/cluster.new" && chmod 700 "$folder/cluster.new" &&
    printf '%s\\n' "$SETUP" | "$postgres" --single -D "$folder/cluster.new" postgres >/dev/null &&
    mv -- "$folder/cluster.new" "$folder/cluster" || { clean; exit 71; }
fi
unset SETUP
"$postgres" -D "$folder/cluster" "$@" 3<&- &
server=$!
{ cat <&3; kill -s INT "$server"; } >/dev/null 2>&1 &
exec 3<&-
wait "$server"; code=$?
clean
exit "$code"
`;

export interface ClusterOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Kept at the end; absent: a temporary folder, removed at the end. */
  readonly data?: string | undefined;
}

/** A cluster that has been asked to run. */
export interface Cluster {
  /** The exit code, once PostgreSQL and its parent have ended. */
  readonly ended: Promise<number>;
  /** The newest lines that it said. */
  readonly said: readonly string[];
  /** Asks for a fast shutdown. */
  stop(): void;
}

export async function startCluster(
  cache: Cache,
  account: Account,
  options: ClusterOptions,
): Promise<Cluster> {
  const { folder, cwd, temporary } = await findPlace(options.data, account);
  const server = ['-h', options.host, '-p', String(options.port), '-k', ''];
  const child = spawn(
    'sh',
    ['-c', parent, 'sh', cache.postgres, folder, cache.template, temporary, ...server],
    {
      ...account.identity,
      cwd,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: scrubbedEnvironment({
        SETUP: `ALTER ROLE ${owner} PASSWORD '${scramVerifier(options.password)}'`,
      }),
    },
  );
  return watch(child);
}

function watch(child: ChildProcess): Cluster {
  const said: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
    });
  }
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      said.push(error.message);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  child.stdin?.on('error', () => undefined);
  return { ended, said, stop: () => child.stdin?.end() };
}

interface Place {
  readonly folder: string;
  readonly cwd: string;
  readonly temporary: 'yes' | 'no';
}

async function findPlace(data: string | undefined, account: Account): Promise<Place> {
  if (data === undefined) {
    return { folder: path.join(tmpdir(), `outlast-reference-${randomUUID()}`), cwd: '/', temporary: 'yes' };
  }
  await prepareData(data, account);
  // Another account may not be let through the folders above it.
  const byWorkingFolder = account.identity.uid !== undefined && process.platform === 'linux';
  return byWorkingFolder
    ? { folder: '.', cwd: data, temporary: 'no' }
    : { folder: data, cwd: '/', temporary: 'no' };
}

/** Makes the folder and gives it to PostgreSQL's account; refuses a folder with other things in it. */
async function prepareData(data: string, { identity }: Account): Promise<void> {
  await mkdir(data, { recursive: true });
  const foreign = (await readdir(data)).filter((name) => !/^cluster(\.new)?$/.test(name));
  if (foreign.length > 0) {
    throw new Error(
      `DATA should be an empty folder or one made by this command, but ${data} holds ${foreign[0]}.`,
    );
  }
  if (identity.uid !== undefined) await chown(data, identity.uid, identity.gid ?? identity.uid);
}
