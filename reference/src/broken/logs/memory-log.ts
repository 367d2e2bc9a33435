import {
  conflict,
  type Message,
  type MessageLog,
  type Outcome,
  type Position,
  type Submission,
} from '../../backend/messages.js';
import { keyOf, messagesChannel } from '../../backend/stored-log.js';
import type { Pool } from '../../storage/pool.js';

/** A right log in every way but one: it dies with its process. */
export class MemoryLog implements MessageLog {
  readonly #pool: Pool;
  readonly #threads = new Map<string, Message[]>();
  readonly #byKey = new Map<string, Message>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    const names = await this.#namesOf(batch);
    const outcomes = batch.map((submission) => this.#store(submission, names.get(submission.sender) ?? ''));
    await this.#pool.query('SELECT pg_notify($1, $2)', [messagesChannel, '*']);
    return outcomes;
  }

  read(positions: readonly Position[], limit: number) {
    const readings = positions.map(({ threadId, after }) => {
      const messages = (this.#threads.get(threadId) ?? []).slice(after, after + limit);
      return { messages, next: after + messages.length };
    });
    return Promise.resolve(readings);
  }

  heads(threadIds: readonly string[]) {
    return Promise.resolve(new Map(threadIds.map((id) => [id, this.#threads.get(id)?.length ?? 0])));
  }

  close() {
    return Promise.resolve();
  }

  #store(submission: Submission, senderName: string): Outcome {
    const known = this.#byKey.get(keyOf(submission));
    if (known) {
      const same = known.threadId === submission.threadId && known.body === submission.body;
      return same ? { outcome: 'stored', number: known.number } : conflict;
    }
    const thread = this.#threads.get(submission.threadId) ?? [];
    const message = { ...submission, senderName, number: thread.length + 1, sentAt: new Date() };
    this.#threads.set(submission.threadId, thread);
    this.#byKey.set(keyOf(submission), message);
    thread.push(message);
    return { outcome: 'stored', number: message.number };
  }

  async #namesOf(batch: readonly Submission[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.#pool.query<{ id: string; name: string }>(
      'SELECT id, name FROM users WHERE id = ANY($1::text[])',
      [batch.map(({ sender }) => sender)],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
