import { setTimeout as pause } from 'node:timers/promises';
import {
  conflict,
  type MessageLog,
  type Outcome,
  type Position,
  type Submission,
} from '../../backend/messages.js';
import { findStored, keyOf, type Numbered } from '../../backend/stored-log.js';
import type { Pool } from '../../storage/pool.js';

/** Stretched, so that a crash meets it every time. */
const holdMs = 250;

/** Says what number a message will have, and only then goes and commits it. A graceful stop still writes what is held. */
export class EarlyLog implements MessageLog {
  readonly #log: MessageLog;
  readonly #pool: Pool;
  readonly #heads = new Map<string, number>();
  readonly #promised = new Map<string, Numbered>();
  #commits: Promise<unknown> = Promise.resolve();

  constructor(log: MessageLog, pool: Pool) {
    this.#log = log;
    this.#pool = pool;
  }

  async append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    await this.#learn(batch);
    const fresh: Submission[] = [];
    const outcomes = batch.map((submission): Outcome => {
      const known = this.#promised.get(keyOf(submission));
      if (!known) fresh.push(submission);
      const { threadId, body, number } = known ?? this.#promise(submission);
      const same = threadId === submission.threadId && body === submission.body;
      return same ? { outcome: 'stored', number } : conflict;
    });
    if (fresh.length > 0)
      this.#commits = Promise.all([this.#commits, pause(holdMs)]).then(() => this.#log.append(fresh));
    return outcomes;
  }

  read(positions: readonly Position[], limit: number) {
    return this.#log.read(positions, limit);
  }

  heads(threadIds: readonly string[]) {
    return this.#log.heads(threadIds);
  }

  async close(): Promise<void> {
    await this.#commits;
    await this.#log.close();
  }

  /** What earlier processes have stored. */
  async #learn(batch: readonly Submission[]): Promise<void> {
    for (const [key, stored] of await findStored(this.#pool, batch)) this.#promised.set(key, stored);
    const unknown = batch.map(({ threadId }) => threadId).filter((id) => !this.#heads.has(id));
    if (unknown.length === 0) return;
    for (const [threadId, head] of await this.#log.heads([...new Set(unknown)]))
      this.#heads.set(threadId, head);
  }

  #promise(submission: Submission): Numbered {
    const number = (this.#heads.get(submission.threadId) ?? 0) + 1;
    const promised = { ...submission, number };
    this.#heads.set(submission.threadId, number);
    this.#promised.set(keyOf(submission), promised);
    return promised;
  }
}
