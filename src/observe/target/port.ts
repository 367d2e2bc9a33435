import type { Exit } from '../../system/process-group.js';
import type { Scope } from '../../system/scope.js';

export type { Exit, Scope };

/** What can be done to a replica. */
export type Power = 'signal' | 'stop-start' | 'restart' | 'kill';
export type SignalName = 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT';

interface Call {
  readonly signal: AbortSignal;
}

/** One look at a door: does the port answer, is it ready, which instance says so. */
export interface Look {
  readonly up: boolean;
  readonly ready: boolean;
  readonly instance?: string;
  /** Nobody listens: every address of the door refused the connection. A time-out is not a refusal. */
  readonly refused: boolean;
  /** Why it is not ready, in words for an error: `status 503`. */
  readonly reason?: string;
}

export interface Replica {
  readonly service: string;
  /** The service, with the number of the replica (from 1) where there are several: `chat.2`. */
  readonly name: string;
  /** From 0. */
  readonly index: number;
  readonly powers: ReadonlySet<Power>;
  /** The address that is looked at, without what may be a secret. */
  readonly door: string;
  /** How long it may take to be ready after a start, in ms. */
  readonly readyWithinMs: number;
  /** Never throws: a dead port is `{ up: false, ready: false, refused: true }`. */
  look(call: Call): Promise<Look>;
  /** The last lines that it printed, redacted and printable. */
  lastLines(count: number): readonly string[];
}

/** We started it, and hold the power to `signal`. */
export interface OwnReplica extends Replica {
  /** How long it has from SIGTERM to its end, in ms. */
  readonly graceMs: number;
  /** To the whole process group. */
  signal(name: SignalName): void;
  /** Resolves when the whole process group is gone. Rejects when the signal aborts. */
  exited(call: Call): Promise<Exit>;
  /** Is any process of the group alive? */
  alive(): boolean;
  /** Is every process of the group stopped? Null where the system does not tell. */
  stopped(): Promise<boolean | null>;
  /** Starts it; resolves when the process runs (not when it is ready). Throws `TARGET_EXITED` when it cannot. */
  start(call: Call): Promise<void>;
}

/** Someone else runs it; what we may do are commands. Each throws `COMMAND_FAILED` when it fails or hangs. */
export interface AttachedReplica extends Replica {
  stop?(call: Call): Promise<void>;
  start?(call: Call): Promise<void>;
  restart?(call: Call): Promise<void>;
  /** At once, with no time to say goodbye. It may come back by itself. */
  kill?(call: Call): Promise<void>;
  /** What its manager says that runs now, another text after each restart; null: nothing does. */
  identity?(call: Call): Promise<string | null>;
  /** Begins to bring it back, at once and without waiting: the last resort of an emergency. */
  revive?(): void;
}

export const isOwn = (replica: AnyReplica): replica is OwnReplica => 'signal' in replica;
export type AnyReplica = OwnReplica | AttachedReplica;

export interface Service {
  readonly name: string;
  readonly replicas: readonly AnyReplica[];
  /** In reserve: started by who needs one, and not before. */
  readonly spares: readonly OwnReplica[];
}

/** A target that is up. Its disposal stops what it started, is idempotent and never throws. */
export interface Target extends AsyncDisposable {
  readonly services: ReadonlyMap<string, Service>;
  /** Fills in placeholders (see placeholders.ts). Throws `CONFIG_INVALID` for a name that no service was given. */
  resolve(text: string): string;
}

export interface TargetKind {
  readonly name: string;
  /** Every address that it will touch, to refuse remote ones before anything is touched. */
  readonly addresses: readonly string[];
  readonly services: readonly ServiceKind[];
  /**
   * Resolves when every service is ready. `absent`: it is not there, which skips the run; nothing was touched. Throws
   * `TARGET_NOT_READY`, `TARGET_EXITED`, `PORT_IN_USE`, `CONFIG_INVALID`; what was started until then is stopped by the scope.
   */
  start(call: StartCall): Promise<Target | { readonly absent: string }>;
}

export interface StartCall extends Call {
  readonly scope: Scope;
  /** What a replica printed, redacted. */
  readonly output: (replica: string, text: string) => void;
  /** A replica that we started has ended, and nobody asked it to. */
  readonly died?: (replica: string, exit: Exit) => void;
}

/** What is known of a service before it is started. */
export interface ServiceKind {
  readonly name: string;
  readonly powers: ReadonlySet<Power>;
  /** How many are started; 1 for a service that somebody else runs. */
  readonly replicas: number;
  readonly spares: number;
  /** The services that it passes connections on to. */
  readonly routesTo: readonly string[];
}
