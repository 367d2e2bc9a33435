import type { Event, EventOf, MessageId } from '../../history/events.js';

interface Standing {
  ready: boolean;
  /** When it was last ready anew, and when something last went through, in ms of the history; -1: never. */
  readyAt: number;
  ackAt: number;
  /** When it last received anything. */
  heardAt: number;
  /** When the latest of its acknowledged messages was sent. */
  servedAt: number;
  /** Why its last attempt to get in failed. */
  refusal: string | undefined;
  /** How often in a row the target has definitely refused its tokens. */
  tokensRefused: number;
  /** Since when, in ms of the history. */
  refusedSince: number;
}

interface Wait {
  readonly holds: () => boolean;
  readonly resolve: (held: boolean) => void;
}

/**
 * What the conductor must know to go on: a fold over the same events that are written. Nothing here judges.
 */
export class Board {
  readonly #sessions = new Map<string, Standing>();
  readonly #receipts = new Map<MessageId, Set<string>>();
  readonly #acknowledged = new Set<MessageId>();
  readonly #sentAt = new Map<MessageId, number>();
  readonly #waits = new Set<Wait>();
  #receivedAt = 0;
  #struck = false;
  #steps = 0;
  #seenAt = 0;

  see(event: Event): void {
    this.#seenAt = event.t;
    if ('session' in event) this.#seeSession(event);
    else if (event.kind === 'disruption') this.#seeStep(event);
    for (const wait of this.#waits) {
      if (wait.holds()) this.#finish(wait, true);
    }
  }

  standing(session: string): Readonly<Standing> {
    return this.#of(session);
  }

  /** Who received it is remembered from now on. */
  follow(message: MessageId): void {
    this.#receipts.set(message, new Set());
  }

  /** Was this message, which is followed, acknowledged? */
  acknowledged(message: MessageId): boolean {
    return this.#acknowledged.has(message);
  }

  /** The time of the last event. */
  get seenAt(): number {
    return this.#seenAt;
  }

  /** Has anything been done to the target? */
  get struck(): boolean {
    return this.#struck;
  }

  /** How many steps of disruptions there have been. */
  get steps(): number {
    return this.#steps;
  }

  /** When anyone last received anything. */
  get receivedAt(): number {
    return this.#receivedAt;
  }

  received(message: MessageId, session: string): boolean {
    return this.#receipts.get(message)?.has(session) ?? false;
  }

  /** Resolves true as soon as the condition holds, false after `ms`. Rejects when the signal aborts. */
  until(holds: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const wait: Wait = {
        holds,
        resolve: (held) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          resolve(held);
        },
      };
      const timer = setTimeout(() => this.#finish(wait, holds()), ms);
      const abort = () => {
        this.#waits.delete(wait);
        clearTimeout(timer);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waits.add(wait);
    });
  }

  #finish(wait: Wait, held: boolean): void {
    this.#waits.delete(wait);
    wait.resolve(held);
  }

  #seeStep({ step }: EventOf<'disruption'>): void {
    this.#steps += 1;
    if (step !== 'begin') this.#struck = true;
  }

  #seeSession(event: Extract<Event, { session: string }>): void {
    const standing = this.#of(event.session);
    this.#seeMessage(event, standing);
    switch (event.kind) {
      case 'ready':
        Object.assign(standing, { ready: true, readyAt: event.t, tokensRefused: 0 });
        break;
      case 'close':
        standing.ready = false;
        break;
      case 'refused':
        standing.refusal = [event.at, event.status, event.reason]
          .filter((part) => part !== undefined)
          .join(' ');
        standing.tokensRefused = isOfTokens(event) ? standing.tokensRefused + 1 : 0;
        if (standing.tokensRefused === 1) standing.refusedSince = event.t;
    }
  }

  #seeMessage(event: Extract<Event, { session: string }>, standing: Standing): void {
    switch (event.kind) {
      case 'send':
        this.#sentAt.set(event.message, event.t);
        break;
      case 'unoffered':
      case 'nack':
        this.#sentAt.delete(event.message);
        break;
      case 'ack':
        this.#seeAck(event, standing);
        break;
      case 'receive':
        this.#receivedAt = standing.heardAt = event.t;
        if (event.message !== null) this.#receipts.get(event.message)?.add(event.session);
    }
  }

  #seeAck({ t, message }: EventOf<'ack'>, standing: Standing): void {
    standing.ackAt = t;
    standing.servedAt = Math.max(standing.servedAt, this.#sentAt.get(message) ?? -1);
    this.#sentAt.delete(message);
    if (this.#receipts.has(message)) this.#acknowledged.add(message);
  }

  #of(session: string): Standing {
    const known = this.#sessions.get(session);
    if (known) return known;
    const standing: Standing = {
      ready: false,
      readyAt: -1,
      ackAt: -1,
      heardAt: -1,
      servedAt: -1,
      refusal: undefined,
      tokensRefused: 0,
      refusedSince: Infinity,
    };
    this.#sessions.set(session, standing);
    return standing;
  }
}

/** A definite refusal of the token, by the status of HTTP or the close code that is its equivalent. */
const isOfTokens = ({ status = 0 }: EventOf<'refused'>) => [401, 403, 4401, 4403].includes(status);
