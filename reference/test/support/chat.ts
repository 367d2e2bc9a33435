import WebSocket from 'ws';
import { until } from './processes.js';

export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly thread_id?: string;
  readonly message?: string;
  readonly from?: string;
  readonly number?: number;
  readonly head?: number;
  readonly code?: string;
}

export interface Goodbye {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket that keeps everything it hears. */
export class Chat {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  readonly closed: Promise<Goodbye>;
  instance = '';

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('upgrade', (response) => (this.instance = String(response.headers['x-instance'])));
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** Connects, with the token as subprotocol unless told otherwise. Rejects with the status when it is refused. */
  static async open(url: string, token: string | null, options: WebSocket.ClientOptions = {}): Promise<Chat> {
    const protocols = token === null ? ['chat'] : ['chat', `bearer.${token}`];
    const socket = new WebSocket(url, protocols, options);
    const chat = new Chat(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(
          new Error(`refused with ${response.statusCode}, retry-after ${response.headers['retry-after']}`),
        );
      });
      socket.once('error', reject);
    });
    return chat;
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  async join(thread: string, after?: number): Promise<Frame> {
    const before = this.of('joined').length;
    this.say({ type: 'join', thread_id: thread, ...(after === undefined ? {} : { after }) });
    await until(() => this.of('joined').length > before);
    const joined = this.of('joined').at(-1);
    if (!joined) throw new Error('not joined');
    return joined;
  }

  send(thread: string, id: string, message: string): void {
    this.say({ type: 'chat_message', id, thread_id: thread, message });
  }

  /** Sends, and resolves with what came back for that id. */
  async ask(thread: string, id: string, message: string): Promise<Frame> {
    const from = this.frames.length;
    this.send(thread, id, message);
    const isAnswer = (frame: Frame) => frame.id === id && (frame.type === 'ack' || frame.type === 'error');
    await until(() => this.frames.slice(from).some(isAnswer));
    const answer = this.frames.slice(from).find(isAnswer);
    if (!answer) throw new Error('no answer');
    return answer;
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  numbers(): (number | undefined)[] {
    return this.of('chat_message').map(({ number }) => number);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
