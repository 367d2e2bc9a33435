import { Rollout } from './rollout.js';
import { Story, without, type Told } from './story.js';

// Told once for all tests, none of which changes them: what a test plants, it plants into a copy.

/** A right run of one service with one replica. */
export const right = new Story();

/** A right run over two restarts, one after the other. */
export const twice = new Story({ restarts: [{ downMs: 200 }, { downMs: 150 }] });

/** A right rollout of two replicas. */
export const rollout = new Rollout();

/** A deploy that nobody notices: no connection was lost by it, and sessions 3 and 8, who were away meanwhile, came back. */
export const unnoticed: Told = without(right, (event) => {
  if (event.kind === 'unoffered') return true;
  if (!('conn' in event) || ['3', '8'].includes(event.session)) return false;
  const isChat = ['send', 'written', 'ack', 'receive'].includes(event.kind);
  return !isChat && event.t > right.at.signal && event.t < right.at.settle;
});
