import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { Server, type ServerOptions, type Socket } from 'socket.io';

type Answer = (...answer: unknown[]) => void;

/** What a test may make a server do otherwise. */
export interface Misbehaviour {
  readonly options?: Partial<ServerOptions>;
  /** Sees every HTTP request first; true when it answered it. */
  request?(request: IncomingMessage, response: ServerResponse): boolean;
  /** A middleware: an error refuses the connection. `nth` counts from 1. */
  refuse?(socket: Socket, nth: number): (Error & { data?: unknown }) | undefined;
  connected?(socket: Socket, nth: number): void;
  /** Sees each message first; true when it answered, or did not. */
  said?(socket: Socket, message: Said, answer: Answer): boolean;
}

export interface Said {
  readonly id: string;
  readonly room: string;
  readonly text: string;
}

/** A Socket.IO server with a chat in one process: rooms are joined with `join`, and its log can be kept over a restart. */
export class SocketIoChat implements AsyncDisposable {
  readonly io: Server;
  readonly log: (Said & { readonly number: number; readonly from: string })[];
  readonly taken: string[] = [];
  readonly handshakes: Record<string, unknown>[] = [];
  readonly requests: IncomingMessage[] = [];
  /** Still told when it is closed. */
  port = 0;
  readonly #http: HttpServer;
  readonly #tcp = new Set<TcpSocket>();
  #connections = 0;
  #attempts = 0;

  private constructor(
    private readonly misbehaviour: Misbehaviour,
    log: SocketIoChat['log'],
  ) {
    this.log = log;
    this.#http = createServer((_, response) => response.writeHead(404).end('nothing here'));
    this.#http.on('connection', (socket) => this.#tcp.add(socket));
    this.io = new Server(this.#http, { ...misbehaviour.options });
    this.#interceptRequests();
    this.io.use((socket, next) => {
      this.handshakes.push(socket.handshake.auth);
      next(misbehaviour.refuse?.(socket, ++this.#attempts));
    });
    this.io.on('connection', (socket) => this.#greet(socket));
  }

  static async start(
    misbehaviour: Misbehaviour = {},
    port = 0,
    log: SocketIoChat['log'] = [],
  ): Promise<SocketIoChat> {
    const server = new SocketIoChat(misbehaviour, log);
    server.#http.listen(port, '127.0.0.1');
    await once(server.#http, 'listening');
    server.port = (server.#http.address() as AddressInfo).port;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when so many messages were taken. */
  async hasTaken(count: number): Promise<void> {
    while (this.taken.length < count) await once(this.#http, 'taken');
  }

  /** Resolves at the next HTTP request: a client that polls has one that waits. */
  async nextRequest(): Promise<void> {
    await once(this.#http, 'request');
  }

  /** As a process that is killed: no goodbye, and nobody listens. */
  async kill(): Promise<void> {
    for (const socket of this.#tcp) socket.resetAndDestroy();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Goodbyes leave first; whoever does not answer them is hung up on.
    const hangUp = setTimeout(() => this.#tcp.forEach((socket) => socket.destroy()), 200);
    await this.io.close();
    clearTimeout(hangUp);
  }

  #interceptRequests(): void {
    const listeners = this.#http.listeners('request') as ((
      request: IncomingMessage,
      response: ServerResponse,
    ) => void)[];
    this.#http.removeAllListeners('request');
    this.#http.on('request', (request, response) => {
      this.requests.push(request);
      if (this.misbehaviour.request?.(request, response) === true) return;
      for (const listener of listeners) listener.call(this.#http, request, response);
    });
    this.#http.on('upgrade', (request) => this.requests.push(request));
  }

  #greet(socket: Socket): void {
    const nth = ++this.#connections;
    this.misbehaviour.connected?.(socket, nth);
    socket.on('join', (room: string, after: number | null, answer?: Answer) => {
      void socket.join(room);
      answer?.({ head: this.log.length });
      if (after === null) return;
      for (const one of this.log) if (one.room === room && one.number > after) this.#say(socket, one);
    });
    socket.on('say', (id: string, room: string, text: string, answer?: Answer) => {
      this.taken.push(id);
      this.#http.emit('taken');
      if (this.misbehaviour.said?.(socket, { id, room, text }, answer ?? (() => undefined)) === true) return;
      const known = this.log.find((one) => one.id === id);
      if (known) return answer?.({ number: known.number });
      const { user = '' } = socket.handshake.auth as { user?: string };
      const one = { id, room, text, number: this.log.length + 1, from: user };
      this.log.push(one);
      this.#say(this.io.to(room), one);
      answer?.({ number: one.number });
    });
  }

  #say(to: Pick<Socket, 'emit'>, { room, text, from, number }: SocketIoChat['log'][number]): void {
    to.emit('said', room, text, from, number);
  }
}
