import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends and removes what is left when this program dies without a word. Its disposal does the same for what it still holds. */
export interface Guardian extends AsyncDisposable {
  /** Of its process. */
  readonly id: number;
  /** Holds a process group; the returned function lets it go, once it is gone. */
  group(id: number): () => void;
  /** Holds a folder that was made by `scratchFolder`; the returned function lets it go, once it is removed. */
  folder(path: string): () => void;
}

// It reads lines until its standard input ends, which is when we are gone. It has a session of its own and ignores the signals
// that end us. Folders hold a checked name, so that a damaged line removes nothing of anyone else's. In dash only the long form
// of kill (`kill -s KILL -- -PGID`) reaches a group, and `sleep 0.1` is not everywhere. A group of zombies that nobody reaps does
// not live: of what follows the name in a process's `stat`, the first word is its state and the third its group.
const script = `
trap '' HUP INT QUIT TERM PIPE
set -f
newline='
'
IFS=$newline
groups= folders=
without() {
  kept=
  for held in $1; do [ "$held" = "$2" ] || kept=$kept$newline$held; done
}
while IFS= read -r line; do
  value=\${line#* }
  case $line in
    'group '*) groups=$groups$newline$value ;;
    'folder '*) folders=$folders$newline$value ;;
    'forget '*)
      without "$groups" "$value"; groups=$kept
      without "$folders" "$value"; folders=$kept ;;
  esac
done
signal() { for group in $groups; do kill -s "$1" -- "-$group" 2>/dev/null; done; }
lives() {
  kill -s 0 -- "-$1" 2>/dev/null || return 1
  [ -r /proc/self/stat ] || return 0
  for file in $(set +f; printf '%s\\n' /proc/[0-9]*/stat); do
    IFS= read -r stat <"$file" || continue
    stat=\${stat##*) }
    state=\${stat%% *}
    stat=\${stat#* * }
    [ "\${stat%% *}" = "$1" ] || continue
    case $state in Z | X) ;; *) return 0 ;; esac
  done
  return 1
}
alive() {
  for group in $groups; do lives "$group" && return 0; done
  return 1
}
nap() { sleep 0.1 2>/dev/null || sleep 1; }
wait_gone() {
  naps=0
  while [ $naps -lt "$1" ] && alive; do nap; naps=$((naps + 1)); done
}
signal CONT; signal TERM; wait_gone 20
signal KILL; wait_gone 10
for folder in $folders; do
  case $folder in
    */../* | */..) continue ;;
    /*/outlast-*) ;;
    *) continue ;;
  esac
  naps=0
  while [ $naps -lt 50 ]; do
    rm -rf -- "$folder" 2>/dev/null
    [ -e "$folder" ] || break
    nap; naps=$((naps + 1))
  done
done
`;

/** Starts the guardian: one small `sh`. It does not keep this program running, and costs nothing until it is needed. */
export function startGuardian(): Guardian {
  const child = spawnAlone();
  const ended = child.pid === undefined ? Promise.resolve() : once(child, 'exit');
  const hold = (kind: 'group' | 'folder', value: string) => {
    child.stdin.write(`${kind} ${value}\n`);
    return () => {
      child.stdin.write(`forget ${value}\n`);
    };
  };
  return {
    id: child.pid ?? 0,
    group: (id) => hold('group', String(id)),
    folder: (path) => hold('folder', path),
    [Symbol.asyncDispose]: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}

function spawnAlone() {
  const child = spawn('/bin/sh', ['-c', script, 'outlast-guardian'], {
    cwd: '/',
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/bin:/bin` },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  // Without a guardian (no `sh`, or someone killed it) a run is still healed on every way out but our own SIGKILL.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  return child;
}
