import { EventEmitter } from 'node:events';
import WebSocket from 'ws';
import type { ClientDefinition, ClientSession, Reply } from '../../../../src/observe/client/index.js';
import type { Frame } from '../chat-server.js';

/** A library as users have it: it reconnects (or not), emits what happens, and knows nothing of Outlast. */
export class Parrot extends EventEmitter {
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    private readonly options: {
      readonly url: string;
      readonly token: () => Promise<string>;
      readonly reconnect: boolean;
    },
  ) {
    super();
    void this.#dial();
  }

  say(frame: Frame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.close(1000);
    await gone;
  }

  async #dial(): Promise<void> {
    const token = await this.options.token().catch(() => null);
    if (this.#ended) return;
    if (token === null) return this.#again();
    const socket = new WebSocket(`${this.options.url}?token=${token}`);
    this.#socket = socket;
    let status = 0;
    socket.on('unexpected-response', (request, response) => {
      status = response.statusCode ?? 0;
      this.emit('refused', status);
      request.destroy();
      this.#again();
    });
    socket.on('open', () => this.emit('open'));
    socket.on('message', (data) => this.#heard(String(data)));
    socket.on('error', (error) => this.emit('trouble', error));
    socket.on('close', (code, reason) => {
      if (status !== 0) return;
      this.emit('close', code, reason.toString());
      this.#again();
    });
  }

  #heard(text: string): void {
    try {
      const frame: unknown = JSON.parse(text);
      if (typeof frame === 'object' && frame !== null) this.emit('frame', frame);
    } catch {
      // Not of this protocol.
    }
  }

  #again(): void {
    if (this.options.reconnect && !this.#ended) this.#timer = setTimeout(() => void this.#dial(), 10);
  }
}

/** The parrot as a client: what an author would write. */
export function parrot(
  port: number,
  reconnects: ClientDefinition['reconnects'],
  changes: Partial<ClientDefinition> = {},
): ClientDefinition {
  return {
    name: 'parrot',
    url: `ws://127.0.0.1:${port}/ws`,
    reconnects,
    lacks: { instance: 'the parrot shows none' },
    connect: (session) => connect(session, reconnects === 'itself'),
    ...changes,
  };
}

export function connect({ url, token, rooms, after, tell }: ClientSession, reconnect: boolean) {
  const library = new Parrot({ url, token, reconnect });
  const answers = new Map<string, (reply: Reply) => void>();
  const waiting = new Set<string>();
  library.on('open', () => {
    tell.opened();
    for (const room of rooms) {
      const cursor = after(room);
      tell.joining(room, { after: cursor });
      waiting.add(room);
      library.say({ type: 'join', thread_id: room, ...(cursor === null ? {} : { after: Number(cursor) }) });
    }
  });
  library.on('frame', (frame: Frame & { head?: number; number?: number; from?: string }) => {
    const { type, id = '', thread_id: room = '', message: text = '', head, number = 0, from = '' } = frame;
    if (type === 'ack') answers.get(id)?.({ answer: 'ack', position: number });
    if (type === 'chat_message') tell.received({ room, text, id, from, position: number });
    if (type !== 'joined') return;
    tell.joined(room, head === undefined ? {} : { head });
    waiting.delete(room);
    if (waiting.size === 0) tell.ready();
  });
  library.on('refused', (status: number) => tell.refused({ status }));
  library.on('trouble', (error: Error) => tell.refused({ reason: error.message }));
  library.on('close', (code: number, reason: string) => tell.closed({ code, reason }));
  return {
    send: ({ id, room, text }: { id: string; room: string; text: string }) =>
      new Promise<Reply>((resolve) => {
        answers.set(id, resolve);
        library.say({ type: 'chat_message', id, thread_id: room, message: text });
      }),
    close: () => library.end(),
  };
}
