/** What can be done to a replica. */
export type Power = 'signal' | 'stop-start' | 'restart';
export type SignalName = 'SIGTERM' | 'SIGKILL' | 'SIGINT';

interface Call {
  readonly signal: AbortSignal;
}

/** One look at a door: does the port answer, is it ready, which instance says so. */
export interface Look {
  readonly up: boolean;
  readonly ready: boolean;
  readonly instance?: string;
}

export interface Exit {
  /** Null where a signal ended it or where it cannot be seen. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface Replica {
  readonly service: string;
  readonly index: number;
  readonly powers: ReadonlySet<Power>;
  /** Never throws: a dead port is `{ up: false, ready: false }`. */
  look(call: Call): Promise<Look>;
  /** To the whole process group. */
  signal?(name: SignalName): void;
  /** Resolves when the whole process group is gone. */
  exited?(call: Call): Promise<Exit>;
  /** Is any process of the group alive? */
  alive?(): boolean;
  /** Starts it; resolves when the process runs (not when it is ready). Throws `TARGET_EXITED` when it cannot. */
  start?(call: Call): Promise<void>;
  stop?(call: Call): Promise<void>;
  restart?(call: Call): Promise<void>;
  /** The last lines that it printed, redacted. */
  lastLines(count: number): readonly string[];
}

export interface Service {
  readonly name: string;
  readonly replicas: readonly Replica[];
}

/** A target that is up. Its disposal stops what it started, is idempotent and never throws. */
export interface Target extends AsyncDisposable {
  readonly services: ReadonlyMap<string, Service>;
  /** Fills in `{port:NAME}`, `{folder:NAME}` and `{secret:NAME}`. Throws `CONFIG_INVALID` for a name that is not there. */
  resolve(text: string): string;
}

/** Undo-log: the inverse is registered BEFORE the act; last in, first out; `emergency` is synchronous, for the second Ctrl-C. */
export interface Scope extends AsyncDisposable {
  /** The returned function takes the entry out again, once it is healed. */
  undo(name: string, heal: () => Promise<void>, emergency?: () => void): () => void;
  /** Runs every `emergency` there is, at once. */
  emergency(): void;
}

export interface TargetKind {
  readonly name: string;
  /** Every address that it will touch, to refuse remote ones before anything is touched. */
  readonly addresses: readonly string[];
  readonly services: readonly { readonly name: string; readonly powers: ReadonlySet<Power> }[];
  /** Resolves when every service is ready. `absent`: it is not there, which skips the run. Throws `TARGET_NOT_READY`, `TARGET_EXITED`, `PORT_IN_USE`. */
  start(
    call: Call & { readonly scope: Scope; readonly output: (service: string, text: string) => void },
  ): Promise<Target | { readonly absent: string }>;
}
