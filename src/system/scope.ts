import { OutlastError } from '../base/errors.js';

/** Undo-log: the inverse is registered BEFORE the act; last in, first out; `emergency` is synchronous, for the second Ctrl-C. */
export interface Scope extends AsyncDisposable {
  /**
   * The returned function takes the entry out again, once it is healed. Throws `INTERNAL` when the scope has been unwound
   * already: what is about to be broken then would never be healed.
   */
  undo(name: string, heal: () => Promise<void>, emergency?: () => void): () => void;
  /** Runs every `emergency` there is, at once. */
  emergency(): void;
}

/** Told of each heal that failed; the others run all the same. */
export type Trouble = (name: string, error: unknown) => void;

/** A scope's disposal is idempotent and never throws: what cannot be healed is told to `trouble`. */
export function createScope(trouble: Trouble): Scope {
  return new UndoLog(trouble);
}

interface Entry {
  readonly name: string;
  readonly heal: () => Promise<void>;
  readonly emergency: (() => void) | undefined;
}

class UndoLog implements Scope {
  readonly #entries: Entry[] = [];
  readonly #trouble: Trouble;
  #unwinding: Promise<void> | null = null;
  #unwound = false;

  constructor(trouble: Trouble) {
    this.#trouble = trouble;
  }

  undo(name: string, heal: () => Promise<void>, emergency?: () => void): () => void {
    if (this.#unwound) {
      throw new OutlastError('INTERNAL', `expected an open scope for "${name}"; it has been unwound already`);
    }
    const entry = { name, heal, emergency };
    this.#entries.push(entry);
    return () => {
      this.#remove(entry);
    };
  }

  emergency(): void {
    for (const { name, emergency } of this.#entries.toReversed()) {
      try {
        emergency?.();
      } catch (error) {
        this.#trouble(name, error);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#unwinding ??= this.#unwind();
    return this.#unwinding;
  }

  /** An entry stays while it is being healed: an emergency in the middle of a slow heal still finds it. */
  async #unwind(): Promise<void> {
    for (let entry = this.#entries.at(-1); entry; entry = this.#entries.at(-1)) {
      try {
        await entry.heal();
      } catch (error) {
        this.#trouble(entry.name, error);
      }
      this.#remove(entry);
    }
    this.#unwound = true;
  }

  #remove(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.splice(index, 1);
  }
}
