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
}

/** A service that somebody else runs. */
export interface AttachDescription {
  readonly kind: 'attach';
  readonly ready: string;
  readonly instance?: string;
  readonly commands?: { readonly stop?: Command; readonly start?: Command; readonly restart?: Command };
  readonly commandTimeoutMs?: number;
  readonly readyWithinMs?: number;
}

/** A list is run as it is; a text is given to a shell. */
export type Command = string | readonly string[];

export const defaultReadyWithinMs = 30_000;
export const defaultGraceMs = 10_000;
export const defaultCommandTimeoutMs = 60_000;
