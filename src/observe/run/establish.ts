import { OutlastError } from '../../base/errors.js';
import { eitherOf } from '../../system/index.js';
import type { Board } from './board.js';
import { inTurns } from './crew.js';
import type { Member } from './member.js';

/** Sign-ins under way at once: they are costly for a target, and a storm of them is not the test. */
const atOnce = 16;
/** How long all sessions together may take to be signed in and in their rooms. */
const withinMs = 30_000;

/** Connects members until all of them are ready. Throws `SESSIONS_NOT_ESTABLISHED`, which says who is not, and why. */
export async function letIn(members: readonly Member[], board: Board, signal: AbortSignal): Promise<void> {
  const overdue = AbortSignal.timeout(withinMs);
  const either = eitherOf([signal, overdue]);
  try {
    await inTurns(members, atOnce, (member) => member.client.connect({ signal: either }));
  } catch (error) {
    signal.throwIfAborted();
    if (!overdue.aborted) throw error;
    throw notEstablished(members, board);
  }
}

function notEstablished(members: readonly Member[], board: Board): OutlastError {
  const missing = members
    .map(({ planned }) => planned.session)
    .filter((session) => !board.standing(session).ready);
  const details = missing
    .slice(0, 5)
    .map((session) => `session ${session}: ${board.standing(session).refusal ?? 'no answer'}`);
  return new OutlastError(
    'SESSIONS_NOT_ESTABLISHED',
    `expected ${members.length} sessions to be signed in and in their rooms within ${withinMs / 1_000} s; ` +
      `${missing.length} were not. Look at the service's own output, and at the address and the token of the client`,
    { details },
  );
}
