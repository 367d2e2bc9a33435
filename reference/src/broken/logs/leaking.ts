import type { MessageLog, Outcome, Position, Reading, Submission } from '../../backend/messages.js';
import { resumeWhereLeft, type Resume } from '../../backend/parts.js';
import type { Pool } from '../../storage/pool.js';

const leaked = 3;

/** Adds to each replay the newest messages of another thread, whichever was busy last. */
export class LeakingLog implements MessageLog {
  readonly #log: MessageLog;
  readonly #pool: Pool;
  /** Numbers from which somebody has just resumed, and was not replayed to yet. */
  readonly #resumed = new Set<number>();

  constructor(log: MessageLog, pool: Pool) {
    this.#log = log;
    this.#pool = pool;
  }

  readonly resume: Resume = (after, head) => {
    if (after !== undefined && after < head) this.#resumed.add(after);
    return resumeWhereLeft(after, head);
  };

  append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    return this.#log.append(batch);
  }

  async read(positions: readonly Position[], limit: number): Promise<readonly Reading[]> {
    const readings = await this.#log.read(positions, limit);
    return Promise.all(readings.map((reading, index) => this.#leakInto(reading, positions[index])));
  }

  heads(threadIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#log.heads(threadIds);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #leakInto(reading: Reading, position: Position | undefined): Promise<Reading> {
    if (!position || reading.messages.length === 0 || !this.#resumed.delete(position.after)) return reading;
    const { rows } = await this.#pool.query<{ thread_id: string; number: number }>(
      'SELECT thread_id, number FROM messages WHERE thread_id <> $1 ORDER BY sent_at DESC LIMIT 1',
      [position.threadId],
    );
    const other = rows.map(({ thread_id: threadId, number }) => ({
      threadId,
      after: Math.max(0, number - leaked),
    }));
    const foreign = await this.#log.read(other, leaked);
    return {
      messages: [...foreign.flatMap(({ messages }) => messages), ...reading.messages],
      next: reading.next,
    };
  }
}
