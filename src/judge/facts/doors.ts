import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

/** What was tried at the doors with which token, and how sessions came by their tokens. */
export interface Doors {
  readonly knocks: readonly EventOf<'door'>[];
  readonly signIns: readonly EventOf<'sign-in'>[];
  /** By the token's label, when its revocation was confirmed. */
  readonly revokedAt: ReadonlyMap<string, number>;
  /** By the token's label, on the history's clock; absent where the token does not say. */
  readonly expiresAt: ReadonlyMap<string, number>;
}

export const doors: Projection<Doors> = {
  id: 'doors',
  kinds: ['door', 'sign-in', 'revoked'],
  start: () => new DoorsFold(),
};

class DoorsFold implements Accumulator<Doors> {
  readonly #knocks: EventOf<'door'>[] = [];
  readonly #signIns: EventOf<'sign-in'>[] = [];
  readonly #revokedAt = new Map<string, number>();
  readonly #expiresAt = new Map<string, number>();
  readonly view: Doors = {
    knocks: this.#knocks,
    signIns: this.#signIns,
    revokedAt: this.#revokedAt,
    expiresAt: this.#expiresAt,
  };

  see(event: Event): void {
    if (event.kind === 'door') this.#knocks.push(event);
    else if (event.kind === 'revoked') this.#revokedAt.set(event.token, event.t);
    else if (event.kind === 'sign-in') this.#signIn(event);
  }

  #signIn(event: EventOf<'sign-in'>): void {
    this.#signIns.push(event);
    if (!event.ok || event.token === undefined || event.expiresInMs === undefined) return;
    this.#expiresAt.set(event.token, event.t + event.expiresInMs);
  }
}

const definite: ReadonlySet<number | undefined> = new Set([401, 403, 4401]);

/** A definite no to the token itself. A dead port, a 5xx or a 1013 is none. Source: semantics, "Tokens". */
export const isDefinite = (status: number | undefined): boolean => definite.has(status);
