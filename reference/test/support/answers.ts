import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { until } from './processes.js';
import type { Login, Stage } from './service.js';

export interface StoredAnswer {
  readonly id: string;
  readonly state: string;
  readonly text: string;
  readonly parts: number;
}

/** A reader of an answer that keeps everything it hears, and stops when its connection is lost. */
export class Reading {
  readonly frames: EventSourceMessage[] = [];
  readonly closed: Promise<void>;
  /** The response broke off; it was not ended. */
  isCut = false;
  readonly #stop: AbortController;

  private constructor(response: Response, stop: AbortController) {
    this.#stop = stop;
    this.closed = this.#read(response).catch(() => {
      this.isCut = true;
    });
  }

  static async open(url: string, token: string, cursor?: string): Promise<Reading> {
    const stop = new AbortController();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
    };
    const response = await fetch(url, { headers, signal: stop.signal });
    if (response.status !== 200) throw new Error(`refused with ${response.status}`);
    return new Reading(response, stop);
  }

  /** The id of the last frame that had one. */
  get cursor(): string | undefined {
    return this.frames.findLast(({ id }) => id !== undefined)?.id;
  }

  get parts(): string[] {
    return this.frames
      .filter(({ event }) => event === 'part')
      .map(({ data }) => (JSON.parse(data) as Part).text);
  }

  get text(): string {
    return this.parts.join('');
  }

  /** What the end says of the answer; undefined: it has not ended. */
  get end(): string | undefined {
    const end = this.frames.find(({ event }) => event === 'end');
    return end && (JSON.parse(end.data) as { state: string }).state;
  }

  async heard(parts: number): Promise<this> {
    await until(() => this.parts.length >= parts);
    return this;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.closed;
  }

  async #read(response: Response): Promise<void> {
    const parser = createParser({ onEvent: (frame) => this.frames.push(frame) });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? [])
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  }
}

interface Part {
  readonly text: string;
}

/** The answers of one user, on one backend. */
export class Answers {
  constructor(
    private readonly stage: Stage,
    readonly login: Login,
    readonly url = stage.url,
  ) {}

  async ask(question: string, key?: string): Promise<string> {
    const { status, body } = await this.post('/answers', { question, ...(key === undefined ? {} : { key }) });
    if (status !== 201) throw new Error(`asking: ${status} ${JSON.stringify(body)}`);
    return (body as { id: string }).id;
  }

  read(id: string, cursor?: string): Promise<Reading> {
    return Reading.open(`${this.url}/answers/${id}/stream`, this.login.access_token, cursor);
  }

  async stored(id: string): Promise<StoredAnswer> {
    return (await this.stage.get(`${this.url}/answers/${id}`, this.login.access_token)).body as StoredAnswer;
  }

  cancel(id: string) {
    return this.post(`/answers/${id}/cancel`, {});
  }

  post(path: string, body: object) {
    return this.stage.post(`${this.url}${path}`, body, this.login.access_token);
  }
}
