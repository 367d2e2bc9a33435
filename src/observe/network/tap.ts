import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How much of what the target says is kept, in bytes. */
const keptBytes = 8 * 1024 * 1024;

/** Stands before the target on the way of one session: counts its connections, and hears what the target says there. */
export class Tap implements AsyncDisposable {
  /** Connections that were ever made, and that have ended. */
  made = 0;
  ended = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #said: Buffer[] = [];
  #bytes = 0;

  private constructor(private readonly to: { readonly host: string; readonly port: number }) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#pass(socket));
  }

  static async before(host: string, port: number): Promise<Tap> {
    const tap = new Tap({ host, port });
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get open(): number {
    return this.made - this.ended;
  }

  /** How often the target said it, as far as it can be read. */
  heard(word: string): number {
    return Buffer.concat(this.#said).toString('latin1').split(word).length - 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(inner: Socket): void {
    this.made += 1;
    const outer = connect({ ...this.to, allowHalfOpen: true, noDelay: true });
    outer.on('data', (chunk) => this.#hear(chunk));
    let open = 2;
    const closed = () => {
      if (--open === 0) this.ended += 1;
    };
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      // What went wrong shows in how it closes.
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!from.readableEnded || !from.writableFinished) reset(to);
        closed();
      });
    }
  }

  #hear(chunk: Buffer): void {
    if (this.#bytes > keptBytes) return;
    this.#bytes += chunk.length;
    this.#said.push(chunk);
  }
}

function reset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.unref();
  socket.resetAndDestroy();
}
