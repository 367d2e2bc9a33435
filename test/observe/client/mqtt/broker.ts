import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions, type AedesPublishPacket, type AuthenticateError } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';

export interface BrokerOptions extends Pick<
  AedesOptions,
  'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward' | 'preConnect'
> {
  readonly over?: 'tcp' | 'ws';
  /** 0 picks a free one. */
  readonly port?: number;
  /** Sees each socket before the broker does. */
  readonly accepted?: (socket: Socket) => void;
}

/** A real broker in this process (MQTT 3.1.1), which forgets everything when it is closed. */
export class Broker implements AsyncDisposable {
  /** What its clients published, in order; every attempt counts. */
  readonly published: AedesPublishPacket[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly aedes: Aedes,
    readonly port: number,
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const { over = 'tcp', port = 0, accepted, ...hooks } = options;
    const aedes = await Aedes.createBroker(hooks);
    const server =
      over === 'tcp' ? createServer((socket) => void aedes.handle(socket)) : overWebSocket(aedes);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined));
      accepted?.(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const bound = (server.address() as AddressInfo).port;
    const scheme = over === 'tcp' ? 'mqtt' : 'ws';
    const broker = new Broker(
      aedes,
      bound,
      `${scheme}://127.0.0.1:${bound}${over === 'ws' ? '/mqtt' : ''}`,
      server,
    );
    for (const socket of sockets) broker.#sockets.add(socket);
    server.on('connection', (socket: Socket) => broker.#sockets.add(socket));
    aedes.on('publish', (packet, client) => {
      if (client) broker.published.push(packet);
    });
    return broker;
  }

  /** Ends every connection and listens no longer. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
    if (!this.aedes.closed) await new Promise<void>((resolve) => this.aedes.close(() => resolve()));
  }
}

function overWebSocket(aedes: Aedes): Server {
  const http = createHttpServer();
  new WebSocketServer({ server: http }).on('connection', (socket, request) => {
    aedes.handle(createWebSocketStream(socket), request);
  });
  return http;
}

/** What a broker refuses a client with: 4 for its password, 5 for what it may do. */
export const refusal = (returnCode: 4 | 5): AuthenticateError =>
  Object.assign(new Error('refused'), { returnCode });
/** A server of bare TCP that does this to each socket. */
export async function bare(act: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    act(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
