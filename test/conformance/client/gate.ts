import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Link } from '../../../src/observe/network/link.js';
import type { RelayDoor } from '../../../src/observe/network/index.js';

/** Stands before a session's door in the relay and counts the connections that pass. What happens to one passes too. */
export class Gate implements AsyncDisposable {
  /** Connections that were ever made. */
  made = 0;
  readonly #links = new Set<Link>();
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor(private readonly door: RelayDoor) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#pass(socket));
  }

  static async before(door: RelayDoor): Promise<Gate> {
    const gate = new Gate(door);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#links.size;
  }

  /** Takes the session's network away, without a goodbye, until `restore`. */
  cut(): void {
    this.door.cut();
  }

  restore(): void {
    this.door.restore();
  }

  /** Resolves when none is open. */
  async empty(): Promise<void> {
    while (this.open > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) link.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(socket: Socket): void {
    this.made += 1;
    const link = new Link(socket, this.door, () => {
      this.#links.delete(link);
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
    this.#links.add(link);
  }
}
