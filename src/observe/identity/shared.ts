import { eitherOf } from '../../system/signals.js';

interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** One task for all who ask for it at the same time. It is aborted when the last of them has gone away. */
export class Shared<T> {
  #running: Running<T> | null = null;

  constructor(private readonly task: (signal: AbortSignal) => Promise<T>) {}

  /** The result of the task that is under way, or of one that is begun now. Rejects when `caller` aborts. */
  join(caller: AbortSignal): Promise<T> {
    caller.throwIfAborted();
    const signal = eitherOf([caller]);
    const running = (this.#running ??= this.#begin());
    running.waiting++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#leave(running, signal);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      const done = () => signal.removeEventListener('abort', leave);
      running.result.then(resolve, reject).finally(done);
    });
  }

  #begin(): Running<T> {
    const controller = new AbortController();
    const running = { result: this.task(controller.signal), controller, waiting: 0 };
    const forget = () => this.#forget(running);
    running.result.then(forget, forget);
    return running;
  }

  #leave(running: Running<T>, signal: AbortSignal): void {
    running.waiting--;
    if (running.waiting > 0) return;
    this.#forget(running);
    running.controller.abort(signal.reason);
  }

  #forget(running: Running<T>): void {
    if (this.#running === running) this.#running = null;
  }
}
