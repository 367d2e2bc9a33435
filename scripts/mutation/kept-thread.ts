import path from 'node:path';
import { ThreadsPoolWorker, type PoolOptions, type PoolWorker, type WorkerRequest } from 'vitest/node';

type Callback = (message: unknown) => void;

/** Each run leaves a listener behind in its thread; after so many runs a new thread is cheaper. */
const runsOfAThread = 50;

let kept: { readonly thread: ThreadsPoolWorker; runs: number; readonly clean: boolean } | null = null;

/**
 * The threads of Vitest, except that a thread is kept from one mutant to the next, with the modules it has read: reading them again
 * costs more than most mutants take to be killed. A mutant that changes what a module does while it is read, and the dry run, get
 * a thread of their own.
 */
export class KeptThread implements PoolWorker {
  readonly name = 'kept-thread';
  readonly #options: PoolOptions;
  readonly #listeners: [string, Callback][] = [];
  #thread: ThreadsPoolWorker | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const clean = changesNoModule(this.#options.project.getProvidedContext());
    if (kept !== null && (!clean || !kept.clean || kept.runs >= runsOfAThread)) {
      const { thread } = kept;
      kept = null;
      await thread.stop();
    }
    if (kept === null) {
      const thread = new ThreadsPoolWorker(this.#options);
      await thread.start();
      kept = { thread, runs: 0, clean };
    }
    kept.runs += 1;
    this.#thread = kept.thread;
  }

  on(event: string, callback: Callback): void {
    this.#listeners.push([event, callback]);
    this.#thread?.on(event, callback);
  }

  off(event: string, callback: Callback): void {
    this.#thread?.off(event, callback);
  }

  /** Vitest asks a thread to clean up before it ends: this one does not end. */
  send(message: WorkerRequest): void {
    if (message.type === 'run') return this.#thread?.send(this.#likelyFirst(message));
    if (message.type !== 'stop') return this.#thread?.send(message);
    const stopped = { type: 'stopped', __vitest_worker_response__: true };
    for (const [event, callback] of this.#listeners) if (event === 'message') callback(stopped);
  }

  /** Tests in folders and files that are named like the one that was changed come first; see `likely-first.ts`. */
  #likelyFirst<R extends WorkerRequest & { type: 'run' }>(message: R): R {
    const { related } = this.#options.project.vitest.config;
    const [file, other] = related ?? [];
    if (file === undefined || other !== undefined) return message;
    const { name: mutated, dir } = path.parse(file);
    const rank = ({ filepath }: { readonly filepath: string }) =>
      filepath.includes(mutated) ? 0 : filepath.includes(path.basename(dir)) ? 1 : 2;
    const { files, providedContext, ...context } = message.context;
    return {
      ...message,
      context: {
        ...context,
        files: [...files].sort((one, two) => rank(one) - rank(two)),
        providedContext: { ...providedContext, mutated },
      },
    };
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  async stop(): Promise<void> {
    for (const [event, callback] of this.#listeners) this.#thread?.off(event, callback);
    this.#thread = null;
  }
}

/** What Stryker tells a run: only a mutant that is switched on after the modules were read leaves them as they are. */
const changesNoModule = (told: object) => 'mutantActivation' in told && told.mutantActivation === 'runtime';
