/**
 * Where an error leads a command: its exit code (see the table in the README). `usage` is whatever the user has to mend in the
 * command or the config, the functions and the client of the config included, also where it shows only in a run: what was seen
 * through them is no evidence about the target.
 */
export type Blame = 'usage' | 'target' | 'outlast';

/** Every error that Outlast raises on purpose, by code. `docs/errors.md` has an entry for each, and a test keeps it so. */
export const errorCodes = {
  CONFIG_INVALID: 'usage',
  CONFIG_NOT_FOUND: 'usage',
  CONFIG_THREW: 'usage',
  MAPPING_FAILED: 'usage',
  CLIENT_MISBEHAVED: 'usage',
  USAGE: 'usage',
  SECRET_MISSING: 'usage',
  REFERENCE_MISSING: 'usage',
  PEER_MISSING: 'usage',
  POWER_MISSING: 'usage',
  REMOTE_TARGET: 'usage',
  PORT_IN_USE: 'target',
  TARGET_NOT_READY: 'target',
  TARGET_EXITED: 'target',
  TARGET_GONE: 'target',
  COMMAND_FAILED: 'target',
  SIGN_IN_FAILED: 'target',
  ANSWER_INVALID: 'target',
  PROVISION_FAILED: 'target',
  RESTART_FAILED: 'target',
  DISRUPTION_FAILED: 'target',
  SESSIONS_NOT_ESTABLISHED: 'target',
  TOKENS_REFUSED: 'target',
  NO_ROUND_TRIP: 'target',
  TEXT_CHANGED: 'usage',
  INTERRUPTED: 'target',
  HISTORY_INVALID: 'usage',
  HISTORY_NOT_FOUND: 'usage',
  HISTORY_PARTS: 'usage',
  HISTORY_VERSION: 'usage',
  WRITE_FAILED: 'outlast',
  INTERNAL: 'outlast',
} as const satisfies Record<string, Blame>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * The one error class. `message` says what was expected, what came and what to do, in that order; `details` are lines for
 * below it (a target's last output, a list of keys).
 */
export class OutlastError extends Error {
  override readonly name = 'OutlastError';
  readonly code: ErrorCode;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, more: { cause?: unknown; details?: readonly string[] } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.details = more.details ?? [];
  }

  get blame(): Blame {
    return errorCodes[this.code];
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return textOf(thrown);
  // Node's connection errors carry their reason in the code or, for several addresses, in `errors`.
  if (thrown.message === '' && thrown instanceof AggregateError && thrown.errors.length > 0)
    return thrown.errors.map(messageOf).join('; ');
  return thrown.message === '' ? thrown.name : thrown.message;
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    // An object without a prototype has no text.
    return Object.prototype.toString.call(value);
  }
}
