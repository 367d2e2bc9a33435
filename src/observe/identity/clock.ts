/**
 * The wall clock, in ms since 1970: what the times in tokens are compared with. It is read off the monotonic clock, so a
 * correction of the system's time during a run neither ages a token nor makes it young again.
 */
export const wallClock = (): number => performance.timeOrigin + performance.now();
