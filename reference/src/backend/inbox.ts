import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import type { Membership } from './membership.js';
import type { MessageLog, Outcome, Submission } from './messages.js';

interface Waiting {
  readonly submission: Submission;
  readonly settle: (outcome: Outcome) => void;
}

const largestBatch = 500;
const firstRetryMs = 50;
const longestRetryMs = 1_000;

const notAMember: Outcome = {
  outcome: 'refused',
  code: 'not_a_member',
  message: 'You are not a member of this thread.',
};

/**
 * Brings what all connections say into the log. One commit is under way at a time, and what comes meanwhile shares the
 * next: batches grow with the load.
 */
export class Inbox {
  readonly #log: MessageLog;
  readonly #membership: Membership;
  readonly #logger: Logger;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(log: MessageLog, membership: Membership, logger: Logger) {
    this.#log = log;
    this.#membership = membership;
    this.#logger = logger;
  }

  /** Resolves once the outcome is durable. While that cannot be known it stays open: it is never guessed. */
  submit(submission: Submission): Promise<Outcome> {
    return new Promise((settle) => {
      this.#waiting.push({ submission, settle });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when everything that was submitted has its outcome. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    // What was read in this turn of the event loop belongs to one moment.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, largestBatch));
    this.#working = undefined;
  }

  /** Repeated until it is known: ids make a second try harmless, whatever became of the first. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(2 * retryMs, longestRetryMs)) {
      try {
        const outcomes = await this.#outcomes(batch.map(({ submission }) => submission));
        batch.forEach(({ settle }, index) => settle(outcomes[index] ?? notAMember));
        return;
      } catch (error) {
        this.#logger.warn({ err: error, messages: batch.length, retryMs }, 'messages wait for the database');
        await pause(retryMs);
      }
    }
  }

  /** Authorised first: who is not a member learns nothing about which ids exist. */
  async #outcomes(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    const held = await this.#membership.hold(
      batch.map(({ threadId, sender }) => ({ threadId, userId: sender })),
    );
    const allowed = batch.filter((_, index) => held[index]);
    const outcomes = allowed.length > 0 ? [...(await this.#log.append(allowed))] : [];
    return held.map((isMember) => (isMember ? outcomes.shift() : undefined) ?? notAMember);
  }
}
