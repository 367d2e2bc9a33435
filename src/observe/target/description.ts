import type { CommandName, ManagerDescription } from './managers/index.js';

/** What a user says of a service: inert data. Texts may hold placeholders (see placeholders.ts). */
export type ServiceDescription = LaunchDescription | AttachDescription;

/** A service that the run starts and stops. */
export interface LaunchDescription {
  readonly kind: 'launch';
  /** A text is split at blanks, or given to a shell when `shell` is true; a list is taken as it is. */
  readonly command: string | readonly string[];
  readonly shell?: boolean;
  /** The working directory; ours unless told. */
  readonly cwd?: string;
  /** On top of our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** `http://…` (2xx is ready; redirects are not followed) or `tcp://host:port` (an accepted connection is). */
  readonly ready: string;
  /** Where the instance is told: a field of the ready answer (dots lead inside), or `header:x-instance`. */
  readonly instance?: string;
  readonly readyWithinMs?: number;
  readonly graceMs?: number;
  /** So many of it are started, together; 1 unless told. */
  readonly replicas?: number;
  /** So many more are started only when a rollout needs one in reserve; none unless told. */
  readonly spare?: number;
  /** Files by name, as templates: their placeholders are filled in, and `{file:NAME}` is where they are. Paths start at `cwd`. */
  readonly files?: Readonly<Record<string, string>>;
  /** The services that it passes connections on to, as a balancer does. Those whose numbered ports it is given need no mention. */
  readonly routesTo?: readonly string[];
}

/** A service that somebody else runs. */
export interface AttachDescription {
  readonly kind: 'attach';
  readonly ready: string;
  readonly instance?: string;
  /** By hand. `kill` ends it at once; `identity` prints what runs now, another text after each restart. */
  readonly commands?: Readonly<Partial<Record<CommandName, Command>>>;
  /** Who runs it, instead of commands. */
  readonly manager?: ManagerDescription;
  /** The launched service that starts it, such as a supervisor: it is there when that one is ready, and not before. */
  readonly startedBy?: string;
  readonly commandTimeoutMs?: number;
  readonly readyWithinMs?: number;
  /** The services that it passes connections on to, as a balancer does. */
  readonly routesTo?: readonly string[];
}

/** A list is run as it is; a text is given to a shell. */
export type Command = string | readonly string[];

export const defaultReadyWithinMs = 30_000;
export const defaultGraceMs = 10_000;
export const defaultCommandTimeoutMs = 60_000;

/** How many there are of a service, those in reserve included. */
export const countOf = (service: ServiceDescription): number =>
  service.kind === 'launch' ? (service.replicas ?? 1) + (service.spare ?? 0) : 1;
