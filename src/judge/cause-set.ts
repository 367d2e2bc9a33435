import type { Cause } from './port.js';

/** Causes, each once. There may be as many as a history has messages: no text is made for one. */
export class CauseSet {
  readonly #ids = new Map<Cause['subject'], Set<string>>();

  constructor(causes: Iterable<Cause> = []) {
    for (const cause of causes) this.add(cause);
  }

  has({ subject, id }: Cause): boolean {
    return this.#ids.get(subject)?.has(id) ?? false;
  }

  /** False: it was there already. */
  add({ subject, id }: Cause): boolean {
    const ids = this.#ids.get(subject) ?? new Set();
    this.#ids.set(subject, ids);
    const { size } = ids;
    return ids.add(id).size > size;
  }
}
