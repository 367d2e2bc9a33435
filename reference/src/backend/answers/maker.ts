import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../logger.js';
import type { Answer, AnswerStore, Assistant, Step } from './answers.js';

/** Between two parts of an answer. */
const paceMs = 40;
/** How often it looks for answers that nobody makes: new ones, and those of a process that is gone. */
const takeUpMs = 200;
const retryMs = 250;

interface Task {
  readonly id: string;
  readonly pieces: readonly string[];
  head: number;
}

/**
 * Makes answers, all of them together a part at a time. What it has made is committed before anyone hears of it. It goes on
 * with what another process has begun where that stopped: at the head that is stored.
 */
export class Maker {
  readonly #name: string;
  readonly #store: AnswerStore;
  readonly #assistant: Assistant;
  readonly #logger: Logger;
  readonly #tasks = new Map<string, Task>();
  readonly #leaving = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #lookedAt = -Infinity;

  /** `name` is of this process and no other. */
  constructor(name: string, store: AnswerStore, assistant: Assistant, logger: Logger) {
    this.#name = name;
    this.#store = store;
    this.#assistant = assistant;
    this.#logger = logger;
  }

  start(): void {
    this.#work = this.#makeUntilLeaving();
  }

  /** Somebody asked: looks at once. */
  wake(): void {
    this.#lookedAt = -Infinity;
  }

  /** Finishes the part that is being made and leaves the rest to others. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#work;
    await this.#store.release(this.#name);
  }

  async #makeUntilLeaving(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      const ms = await this.#round().then(
        () => paceMs,
        (error: unknown) => {
          this.#logger.warn({ err: error }, 'answers cannot be made just now');
          // Whether the last parts were committed is not known: what is stored tells when they are taken up again.
          this.#tasks.clear();
          return retryMs;
        },
      );
      await pause(ms, undefined, { signal }).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    if (performance.now() - this.#lookedAt > takeUpMs) await this.#takeUp();
    const steps = [...this.#tasks.values()].map(stepOf);
    if (steps.length === 0) return;
    const grown = await this.#store.append(this.#name, steps);
    for (const { answerId, last } of steps) {
      const task = this.#tasks.get(answerId);
      if (task && grown.has(answerId) && !last) task.head += 1;
      else this.#tasks.delete(answerId);
    }
  }

  async #takeUp(): Promise<void> {
    this.#lookedAt = performance.now();
    for (const answer of await this.#store.takeUp(this.#name))
      this.#tasks.set(answer.id, this.#taskOf(answer));
  }

  #taskOf({ id, question, head }: Answer): Task {
    return { id, head, pieces: this.#assistant(question) };
  }
}

function stepOf({ id, head, pieces }: Task): Step {
  const last = head + 1 >= pieces.length;
  return { answerId: id, number: head + 1, text: pieces[head] ?? '', last };
}
