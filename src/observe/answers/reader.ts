import { setTimeout as sleep } from 'node:timers/promises';
import { defaultBackoff, waitBefore } from '../../base/backoff.js';
import { messageOf } from '../../base/errors.js';
import { sketchOf } from '../../history/sketch.js';
import type { StreamSighting } from '../../history/streams.js';
import { type Arrival, type Asker, type AnswerService, StreamRefused } from './port.js';

export interface ReaderOptions {
  readonly service: AnswerService;
  readonly asker: Asker;
  /** Our name of the answer, and the target's. */
  readonly stream: string;
  readonly id: string;
  readonly digest: (text: string) => string;
  /** Takes secrets out of what is read. */
  readonly clean: (text: string) => string;
}

type Step = Omit<Extract<StreamSighting, { kind: 'stream' }>, 'kind' | 'stream'>;

/** A connection that was open for so long was good: what comes after it is a new loss. */
const lastingMs = 1_000;
const backoff = { ...defaultBackoff, maxMs: 1_000 };

/**
 * Reads one answer to its end, and comes back by itself with its cursor when the connection is lost. It tells what it sees,
 * repeats too, and decides nothing.
 */
export class AnswerReader {
  readonly #stop = new AbortController();
  readonly #over: Promise<void>;
  #attempt = 0;
  #setbacks = 0;
  #parts = 0;
  #text = '';
  #lastEventId: string | null = null;
  #position: string | null = null;
  #isSettled = false;
  #newsAt = performance.now();

  constructor(private readonly options: ReaderOptions) {
    this.#over = this.#run();
  }

  /** Parts that were read. */
  get parts(): number {
    return this.#parts;
  }

  /** The target said that the answer is over, or nobody waits for it any longer. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** For how long nothing was heard, in ms. */
  get silentMs(): number {
    return performance.now() - this.#newsAt;
  }

  /** Stops reading, and says so: nothing came for that long. */
  async giveUp(reason: string): Promise<void> {
    if (!this.#isSettled) this.#settle({ step: 'give-up', reason });
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#isSettled = true;
    this.#stop.abort();
    await this.#over;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!this.#isSettled) {
      const retryAfterMs = await this.#connect(signal).catch((error: unknown) => this.#failed(error));
      if (this.#isSettled) return;
      const wait = Math.max(
        retryAfterMs ?? 0,
        waitBefore(this.#setbacks++, backoff, this.options.asker.random),
      );
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection, to its end. */
  async #connect(signal: AbortSignal): Promise<number | undefined> {
    const { service, asker, id } = this.options;
    const credentials = await asker.credentials({ signal });
    const progress = { lastEventId: this.#lastEventId, position: this.#position, text: this.#text };
    const cursor = service.cursorAt(progress);
    this.#tell({ step: 'connect', attempt: ++this.#attempt, ...(cursor !== null && { cursor }) });
    try {
      const frames = await service.connect(id, progress, credentials.token, { signal });
      const openAt = performance.now();
      this.#tell({ step: 'open', attempt: this.#attempt });
      await this.#read(frames);
      if (performance.now() - openAt > lastingMs) this.#setbacks = 0;
      if (!this.#isSettled)
        this.#tell({ step: 'lost', attempt: this.#attempt, by: 'target', reason: 'the target closed it' });
      return undefined;
    } catch (error) {
      if (error instanceof StreamRefused && error.unauthorized) asker.rejected(credentials);
      throw error;
    }
  }

  async #read(frames: AsyncIterable<Arrival>): Promise<void> {
    for await (const arrival of frames) {
      this.#hear(arrival);
      if (this.#isSettled) return;
    }
  }

  #hear({ id, heard }: Arrival): void {
    this.#newsAt = performance.now();
    if (id !== undefined) this.#lastEventId = id === '' ? null : id;
    if (heard === null) this.#control(id);
    else if ('text' in heard) this.#part(heard.text, String(heard.position ?? id ?? ''));
    else if ('end' in heard) this.#settle({ step: 'end', attempt: this.#attempt });
    else this.#settle({ step: 'error', attempt: this.#attempt, reason: heard.failed });
  }

  #control(id: string | undefined): void {
    const { asker, stream } = this.options;
    if (id === undefined || id === '') return;
    asker.observe({ kind: 'control', stream, attempt: this.#attempt, position: id });
  }

  #part(text: string, position: string): void {
    const { asker, stream, clean } = this.options;
    const { units, sketch, broken } = sketchOf(clean(text));
    this.#text += text;
    if (position !== '') this.#position = position;
    asker.observe({
      kind: 'part',
      stream,
      attempt: this.#attempt,
      index: this.#parts++,
      units,
      sketch,
      ...(broken > 0 && { broken }),
      ...(position !== '' && { position }),
    });
  }

  #settle(step: Step): void {
    const text = this.options.clean(this.#text);
    this.#isSettled = true;
    this.#tell({ ...step, units: [...text].length, digest: this.options.digest(text) });
  }

  #failed(error: unknown): number | undefined {
    if (this.#isSettled) return undefined;
    const attempt = Math.max(1, this.#attempt);
    if (!(error instanceof StreamRefused)) {
      this.#tell({ step: 'lost', attempt, by: 'network', reason: reasonOf(error) });
      return undefined;
    }
    this.#tell({ step: 'refused', attempt, status: error.status });
    return error.retryAfterMs;
  }

  #tell(step: Step): void {
    const { asker, stream } = this.options;
    asker.observe({ kind: 'stream', stream, ...step });
  }
}

/** fetch hides the reason (ECONNREFUSED, a reset) in the cause. */
const reasonOf = (error: unknown): string =>
  messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
