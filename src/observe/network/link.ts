import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** One connection through the relay: from a session, and on to the target. Each side meets what happens on the other. */
export class Link {
  readonly #inner: Socket;
  readonly #outer: Socket;

  /** `gone` is called once, when both sides are closed. */
  constructor(inner: Socket, to: { readonly host: string; readonly port: number }, gone: () => void) {
    this.#inner = inner;
    this.#outer = connect({ ...to, allowHalfOpen: true, noDelay: true });
    let open = 2;
    const closed = () => {
      if (--open === 0) gone();
    };
    pass(this.#inner, this.#outer, closed);
    pass(this.#outer, this.#inner, closed);
  }

  /** Both sides, without a goodbye. */
  reset(): void {
    reset(this.#inner);
    reset(this.#outer);
  }
}

/** What comes from one side goes to the other: bytes at the other's pace, its end as an end, its failure as a failure. */
function pass(from: Socket, to: Socket, closed: () => void): void {
  from.pipe(to);
  // What went wrong shows in how it closes.
  from.on('error', () => undefined);
  from.on('close', () => {
    if (!from.readableEnded || !from.writableFinished) reset(to);
    closed();
  });
}

function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // One that still connects is reset as soon as it is connected, which may be never: that is no reason to stay alive.
  if (socket.connecting) socket.unref();
  socket.resetAndDestroy();
}
