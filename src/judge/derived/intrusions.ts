import { connections } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import type { Context } from '../port.js';

/** How often a session asked to resume in a room that it was never meant to be in, and the target answered. */
export function intrusionsOf(context: Context): number {
  const seats = seatsOf(context.header);
  const lines = [...context.facts(connections).values()];
  return lines
    .flatMap(({ session, connections: all }) => all.map(({ open, joins }) => ({ session, open, joins })))
    .filter(
      ({ session, open, joins }) =>
        open !== null &&
        [...joins].some(
          ([room, { cursor }]) => cursor !== undefined && seats.isMeantFor(session, room) === false,
        ),
    ).length;
}
