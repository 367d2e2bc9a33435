import { createHash } from 'node:crypto';
import { Pool, leastHeld, type Choice } from '../balancer/pool.js';

/** Looks at the replicas when it starts, and never again. */
export class LookingOnce extends Pool {
  override async start(): Promise<void> {
    await super.start();
    this.close();
  }

  override eject(): void {
    // What was ready once is taken to be ready for ever.
  }
}

/** The one that is gone has the least to do; and nobody else is tried. */
export const leastHeldOnly: Choice = (replicas, tried, request) =>
  tried.size > 0 ? null : leastHeld(replicas, tried, request);

/** Whichever stands first in the list and is ready. */
export const firstReady: Choice = (replicas, tried) =>
  replicas.find((replica) => replica.ready && !tried.has(replica)) ?? null;

/** The same one for the same token, as long as it is ready. */
export const byToken: Choice = (replicas, tried, { headers }) => {
  const token = headers['sec-websocket-protocol'] ?? headers.authorization ?? '';
  const rank = (port: number) => createHash('sha256').update(`${port} ${token}`).digest('hex');
  const able = replicas.filter((replica) => replica.ready && !tried.has(replica));
  return able.sort((one, other) => rank(one.port).localeCompare(rank(other.port)))[0] ?? null;
};
