import { attempted, MappingFailure } from '../shared/mapping.js';
import { forTheWire } from './encoding.js';
import type { Sendable, WebSocketOptions } from './options.js';

/** What keeps a connection alive in frames of the protocol itself, ours and the answers to the service's. */
export class Pings {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: Pick<WebSocketOptions, 'ping' | 'pong' | 'encoding'>,
    private readonly send: (data: Sendable) => void,
    private readonly blame: (failure: MappingFailure) => void,
  ) {}

  start(): void {
    const { ping, encoding } = this.options;
    if (!ping) return;
    const beat = () => this.#try(() => forTheWire(encoding, 'ping.frame', ping.frame));
    this.#timer = setInterval(beat, ping.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Answers a frame that is a ping. */
  answer(frame: unknown): void {
    const { pong, encoding } = this.options;
    if (!pong) return;
    this.#try(() => {
      const answer = attempted('pong', () => pong(frame), frame) ?? null;
      return answer === null ? null : forTheWire(encoding, 'pong', () => answer, frame);
    });
  }

  #try(make: () => Sendable | null): void {
    try {
      const data = make();
      if (data !== null) this.send(data);
    } catch (error) {
      if (!(error instanceof MappingFailure)) throw error;
      this.blame(error);
    }
  }
}
