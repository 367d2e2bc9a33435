import { OutlastError } from '../../base/errors.js';
import { eitherOf } from '../../system/index.js';
import type { Board } from './board.js';
import { inTurns } from './crew.js';
import type { Member } from './member.js';

/** Sign-ins under way at once: they are costly for a target, and a storm of them is not the test. */
const atOnce = 16;
/** How long all sessions together may take to be signed in and in their rooms. */
const withinMs = 30_000;

/** A token that is refused so often in a row, for so long, is wrong, and not only early: keys may take a moment to be there. */
const hopeless = { after: 8, forMs: 5_000 };

/**
 * Connects members until all of them are ready. Throws `SESSIONS_NOT_ESTABLISHED`, which says who is not, and why;
 * `TOKENS_REFUSED` where the target keeps refusing their tokens.
 */
export async function letIn(members: readonly Member[], board: Board, signal: AbortSignal): Promise<void> {
  const overdue = AbortSignal.timeout(withinMs);
  const giveUp = new AbortController();
  const either = eitherOf([signal, overdue, giveUp.signal]);
  void board
    .until(() => members.some((member) => isHopeless(member, board)), withinMs, either)
    .then(
      (held) => held && giveUp.abort(),
      () => undefined,
    );
  try {
    await inTurns(members, atOnce, (member) => member.client.connect({ signal: either }));
  } catch (error) {
    signal.throwIfAborted();
    if (giveUp.signal.aborted) throw tokensRefused(members, board);
    if (!overdue.aborted) throw error;
    throw notEstablished(members, board);
  } finally {
    giveUp.abort();
  }
}

function isHopeless({ planned }: Member, board: Board): boolean {
  const { tokensRefused, refusedSince } = board.standing(planned.session);
  return tokensRefused >= hopeless.after && board.seenAt - refusedSince >= hopeless.forMs;
}

/** Names all who are refused, and not only the one that was first known to be without hope. */
function tokensRefused(all: readonly Member[], board: Board): OutlastError {
  const refused = all.filter(({ planned }) => board.standing(planned.session).tokensRefused > 1);
  return new OutlastError(
    'TOKENS_REFUSED',
    `expected the target to let ${all.length} sessions in; it refused the token of ${nameOf(refused)} again and again for ${hopeless.forMs / 1_000} s. ` +
      "Is the key or the password in `users` the target's own, and does the token travel where the target looks for it (`client.token`)?",
    { details: reasons(refused, board) },
  );
}

function notEstablished(members: readonly Member[], board: Board): OutlastError {
  const missing = members.filter(({ planned }) => !board.standing(planned.session).ready);
  return new OutlastError(
    'SESSIONS_NOT_ESTABLISHED',
    `expected ${members.length} sessions to be signed in and in their rooms within ${withinMs / 1_000} s; ` +
      `${nameOf(missing)} ${missing.length === 1 ? 'was' : 'were'} not. ` +
      "Look at the service's own output, and at the address, the token and the `joined` function of the client",
    { details: reasons(missing, board) },
  );
}

/** In preflight only the auditors are let in, whom no user of Outlast has asked for: say who they are. */
function nameOf(members: readonly Member[]): string {
  const names = members.map(({ planned }) => planned.session);
  const listed =
    names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(' and ');
  const what = members.every(({ planned }) => planned.role === 'auditor') ? 'auditor' : 'session';
  return `${what}${names.length === 1 ? '' : 's'} ${listed}`;
}

function reasons(members: readonly Member[], board: Board): string[] {
  return members
    .slice(0, 5)
    .map(
      ({ planned }) =>
        `session ${planned.session}: ${board.standing(planned.session).refusal ?? 'no answer'}`,
    );
}
