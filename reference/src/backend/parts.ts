import type { BackendConfiguration } from '../configuration.js';
import type { Logger } from '../logger.js';
import { migrate } from '../storage/migrate.js';
import { isUnavailable, openPool, type Pool } from '../storage/pool.js';
import type { Admission } from '../tokens/access-token.js';
import type { AnswerStore, Assistant } from './answers/answers.js';
import { assistant } from './answers/assistant.js';
import { playback, type Playback } from './answers/playback.js';
import { StoredAnswers } from './answers/stored-answers.js';
import { KeySetDoor, type Door } from './door.js';
import { StoredMembership, type Membership } from './membership.js';
import type { MessageLog } from './messages.js';
import { StoredRecords, type Records } from './records.js';
import { StoredRevocations, type Revocations } from './revocations.js';
import { StoredLog } from './stored-log.js';

/** What the backend is made of. All that matters lives in the database. */
export interface BackendParts {
  readonly pool: Pool;
  readonly door: Door;
  readonly revocations: Revocations;
  readonly membership: Membership;
  readonly log: MessageLog;
  readonly records: Records;
  readonly resume: Resume;
  /** Where live messages and replays are read from: the log itself. */
  readonly delivered: (log: MessageLog) => MessageLog;
  readonly farewell: Farewell;
  readonly answers: AnswerStore;
  readonly assistant: Assistant;
  /** How an answer is said to a reader, the first time and when it comes back. */
  readonly playback: Playback;
}

/**
 * Where a reader of a session that joins begins, given the last number that it has (if it says so) and the thread's newest. Throws
 * `Refusal` for one that may not.
 */
export type Resume = (after: number | undefined, head: number, sessionId?: string) => number;

/** How connections are closed when the service leaves. */
export interface Farewell {
  readonly code: number;
  readonly reason: string;
}

/** The service's own parts, on a database that is brought up to date first. */
export async function backendParts(
  configuration: BackendConfiguration,
  logger: Logger,
): Promise<BackendParts> {
  // It asks auth for its keys meanwhile.
  const door = new KeySetDoor(configuration.AUTH_URL, logger);
  await migrate(configuration.DATABASE_URL, logger);
  const pool = openPool(configuration.DATABASE_URL, logger);
  return {
    pool,
    door,
    revocations: new StoredRevocations(pool),
    membership: new StoredMembership(pool),
    log: new StoredLog(pool),
    records: new StoredRecords(pool),
    resume: resumeWhereLeft,
    delivered: (log) => log,
    // 1012, service restart: clients come back, and know why they were closed.
    farewell: { code: 1012, reason: 'service restart' },
    answers: new StoredAnswers(pool),
    assistant,
    playback,
  };
}

/** One that has nothing begins now. One that is ahead of us has another log's number, and sees that in `joined`. */
export const resumeWhereLeft: Resume = (after, head) => Math.min(after ?? head, head);

/** A token is let in when it is genuine, in its time, and its session was not revoked. */
export async function admit(
  { door, revocations }: Pick<BackendParts, 'door' | 'revocations'>,
  token: string,
): Promise<Admission> {
  const admission = await door.admit(token);
  if (admission.verdict !== 'in') return admission;
  try {
    const { sessionId } = admission.identity;
    const revoked = await revocations.among([sessionId]);
    return revoked.has(sessionId) ? { verdict: 'out', reason: 'the session is revoked' } : admission;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { verdict: 'unsure', reason: 'The database cannot answer just now.' };
  }
}
