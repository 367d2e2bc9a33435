import { Transform, type TransformCallback } from 'node:stream';
import type { Random } from '../../base/random.js';
import type { Fault } from './fault.js';

/** Bytes that wait for their time; more are not read. */
const mostWaiting = 4 * 1024 * 1024;
/** A limited rate is kept in steps of so many ms. */
const stepMs = 50;

/** How a lane treats what passes. */
export interface Treatment {
  readonly fault: Fault;
  readonly random: Random;
  /** Something was kept back, cut up or thrown away. */
  met(): void;
  /** The connection has to end, once what was let through has gone. */
  end(): void;
}

interface Waiting {
  readonly chunk: Buffer;
  readonly at: number;
}

/** One direction of one connection: passes everything on as it is, until it is told to treat it otherwise. */
export class Lane extends Transform {
  #treatment: Treatment | null = null;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #passed = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  /** Called when what waited has gone. */
  #drained: (() => void) | null = null;

  treat(treatment: Treatment | null): void {
    this.#treatment = treatment;
    this.#passed = 0;
    if (treatment === null) this.#release(Infinity);
  }

  /** How long its end is kept back, in ms. */
  get lingerMs(): number {
    const fault = this.#treatment?.fault;
    return fault?.type === 'slow_close' ? fault.attributes.delay : 0;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const treatment = this.#treatment;
    // Bytes never overtake those that still wait.
    if (treatment === null && this.#waiting.length === 0) done(null, chunk);
    else if (treatment === null) this.#later([{ chunk, at: 0 }], done);
    else this.#treat(chunk, treatment, done);
  }

  override _flush(done: TransformCallback): void {
    const linger = this.lingerMs;
    if (linger > 0) this.#treatment?.met();
    const end = () => (linger > 0 ? void setTimeout(done, linger) : done());
    if (this.#waiting.length === 0) end();
    else this.#drained = end;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }

  #treat(chunk: Buffer, treatment: Treatment, done: TransformCallback): void {
    const { fault } = treatment;
    switch (fault.type) {
      case 'latency':
        return this.#delay(chunk, fault.attributes, treatment, done);
      case 'bandwidth':
        return this.#throttle(chunk, fault.attributes.rate, treatment, done);
      case 'slicer':
        return this.#slice(chunk, fault.attributes, treatment, done);
      case 'limit_data':
        return this.#limit(chunk, fault.attributes.bytes, treatment, done);
      case 'timeout':
      case 'half_open':
        treatment.met();
        return done();
      default:
        return this.#later([{ chunk, at: 0 }], done);
    }
  }

  #delay(
    chunk: Buffer,
    { latency, jitter = 0 }: { readonly latency: number; readonly jitter?: number },
    { random, met }: Treatment,
    done: TransformCallback,
  ): void {
    met();
    const ms = Math.max(0, latency + jitter * (2 * random() - 1));
    this.#later([{ chunk, at: performance.now() + ms }], done);
  }

  #throttle(chunk: Buffer, rate: number, { met }: Treatment, done: TransformCallback): void {
    met();
    // Kilobytes of 1,000 bytes, as Toxiproxy counts them.
    const size = Math.max(1, Math.round(rate * stepMs));
    let at = Math.max(performance.now(), this.#waiting.at(-1)?.at ?? 0);
    const pieces = piecesOf(chunk, () => size).map((piece) => {
      at += (piece.length / size) * stepMs;
      return { chunk: piece, at };
    });
    this.#later(pieces, done);
  }

  #slice(
    chunk: Buffer,
    about: { readonly average_size: number; readonly size_variation?: number; readonly delay?: number },
    { random, met }: Treatment,
    done: TransformCallback,
  ): void {
    const { average_size: size, size_variation: variation = 0, delay = 0 } = about;
    const pieces = piecesOf(chunk, () => Math.max(1, Math.round(size + variation * (2 * random() - 1))));
    if (pieces.length > 1) met();
    let at = Math.max(performance.now(), this.#waiting.at(-1)?.at ?? 0);
    this.#later(
      pieces.map((piece, index) => ({ chunk: piece, at: (at += index === 0 ? 0 : delay / 1_000) })),
      done,
    );
  }

  #limit(chunk: Buffer, bytes: number, { met, end }: Treatment, done: TransformCallback): void {
    const rest = Math.max(0, bytes - this.#passed);
    this.#passed += chunk.length;
    if (chunk.length <= rest && !this.#isOver) return done(null, chunk);
    if (!this.#isOver) {
      met();
      if (rest > 0) this.push(chunk.subarray(0, rest));
      this.#isOver = true;
      this.push(null);
      end();
    }
    done();
  }

  /** In the order in which they came: one that is due is still behind one that is not. */
  #later(pieces: readonly Waiting[], done: TransformCallback): void {
    this.#waiting.push(...pieces);
    this.#bytes += pieces.reduce((sum, { chunk }) => sum + chunk.length, 0);
    this.#release(performance.now());
    if (this.#bytes <= mostWaiting) done();
    else this.#drained = done;
  }

  #release(until: number): void {
    clearTimeout(this.#timer);
    for (let next = this.#waiting[0]; next && next.at <= until; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#bytes -= next.chunk.length;
      this.push(next.chunk);
    }
    const [next] = this.#waiting;
    if (next) {
      this.#timer = setTimeout(
        () => this.#release(performance.now()),
        Math.max(0, next.at - performance.now()),
      );
      return;
    }
    const drained = this.#drained;
    this.#drained = null;
    drained?.();
  }
}

function piecesOf(chunk: Buffer, sizeOfNext: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < chunk.length;) {
    const to = Math.min(chunk.length, from + sizeOfNext());
    pieces.push(chunk.subarray(from, to));
    from = to;
  }
  return pieces;
}
