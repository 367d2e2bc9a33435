import type { Answer, SendCall } from '../port.js';
import { CallingOff } from '../shared/calling-off.js';
import type { Answered } from './line.js';
import type { Emission } from './options.js';

/** Hands a message to the library. */
export type Emit = (emission: Emission, answered?: Answered) => void;

/** What the answer to a message says. */
export type Read = (answer: readonly unknown[]) => Answer;

/** A message that the library has. */
interface Held {
  readonly emission: Emission;
  /** Tells that its bytes are handed over: each time. */
  readonly written: () => void;
  /** Calls it off. */
  readonly signal: AbortSignal;
  readonly resolve: (answer: Answer) => void;
  hasLeft: boolean;
  isSettled: boolean;
}

export interface OutboxOptions {
  readonly emit: Emit;
  /** Absent: the server answers no message. */
  readonly read?: Read;
  /** The library sends again what is not answered: a lost connection ends nothing. */
  readonly retries: boolean;
}

/**
 * The messages that the library was handed. It keeps what is sent without a connection, and sends it when there is one: so
 * what has left is seen from its `onAnyOutgoing`, never from `emit`.
 */
export class Outbox {
  /** In the order in which they were handed over. See `CallingOff` for why this is a list. */
  readonly #held: Held[] = [];
  #calls: CallingOff | null = null;
  #emitting: Held | null = null;

  constructor(private readonly options: OutboxOptions) {}

  send(emission: Emission, { signal, written }: SendCall): Promise<Answer> {
    return new Promise((resolve) => {
      this.#calls ??= new CallingOff((aborted) => this.#callOff(aborted));
      this.#calls.begin(signal);
      this.#emit({ emission, written, signal, resolve, hasLeft: false, isSettled: false });
    });
  }

  /** A packet leaves. Parameters are the very values that were handed over; of two messages that are alike, the first. */
  leaves(packet: readonly unknown[]): void {
    const held = this.#emitting && isOf(this.#emitting, packet) ? this.#emitting : this.#find(packet);
    if (!held) return;
    held.hasLeft = true;
    held.written();
    if (!this.options.read) this.#settle(held, { answer: 'unsure', reason: 'the server answers no message' });
    this.#forgetWhenOver(held);
  }

  /** The connection was lost: no answer will come to what had left on it. */
  lost(reason: string): void {
    if (this.options.retries) return;
    for (const held of this.#held.filter(({ hasLeft }) => hasLeft))
      this.#settle(held, { answer: 'unsure', reason });
  }

  /** Nothing will be sent or answered any more. */
  close(): void {
    for (const held of this.#held.splice(0)) {
      this.#settle(
        held,
        held.hasLeft
          ? { answer: 'unsure', reason: 'the session left' }
          : { answer: 'unoffered', reason: 'the session left, and the library had not sent it yet' },
      );
    }
    this.#calls?.stop();
  }

  #callOff(aborted: AbortSignal): void {
    for (const held of this.#held.filter(({ signal }) => signal === aborted))
      this.#settle(held, { answer: 'unsure', reason: 'no answer came in time' });
  }

  /** Again, of what was settled already, it changes nothing. */
  #settle(held: Held, answer: Answer): void {
    if (!held.isSettled) this.#calls?.end(held.signal);
    held.isSettled = true;
    this.#forgetWhenOver(held);
    held.resolve(answer);
  }

  #emit(held: Held): void {
    const { emit, read } = this.options;
    this.#held.push(held);
    this.#emitting = held;
    try {
      if (read) emit(held.emission, (error, answer) => this.#answered(held, () => read(answer), error));
      else emit(held.emission);
    } finally {
      this.#emitting = null;
    }
  }

  /** What the library still holds may leave later (with retries: again), and is then to be told. */
  #forgetWhenOver(held: Held): void {
    if (held.hasLeft && held.isSettled && !this.options.retries) this.#forget(held);
  }

  #answered(held: Held, read: () => Answer, error: Error | null): void {
    // The library is done with it: nothing of it leaves any more.
    if (this.#forget(held)) this.#settle(held, error === null ? read() : abandoned(held, error));
  }

  #forget(held: Held): boolean {
    const at = this.#held.indexOf(held);
    if (at >= 0) this.#held.splice(at, 1);
    return at >= 0;
  }

  #find(packet: readonly unknown[]): Held | undefined {
    let alike: Held | undefined;
    for (const held of this.#held) {
      if (!isOf(held, packet)) continue;
      if (!held.hasLeft) return held;
      alike ??= held;
    }
    return alike;
  }
}

const isOf = ({ emission }: Held, packet: readonly unknown[]) =>
  emission.length === packet.length && emission.every((value, index) => Object.is(value, packet[index]));

function abandoned({ hasLeft }: Held, error: Error): Answer {
  const reason = `the library gave up: ${error.message}`;
  return { answer: hasLeft ? 'unsure' : 'unoffered', reason };
}
