import { randomUUID } from 'node:crypto';
import type { Answer, AnswerStore, Assistant, Bookmark, Page, Step } from '../../backend/answers/answers.js';
import { assistant } from '../../backend/answers/assistant.js';
import type { Pool } from '../../storage/pool.js';

/** The right store, for those that are wrong in one method only. */
class Wrapped implements AnswerStore {
  constructor(protected readonly store: AnswerStore) {}

  ask(userId: string, question: string, key: string): Promise<Answer | undefined> {
    return this.store.ask(userId, question, key);
  }

  find(id: string): Promise<Answer | undefined> {
    return this.store.find(id);
  }

  text(id: string): Promise<string> {
    return this.store.text(id);
  }

  read(bookmarks: readonly Bookmark[], limit: number): Promise<readonly Page[]> {
    return this.store.read(bookmarks, limit);
  }

  takeUp(maker: string): Promise<readonly Answer[]> {
    return this.store.takeUp(maker);
  }

  append(maker: string, steps: readonly Step[]): Promise<ReadonlySet<string>> {
    return this.store.append(maker, steps);
  }

  release(maker: string): Promise<void> {
    return this.store.release(maker);
  }

  cancel(id: string): Promise<Answer | undefined> {
    return this.store.cancel(id);
  }
}

/** Whatever is unfinished was finished, it thinks when it starts. */
export async function finishUnfinished(pool: Pool): Promise<void> {
  await pool.query(`UPDATE answers SET state = 'done', maker = NULL WHERE state = 'running'`);
}

/** Remembers in the process which answers were cancelled. */
export class CancellingHere extends Wrapped {
  readonly #cancelled = new Set<string>();

  override async cancel(id: string): Promise<Answer | undefined> {
    this.#cancelled.add(id);
    return this.find(id);
  }

  override async find(id: string): Promise<Answer | undefined> {
    const answer = await this.store.find(id);
    return answer && this.#cancelled.has(id) ? { ...answer, state: 'cancelled' } : answer;
  }

  override async read(bookmarks: readonly Bookmark[], limit: number): Promise<readonly Page[]> {
    const pages = await this.store.read(bookmarks, limit);
    return pages.map((page, index) => {
      const isCancelled = this.#cancelled.has(bookmarks[index]?.answerId ?? '');
      return isCancelled ? { ...page, state: 'cancelled' } : page;
    });
  }

  override async takeUp(maker: string): Promise<readonly Answer[]> {
    const taken = await this.store.takeUp(maker);
    return taken.filter(({ id }) => !this.#cancelled.has(id));
  }

  override append(maker: string, steps: readonly Step[]): Promise<ReadonlySet<string>> {
    return this.store.append(
      maker,
      steps.filter(({ answerId }) => !this.#cancelled.has(answerId)),
    );
  }
}

/** What another process has begun is thrown away and made anew. */
export class StartingOver extends Wrapped {
  readonly #bornAt = new Date();

  constructor(
    store: AnswerStore,
    private readonly pool: Pool,
  ) {
    super(store);
  }

  override async takeUp(maker: string): Promise<readonly Answer[]> {
    const taken = await this.store.takeUp(maker);
    const { rows } = await this.pool.query<{ id: string }>(
      'UPDATE answers SET head = 0 WHERE id = ANY($1::text[]) AND head > 0 AND asked_at < $2 RETURNING id',
      [taken.map(({ id }) => id), this.#bornAt],
    );
    const anew = new Set(rows.map(({ id }) => id));
    await this.pool.query('DELETE FROM answer_parts WHERE answer_id = ANY($1::text[])', [[...anew]]);
    return taken.map((answer) => (anew.has(answer.id) ? { ...answer, head: 0 } : answer));
  }
}

/** Finds other words in every process, as a model does that is asked again. */
export function inOtherWords(): Assistant {
  const mood = randomUUID();
  return (question) => assistant(`${question} (${mood})`);
}
