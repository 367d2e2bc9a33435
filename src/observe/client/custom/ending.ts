import { messageOf } from '../../../base/errors.js';
import type { ClientHandles, Tell } from './definition.js';
import { called, type Kit } from './kit.js';

/** How long `close` may take before it is left alone, in ms. */
const closeWithinMs = 5_000;

/** What may still be told of a connection that is closed: its end. */
const endings: ReadonlySet<keyof Tell> = new Set(['closed', 'refused']);

/** The end of what `connect` gave: once, whatever it does. */
export class Closing {
  #state: 'in-use' | 'closing' | 'gone' = 'in-use';
  #closing: Promise<void> | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly session: string,
  ) {}

  /** Is what is told now still of a connection in use? What is told when it is gone is told of the client. */
  hears(told: keyof Tell): boolean {
    if (this.#state === 'gone' && !endings.has(told)) {
      const did = `called \`tell.${told}\` afterwards, in session ${this.session}`;
      this.kit.breach({ rule: 'silent-afterwards', did });
    }
    return this.#state === 'in-use';
  }

  /** Never rejects. */
  close(handles: ClientHandles | null): Promise<void> {
    return (this.#closing ??= this.#close(handles));
  }

  async #close(handles: ClientHandles | null): Promise<void> {
    this.#state = 'closing';
    if (handles) await this.#end(handles);
    this.#state = 'gone';
  }

  async #end(handles: ClientHandles): Promise<void> {
    const breach = (did: string) => this.kit.breach({ rule: 'leaves-clean', did });
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        breach(`had not resolved \`close\` of session ${this.session} after ${closeWithinMs / 1_000} s`);
        resolve();
      }, closeWithinMs);
    });
    try {
      await Promise.race([called(this.kit, 'close', () => handles.close()), overdue]);
    } catch (error) {
      breach(`failed in \`close\` with ${messageOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
