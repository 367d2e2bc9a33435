import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './part.js';
import type { About } from './port.js';

/**
 * Leaves a fault that was seen to be in force as it is for so long, and tells from when to when: that time is asked for, and is not
 * the target's. What is told at its end may only then be known. Rejects when the signal aborts.
 */
export async function hold(
  { scene, tell }: Pick<Part, 'scene' | 'tell'>,
  ms: number,
  about: { readonly held?: About; readonly released?: () => About } = {},
): Promise<void> {
  tell('held', about.held);
  await sleep(ms, undefined, { signal: scene.signal });
  tell('released', about.released?.());
}
