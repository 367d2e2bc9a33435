/** The clock of one history. */
export interface Clock {
  /** The wall clock at t = 0 (ISO 8601). */
  readonly epoch: string;
  /** ms since t = 0, to the microsecond; never goes back. */
  now(): number;
}

/** A clock that begins now. */
export function createClock(): Clock {
  const start = performance.now();
  return {
    epoch: new Date(wallClock()).toISOString(),
    now: () => Math.round((performance.now() - start) * 1_000) / 1_000,
  };
}

/** ms since 1970: for what the outside world dates, such as the expiry of a token. Never for durations. */
export function wallClock(): number {
  return Date.now();
}
