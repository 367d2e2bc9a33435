import type { MessageLog, Submission } from '../../backend/messages.js';
import type { Pool } from '../../storage/pool.js';
import { Rebuilding } from '../rebuild.js';
import { Wrapped } from './wrapped.js';

/** Counts what is stored when it is first asked for the newest number of a thread. */
export class CountingAtFirstJoin extends Wrapped {
  readonly #counting: Rebuilding;

  constructor(log: MessageLog, pool: Pool, ms: number) {
    super(log);
    this.#counting = new Rebuilding(pool, ms);
  }

  override async heads(threadIds: readonly string[]) {
    await this.#counting.done();
    return super.heads(threadIds);
  }
}

/** Makes an index over what is stored when the first message is to be added to it. */
export class IndexingAtFirstMessage extends Wrapped {
  readonly #indexing: Rebuilding;

  constructor(log: MessageLog, pool: Pool, ms: number) {
    super(log);
    this.#indexing = new Rebuilding(pool, ms);
  }

  override async append(batch: readonly Submission[]) {
    await this.#indexing.done();
    return super.append(batch);
  }
}
