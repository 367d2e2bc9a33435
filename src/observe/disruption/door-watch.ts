import { setTimeout as sleep } from 'node:timers/promises';
import type { Look } from '../target/index.js';
import type { Part } from './part.js';

/** Between two looks, in ms, unless told. */
const usualEveryMs = 10;

export interface Watching {
  readonly everyMs?: number;
  /** Called before the first refusal is told. */
  readonly refusing?: () => void;
}

/** Looks at one door without a pause, and tells the first time that it refuses: then nobody was there. */
export class DoorWatch {
  #refused = false;

  constructor(
    private readonly part: Part,
    private readonly watching: Watching = {},
  ) {}

  /** Has a connection been refused? */
  get refused(): boolean {
    return this.#refused;
  }

  /** Looks while the work is under way. */
  async during(work: Promise<void>): Promise<void> {
    let over = false;
    const done = work.finally(() => (over = true));
    const watching = this.until(() => over);
    // Both come to their end, whichever fails first.
    await Promise.allSettled([done, watching]);
    await done;
    await watching;
  }

  /** Looks until a look satisfies; `elapsedMs` counts from the call. Resolves with that look. Rejects when the signal aborts. */
  async until(satisfied: (look: Look, elapsedMs: number) => boolean): Promise<Look> {
    const { replica, scene, tell } = this.part;
    const { signal } = scene;
    const { everyMs = usualEveryMs, refusing } = this.watching;
    const begun = performance.now();
    for (;;) {
      const look = await replica.look({ signal });
      signal.throwIfAborted();
      if (look.refused && !this.#refused) {
        this.#refused = true;
        refusing?.();
        tell('port-closed');
      }
      if (satisfied(look, performance.now() - begun)) return look;
      await sleep(everyMs, undefined, { signal });
    }
  }
}
