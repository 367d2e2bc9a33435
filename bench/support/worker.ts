import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Core, keptOn } from './core.js';

/** A child process that measures or serves. Its disposal ends it. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
  }

  /** Starts the file of that name in `bench/workers`; `settings` is what it is told by `settings()`. Wherever the system likes, unless told. */
  static start(name: string, settings: object, core?: Core): Worker {
    const file = fileURLToPath(new URL(`../workers/${name}.ts`, import.meta.url));
    const node = [process.execPath, '--import', 'tsx', '--expose-gc', nursery, ...profiling()];
    const [execPath, ...execArgv] = [...(core ? keptOn(core) : []), ...node];
    const child = fork(file, { execPath, execArgv });
    child.send(settings);
    return new Worker(child);
  }

  /** What it reports next. Rejects when it ends without a word. */
  async report<Report>(): Promise<Report> {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const told = once(this.#child, 'message', { signal });
      const silent = once(this.#child, 'exit', { signal }).then(([code]) => {
        throw new Error(
          `expected a report of the worker ${this.#child.spawnargs.at(-1)}; it ended with ${code}`,
        );
      });
      const [report] = (await Promise.race([told, silent])) as [Report];
      return report;
    } finally {
      settled.abort();
    }
  }

  /** Asks it to come to an end early. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}

/**
 * V8's space for what is new has its full size from the start, in MiB: it grows with how fast objects come and go, up to twice this,
 * and a process that grew it while it was measured seemed to hold so much more.
 */
const nursery = '--min-semi-space-size=16';

/** One report of a worker that has nothing else to do. */
export async function measureIn<Report>(name: string, settings: object, core?: Core): Promise<Report> {
  await using worker = Worker.start(name, settings, core);
  return await worker.report<Report>();
}

/** `CPU_PROFILE=folder npm run bench -- messages` leaves a profile of each worker in that folder. */
function profiling(): string[] {
  const folder = process.env['CPU_PROFILE'];
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}
