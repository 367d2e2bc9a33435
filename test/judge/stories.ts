import { Rollout } from './rollout.js';
import { Story } from './story.js';

// Told once for all tests, none of which changes them: what a test plants, it plants into a copy.

/** A right run of one service with one replica. */
export const right = new Story();

/** A right rollout of two replicas. */
export const rollout = new Rollout();
