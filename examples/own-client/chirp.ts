// A made-up SDK: it connects, comes back by itself, and says what happens. It knows nothing of Outlast.
import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';

interface Events {
  connected: [];
  entered: [channel: string, last: number];
  post: [post: { channel: string; number: number; from: string; body: string }];
  /** An attempt did not succeed; `status` is what the server answered, where it did. */
  failed: [reason: string, status?: number];
  disconnected: [code: number, reason: string];
}

export class Chirper extends EventEmitter<Events> {
  #socket?: WebSocket;
  #timer?: NodeJS.Timeout;
  #stopped = false;
  readonly #waiting = new Map<string, { noted: (number: number) => void; lost: (error: Error) => void }>();

  constructor(
    private readonly url: string,
    private readonly getToken: () => Promise<string>,
  ) {
    super();
  }

  async start(): Promise<void> {
    const token = await this.getToken();
    if (this.#stopped) return;
    const socket = new WebSocket(`${this.url}?access_token=${token}`);
    this.#socket = socket;
    let isOpen = false;
    socket.on('open', () => this.emit('connected')).once('open', () => (isOpen = true));
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
    socket.on('unexpected-response', (request, { statusCode }) => {
      this.emit('failed', 'the server refused', statusCode);
      request.destroy();
      this.#again();
    });
    socket.on('error', (error) => isOpen || this.emit('failed', error.message));
    socket.on('close', (code, reason) => {
      if (isOpen) this.emit('disconnected', code, reason.toString());
      for (const { lost } of this.#waiting.values()) lost(new Error('the connection was lost'));
      this.#waiting.clear();
      this.#again();
    });
  }

  enter(channel: string, since: number | null): void {
    this.#socket?.send(JSON.stringify({ op: 'enter', channel, since }));
  }

  /** Resolves to the number of the post when the server has noted it. */
  say(ref: string, channel: string, body: string): Promise<number> {
    return new Promise((noted, lost) => {
      this.#waiting.set(ref, { noted, lost });
      this.#socket?.send(JSON.stringify({ op: 'say', ref, channel, body }));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close();
    await closed;
  }

  #hear(frame: {
    op: string;
    ref: string;
    channel: string;
    number: number;
    last: number;
    from: string;
    body: string;
  }) {
    if (frame.op === 'entered') this.emit('entered', frame.channel, frame.last);
    if (frame.op === 'post') this.emit('post', frame);
    if (frame.op === 'noted') this.#waiting.get(frame.ref)?.noted(frame.number);
  }

  #again(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), 200);
  }
}
