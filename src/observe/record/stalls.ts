import type { Clock } from './clock.js';

const everyMs = 20;

/**
 * Tells of each time that this program stood still for longer than `overMs`: its timers came late by that much. Returns
 * how to stop.
 */
export function watchStalls(clock: Clock, tell: (ms: number) => void, overMs = 50): () => void {
  let last = clock.now();
  const timer = setInterval(() => {
    const now = clock.now();
    const late = now - last - everyMs;
    last = now;
    if (late > overMs) tell(late);
  }, everyMs);
  // Watching is no reason for the program to stay alive.
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
