import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, OutlastError } from '../../../base/errors.js';
import type { Seen } from '../../../history/events.js';
import { eitherOf } from '../../../system/signals.js';
import {
  type Answer,
  type Call,
  type Client,
  type Closed,
  DialFailed,
  type Observe,
  type Outgoing,
  type Seat,
  type SendCall,
} from '../port.js';
import { Retry, type Setback } from '../retry.js';
import { moveOn } from '../shared/cursors.js';
import { Veil } from '../shared/veil.js';
import { Attempt } from './attempt.js';
import { Entering } from './entering.js';
import { type Library, Line, type LineEvents } from './line.js';
import { type Kit, Mapping } from './mapping.js';
import { libraryReconnection, libraryTimeoutMs, type Refusal } from './options.js';
import { Outbox } from './outbox.js';

type Stage = 'away' | 'trying' | 'entering' | 'ready';

/** A connection that did not last so long is as good as none: our own back-off goes on where it was. */
const lastingMs = 1_000;

/**
 * One session over one socket of the library, which comes back by itself; what it does not come back after (the server
 * disconnected it, a middleware refused it), this client does, after waits of its own, so that what the target does next is
 * seen.
 */
export class SocketIoClient implements Client, LineEvents {
  readonly reconnects = true;
  readonly #mapping: Mapping;
  readonly #outbox: Outbox;
  readonly #retry: Retry;
  /** By room, and over all rooms, the last position that was read. */
  readonly #cursors = new Map<string, string>();
  readonly #overall = new Map<'', string>();
  #observe: Observe;
  /** Made at the first `connect`. */
  #line: Line | null = null;
  #stage: Stage = 'away';
  #attempts = 0;
  #attempt: Attempt | null = null;
  #entering: Entering | null = null;
  #readySince = 0;
  /** Aborted when the session stops trying. */
  #stop: AbortController | null = null;
  #waiting: { resolve(): void; reject(reason: unknown): void }[] = [];
  #disposal: Promise<void> | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly library: Library,
    private readonly seat: Seat,
    observe: Observe,
  ) {
    const { options, protocol } = kit;
    const { firstMs, maxMs } = options.backoff ?? libraryReconnection;
    this.#observe = observe;
    this.#mapping = new Mapping(kit, (text) => this.#veiled(text, 'frame'));
    this.#retry = new Retry({ firstMs, maxMs, factor: 2 }, seat.random);
    this.#outbox = new Outbox({
      emit: (emission, answered) => this.#line?.emit(emission, answered),
      ...(protocol.answers ? { read: (answer) => this.#mapping.answer(answer) } : {}),
      retries: protocol.retries,
    });
  }

  get connected(): boolean {
    return this.#stage === 'ready' && this.#disposal === null;
  }

  async connect(call: Call): Promise<void> {
    const signal = eitherOf([call.signal]);
    signal.throwIfAborted();
    if (this.#disposal)
      throw new OutlastError('INTERNAL', 'expected a client that is open, got a disposed one');
    if (this.connected) return;
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    if (!this.#stop) this.#begin(null);
    const abort = () => this.#giveUp(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    await done.finally(() => signal.removeEventListener('abort', abort));
    await this.#line?.settled({ signal });
  }

  send(message: Outgoing, call: SendCall): Promise<Answer> {
    if (this.#disposal || !this.#line) return unoffered('not connected');
    if (call.signal.aborted) return unoffered('called off before anything was sent');
    const emission = this.#mapping.send(message, this.seat.user);
    if (!emission) return unoffered('the function `send` failed');
    return this.#outbox.send(emission, { signal: call.signal, written: () => call.written(this.#attempts) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposal ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    if (this.#attempt?.isOpen) this.#tell({ kind: 'close', by: 'session', code: 1000 });
    this.#observe = () => undefined;
    this.#giveUp(new OutlastError('INTERNAL', 'the session left'));
    this.#outbox.close();
    await this.#line?.close();
  }

  // What the line tells.

  tries(): void {
    this.#attemptWith(this.seat.credentials({ signal: this.#signal }));
  }

  opened(): void {
    this.#stage = 'trying';
    this.#attempt?.opened(this.kit.options.dialTimeoutMs ?? libraryTimeoutMs, () => this.#abandon());
  }

  async auth(): Promise<object> {
    const attempt = this.#attempt;
    try {
      const { token } = (await attempt?.credentials) ?? { token: '' };
      const { user, rooms } = this.seat;
      const after = (this.kit.protocol.resumes ? this.#overall.get('') : undefined) ?? null;
      attempt?.asked(after);
      return this.#mapping.auth(token, { user, rooms, after });
    } catch (error) {
      if (attempt && attempt === this.#attempt && !this.#signal.aborted) this.#noToken(error);
      throw error;
    }
  }

  entered(recovered: boolean): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    this.#stage = 'entering';
    const entering = (this.#entering = new Entering({
      ...{ recovered, mapping: this.#mapping, cursors: this.#cursors, seat: this.seat },
      resumes: this.kit.protocol.resumes,
      confirms: this.kit.options.joined !== undefined,
      after: attempt.after,
      emit: (emission, answered) => this.#line?.emit(emission, answered),
      observe: (seen) => this.#tell(seen),
      done: () => this.#isIn(entering),
      failed: (error) => this.#refuse(this.#failureOf(error)),
    }));
    entering.begin();
  }

  failed(failure: DialFailed, comesBack: boolean): void {
    const attempt = this.#attempt;
    const setback = this.#tellRefused(failure);
    if (setback.unauthorized && attempt?.known) this.seat.rejected(attempt.known);
    if (!comesBack) this.#comeBack(setback);
  }

  lost(closed: Closed, comesBack: boolean): void {
    const wasReady = this.#stage === 'ready';
    const reason = this.#veiled(closed.reason ?? 'no reason given', 'close');
    if (!wasReady) this.#tell({ kind: 'refused', at: 'join', reason: `not yet in every room: ${reason}` });
    this.#outbox.lost(`the connection was lost: ${reason}`);
    this.#tell({ kind: 'close', ...told(closed), reason });
    if (wasReady && performance.now() - this.#readySince >= lastingMs) this.#retry.reset();
    this.#leaveAttempt();
    if (!comesBack) this.#comeBack({});
  }

  heard(event: string, parameters: readonly unknown[]): void {
    if (this.#disposal) return;
    for (const receipt of this.#mapping.receive(event, parameters)) {
      if (receipt.position !== undefined) {
        moveOn(this.#cursors, receipt.room, receipt.position);
        moveOn(this.#overall, '', receipt.position);
      }
      this.#tell(receipt);
    }
  }

  leaves(packet: readonly unknown[]): void {
    this.#outbox.leaves(packet);
  }

  isOfToken(refusal: Refusal): boolean {
    return this.kit.protocol.isOfToken(refusal);
  }

  // Attempts.

  /** `setback`: what went before; null at first. */
  #begin(setback: Setback | null): void {
    const stop = (this.#stop ??= new AbortController());
    void this.#openAfter(setback, stop.signal).catch(() => undefined);
  }

  async #openAfter(before: Setback | null, signal: AbortSignal): Promise<void> {
    for (let setback = before; ; setback = {}) {
      const wait = setback && this.#retry.after(setback);
      if (wait) {
        this.#observe({ kind: 'wait', ...wait });
        await sleep(wait.ms, undefined, { signal });
      }
      signal.throwIfAborted();
      const credentials = await this.#credentials(signal);
      signal.throwIfAborted();
      if (!credentials) continue;
      this.#attemptWith(credentials);
      this.#line ??= new Line(this.library, this.kit.options, this.seat, this);
      return this.#line.open();
    }
  }

  async #credentials(signal: AbortSignal) {
    try {
      return await this.seat.credentials({ signal });
    } catch (error) {
      signal.throwIfAborted();
      this.#observe({ kind: 'refused', at: 'sign-in', reason: messageOf(error) });
      return null;
    }
  }

  #attemptWith(credentials: ConstructorParameters<typeof Attempt>[1]): void {
    this.#stage = 'trying';
    const conn = ++this.#attempts;
    this.#attempt = new Attempt((seen) => this.#observe({ ...seen, conn }), credentials);
  }

  #isIn(entering: Entering): void {
    if (this.#entering !== entering || this.#stage !== 'entering') return;
    this.#entering = null;
    this.#attempt?.entered();
    this.#stage = 'ready';
    this.#readySince = performance.now();
    this.#tell({ kind: 'ready', claims: entering.claims });
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** The transport opened, and the session was not in its rooms in time. */
  #abandon(): void {
    const { options } = this.kit;
    const late = `expected to be in every room within ${options.dialTimeoutMs ?? libraryTimeoutMs} ms`;
    const rooms = this.#entering ? `; not confirmed: ${String(this.#entering)}` : '';
    const what = this.#entering ? 'join' : 'sign-in';
    this.#refuse(new DialFailed(what, `${late}${rooms}`, { closed: { by: 'session' } }));
  }

  #noToken(error: unknown): void {
    this.#refuse(new DialFailed('sign-in', this.#failureOf(error).reason, { closed: { by: 'session' } }));
  }

  #failureOf(error: unknown): DialFailed {
    if (error instanceof DialFailed) return error;
    const reason =
      error instanceof Error && error.name === 'MappingFailure'
        ? this.#mapping.blamed(error)
        : messageOf(error);
    return new DialFailed('join', reason, { closed: { by: 'session' } });
  }

  /** We end an attempt that the library would go on with. */
  #refuse(failure: DialFailed): void {
    this.#line?.hangUp();
    this.#outbox.lost('the connection was given up');
    this.failed(failure, false);
  }

  #tellRefused({ at, reason, more }: DialFailed): Setback {
    const { status, unauthorized = false, closed = { by: 'unknown' } } = more;
    const said = this.#veiled(reason, 'error');
    this.#tell({ kind: 'refused', at, reason: said, ...(status === undefined ? {} : { status }) });
    if (this.#attempt?.isOpen) {
      const why = closed.reason === undefined ? {} : { reason: this.#veiled(closed.reason, 'close') };
      this.#tell({ kind: 'close', ...told(closed), ...why });
    }
    this.#leaveAttempt();
    return { unauthorized };
  }

  #leaveAttempt(): void {
    this.#stage = 'away';
    this.#entering = null;
    this.#attempt?.ended();
  }

  #comeBack(setback: Setback): void {
    if (this.#stop && !this.#disposal) this.#begin(setback);
  }

  #giveUp(reason: unknown): void {
    this.#stop?.abort(reason);
    this.#stop = null;
    this.#line?.hangUp();
    this.#leaveAttempt();
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  get #signal(): AbortSignal {
    return this.#stop?.signal ?? AbortSignal.abort();
  }

  #tell(seen: Seen): void {
    if (this.#attempt) this.#attempt.tell(seen);
    else this.#observe(seen);
  }

  #veiled(text: string, where: 'close' | 'error' | 'frame'): string {
    const veil = new Veil(this.#attempt?.known?.token ?? null);
    return veil.over(text, () => this.#tell({ kind: 'leak', where }));
  }
}

const unoffered = (reason: string): Promise<Answer> => Promise.resolve({ answer: 'unoffered', reason });

/** What a history says of an end. */
const told = ({ by, code, reason }: Closed) => ({
  by,
  ...(code === undefined ? {} : { code }),
  ...(reason === undefined ? {} : { reason }),
});
