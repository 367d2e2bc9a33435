import { createRelay, type RelayDoor, Tap } from '../../network/index.js';
import type { Target } from '../../target/port.js';
import { placeOf, portOf } from '../gates.js';
import type { Stage } from '../stage.js';

/** The way of one session to each address that its client dials: it can be cut, and is listened to. */
export class Way {
  constructor(private readonly parts: ReadonlyMap<string, { readonly door: RelayDoor; readonly tap: Tap }>) {}

  cut(): void {
    for (const { door } of this.parts.values()) door.cut();
  }

  restore(): void {
    for (const { door } of this.parts.values()) door.restore();
  }

  get made(): number {
    return this.#sum((tap) => tap.made);
  }

  get ended(): number {
    return this.#sum((tap) => tap.ended);
  }

  get open(): number {
    return this.#sum((tap) => tap.open);
  }

  heard(word: string): number {
    return this.#sum((tap) => tap.heard(word));
  }

  through(address: URL): URL {
    const part = this.parts.get(placeOf(address));
    if (!part) return address;
    const url = new URL(address);
    url.hostname = part.door.host;
    url.port = String(part.door.port);
    return url;
  }

  #sum(of: (tap: Tap) => number): number {
    return [...this.parts.values()].reduce((sum, { tap }) => sum + of(tap), 0);
  }
}

/** A way for each of these sessions; they are closed with the scope. */
export async function openWays(
  { scope, setup }: Stage,
  sessions: readonly string[],
  target: Target,
): Promise<ReadonlyMap<string, Way>> {
  const relay = createRelay();
  scope.undo('close the relay', async () => relay[Symbol.asyncDispose]());
  const urls = setup.client.dials.map((address) => new URL(target.resolve(address)));
  const ways = sessions.map(async (session) => {
    const parts = urls.map(async (url) => {
      const tap = await Tap.before(url.hostname.replace(/^\[(.*)\]$/, '$1'), portOf(url));
      scope.undo('close a tap', async () => tap[Symbol.asyncDispose]());
      return [placeOf(url), { tap, door: await relay.door(session, '127.0.0.1', tap.port) }] as const;
    });
    return [session, new Way(new Map(await Promise.all(parts)))] as const;
  });
  return new Map(await Promise.all(ways));
}
