import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { bearerOf } from '../http/application.js';
import { Refusal, unauthorized, unavailable } from '../http/refusal.js';
import type { Logger } from '../logger.js';
import type { Admission, Identity } from '../tokens/access-token.js';
import { Connection, type ConnectionPorts } from './connection.js';
import { largestFrame } from './frames.js';
import type { Farewell } from './parts.js';
import type { Revocations } from './revocations.js';

export interface GateOptions extends ConnectionPorts {
  readonly boot: string;
  readonly revocations: Revocations;
  readonly farewell: Farewell;
  readonly logger: Logger;
}

const protocol = 'chat';
const tokenProtocol = /^bearer\.(.+)$/;

/** Lets WebSockets in, keeps them, and lets them go. */
export class Gate {
  readonly #options: GateOptions;
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #timers: readonly NodeJS.Timeout[];
  #closing = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: largestFrame,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
    });
    this.#sockets.on('headers', (headers) => headers.push(`x-instance: ${options.boot}`));
    this.#timers = [
      setInterval(() => this.#each((connection) => connection.tend(performance.now())), 500),
      setInterval(() => this.#each((connection) => connection.ping()), options.limits.pingMs),
    ];
  }

  get isClosing(): boolean {
    return this.#closing;
  }

  /** From now on newcomers are sent away, for a moment. */
  closeToNewcomers(): void {
    this.#closing = true;
  }

  /** Answers an upgrade request: 101, or why not. Never rejects. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const identity = await this.#identify(request);
      // The drain may have begun while we were asking.
      if (this.#closing) throw unavailable('This instance is leaving.');
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new Connection(webSocket, this.#options, identity);
        this.#connections.add(connection);
        webSocket.on('close', () => this.#connections.delete(connection));
      });
    } catch (error) {
      if (!(error instanceof Refusal)) this.#options.logger.error({ err: error }, 'an upgrade failed');
      refuse(socket, error instanceof Refusal ? error : unavailable('Try again.'), this.#options.boot);
    }
  }

  /** Closes the connections of sessions that are revoked: of those given, or of all that are here. */
  async closeRevoked(sessionIds: readonly string[] = this.#sessionIds()): Promise<void> {
    const here = new Set(this.#sessionIds());
    const asked = sessionIds.filter((id) => here.has(id));
    if (asked.length === 0) return;
    const revoked = await this.#options.revocations.among(asked);
    this.#each((connection) => {
      if (connection.sessionId !== undefined && revoked.has(connection.sessionId)) connection.revoked();
    });
  }

  /** Finishes what was begun, acknowledges it, and says goodbye to everyone. Resolves when all are gone. */
  async drain(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#connections].map((connection) => connection.finish()));
    const { code, reason } = this.#options.farewell;
    this.#each((connection) => connection.close(code, reason));
    // Bounded: who does not answer the goodbye is cut off.
    while (this.#connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #identify(request: IncomingMessage): Promise<Identity | undefined> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/ws') throw new Refusal(404, 'not_found', 'There is nothing here.');
    if (this.#closing) throw unavailable('This instance is leaving.');
    const token = tokenOf(request, url);
    return token === undefined ? undefined : identityOf(await this.#options.admit(token));
  }

  #sessionIds(): string[] {
    const ids = [...this.#connections].flatMap(({ sessionId }) =>
      sessionId === undefined ? [] : [sessionId],
    );
    return [...new Set(ids)];
  }

  #each(act: (connection: Connection) => void): void {
    for (const connection of this.#connections) act(connection);
  }
}

/** The token of a handshake; without one, the first frame has to bring it. */
function tokenOf(request: IncomingMessage, url: URL): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const inProtocol = offered
    .map((name) => tokenProtocol.exec(name)?.[1])
    .find((token) => token !== undefined);
  return inProtocol ?? bearerOf(request.headers.authorization) ?? url.searchParams.get('token') ?? undefined;
}

function identityOf(admission: Admission): Identity {
  if (admission.verdict === 'unsure') throw unavailable(admission.reason);
  if (admission.verdict === 'out') throw unauthorized('The access token is not valid.');
  return admission.identity;
}

const statusTexts: Partial<Record<Refusal['status'], string>> = {
  401: 'Unauthorized',
  404: 'Not Found',
  503: 'Service Unavailable',
};

function refuse(socket: Duplex, refusal: Refusal, boot: string): void {
  const body = JSON.stringify(refusal.body);
  const lines = [
    `HTTP/1.1 ${refusal.status} ${statusTexts[refusal.status] ?? 'Refused'}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-instance: ${boot}`,
    ...Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
