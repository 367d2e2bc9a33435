import { request, type IncomingMessage } from 'node:http';
import type { Logger } from '../logger.js';

/** One address that connections are passed on to. */
export interface Replica {
  readonly host: string;
  readonly port: number;
  /** It said so itself, at its last check, and could be reached since. */
  ready: boolean;
  /** Connections and requests that it has just now. */
  held: number;
}

export interface PoolOptions {
  readonly replicas: readonly URL[];
  readonly checkMs: number;
  readonly logger: Logger;
}

/** Which of the replicas something goes to; null: to none. `tried` are those that could not be reached just now. */
export type Choice = (
  replicas: readonly Replica[],
  tried: ReadonlySet<Replica>,
  request: Pick<IncomingMessage, 'headers'>,
) => Replica | null;

/** Of those that are ready, the one with the least to do; it evens out by itself what a rollout has shifted. */
export const leastHeld: Choice = (replicas, tried) =>
  replicas
    .filter((replica) => replica.ready && !tried.has(replica))
    .reduce<Replica | null>((best, replica) => (best && best.held <= replica.held ? best : replica), null);

/**
 * The replicas, and whether each is ready: asked at `/ready` at intervals, and taken out at once when it cannot be reached. One
 * that is leaving says so before it closes its door; what it holds already stays until it lets go.
 */
export class Pool {
  readonly replicas: readonly Replica[];
  readonly #options: PoolOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;
  /** Told whenever one of them gets ready, or is not any more. */
  onChange: () => void = () => undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.replicas = options.replicas.map(({ hostname, port }) => ({
      ...{ host: hostname, port: Number(port), ready: false, held: 0 },
    }));
  }

  /** Resolves when each was asked once. */
  async start(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => this.#check(replica)));
  }

  get isReady(): boolean {
    return this.replicas.some(({ ready }) => ready);
  }

  /** It could not be reached: the next check may find it again. */
  eject(replica: Replica): void {
    this.#mark(replica, false);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #check(replica: Replica): Promise<void> {
    const { checkMs } = this.#options;
    const begun = performance.now();
    this.#mark(replica, await isReady(replica, Math.max(checkMs * 2, 1_000)));
    if (this.#closed) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        void this.#check(replica);
      },
      Math.max(0, begun + checkMs - performance.now()),
    );
    this.#timers.add(timer);
  }

  #mark(replica: Replica, ready: boolean): void {
    if (replica.ready === ready) return;
    replica.ready = ready;
    this.onChange();
    this.#options.logger.info({ replica: `${replica.host}:${replica.port}`, ready }, 'readiness changed');
  }
}

/** Never rejects. On a connection of its own, so that it is the door that answers. */
function isReady({ host, port }: Replica, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: '/ready', agent: false, timeout: withinMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(false));
    asking.end();
  });
}
