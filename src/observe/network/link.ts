import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Random } from '../../base/random.js';
import type { Affliction, Fault, Stream } from './fault.js';
import { Lane } from './lane.js';

/** One connection through the relay: from a session, and on to the target. Each side meets what happens on the other. */
export class Link {
  readonly #inner: Socket;
  readonly #outer: Socket;
  /** There only once something was wrong with them: what is right needs no lane. */
  readonly #lanes = new Map<Stream, Lane>();
  /** What happens to one side is not passed on to the other any more. */
  #severed = false;

  /** `gone` is called once, when both sides are closed. */
  constructor(inner: Socket, to: { readonly host: string; readonly port: number }, gone: () => void) {
    this.#inner = inner;
    this.#outer = connect({ ...to, allowHalfOpen: true, noDelay: true });
    let open = 2;
    const closed = () => {
      if (--open > 0) return;
      for (const lane of this.#lanes.values()) lane.destroy();
      gone();
    };
    this.#pass('upstream', closed);
    this.#pass('downstream', closed);
  }

  /** Both sides, without a goodbye. */
  reset(): void {
    reset(this.#inner);
    reset(this.#outer);
  }

  /** Does to this connection what is wrong with the network. Lifting it ends what cannot go on as if nothing had been. */
  afflict(fault: Fault, random: Random): Affliction {
    const state = { met: 0, timer: undefined as NodeJS.Timeout | undefined };
    const met = () => (state.met = 1);
    const after = (ms: number, act: () => void) => {
      met();
      if (ms > 0) state.timer = setTimeout(act, ms);
      else act();
    };
    const end = () => this.#close();
    const finish = () => this.#ends(fault.stream).to.once('finish', end);
    if (fault.type === 'reset_peer') after(fault.attributes.timeout, () => this.reset());
    else if (fault.type === 'down') after(0, end);
    else if (fault.type === 'half_open') after(0, () => this.#sever());
    else this.#lane(fault.stream).treat({ fault, random, met, end: finish });
    if (fault.type === 'timeout' && fault.attributes.timeout > 0) after(fault.attributes.timeout, end);
    return {
      met: () => state.met,
      lift: () => {
        clearTimeout(state.timer);
        this.#lift(fault, state.met > 0);
      },
    };
  }

  #lift({ type, stream }: Fault, isMet: boolean): void {
    // Bytes are missing in the middle: whoever went on would read nonsense.
    if (type === 'timeout' && isMet) this.#close();
    // The network is back, and the target knows nothing of this connection any more.
    if (type === 'half_open') reset(this.#inner);
    this.#lanes.get(stream)?.treat(null);
  }

  #close(): void {
    this.#inner.destroy();
    this.#outer.destroy();
  }

  /** The target's side is gone, and the session hears nothing of it, nor anything else. */
  #sever(): void {
    this.#severed = true;
    this.#outer.unpipe();
    this.#inner.unpipe();
    this.#inner.resume();
    reset(this.#outer);
  }

  #ends(stream: Stream): { readonly from: Socket; readonly to: Socket } {
    return stream === 'upstream'
      ? { from: this.#inner, to: this.#outer }
      : { from: this.#outer, to: this.#inner };
  }

  /** What comes from one side goes to the other: bytes at the other's pace, its end as an end, its failure as a failure. */
  #pass(stream: Stream, closed: () => void): void {
    const { from, to } = this.#ends(stream);
    from.pipe(to);
    // What went wrong shows in how it closes.
    from.on('error', () => undefined);
    from.on('close', () => {
      const isWhole = from.readableEnded && from.writableFinished;
      if (!isWhole && !this.#severed) this.#linger(stream, () => reset(to));
      closed();
    });
  }

  #linger(stream: Stream, act: () => void): void {
    const ms = this.#lanes.get(stream)?.lingerMs ?? 0;
    if (ms > 0) setTimeout(act, ms);
    else act();
  }

  #lane(stream: Stream): Lane {
    const known = this.#lanes.get(stream);
    if (known) return known;
    const lane = new Lane();
    this.#lanes.set(stream, lane);
    const { from, to } = this.#ends(stream);
    if (from.readableEnded) return lane;
    from.unpipe(to);
    from.pipe(lane).pipe(to);
    return lane;
  }
}

function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // One that still connects is reset as soon as it is connected, which may be never: that is no reason to stay alive.
  if (socket.connecting) socket.unref();
  socket.resetAndDestroy();
}
