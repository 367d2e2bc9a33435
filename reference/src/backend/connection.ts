import type { RawData, WebSocket } from 'ws';
import { Refusal } from '../http/refusal.js';
import type { Logger } from '../logger.js';
import type { Admission, Identity } from '../tokens/access-token.js';
import type { Delivery, Reader } from './delivery.js';
import { decode, encode, type IncomingFrame, type OutgoingFrame } from './frames.js';
import type { Inbox } from './inbox.js';
import type { Membership } from './membership.js';
import type { MessageLog } from './messages.js';
import type { Resume } from './parts.js';
import { isUnavailable } from '../storage/pool.js';

export interface Limits {
  /** Bytes that may wait for a reader before nothing more is read for it. */
  readonly bufferedBytes: number;
  /** How long a reader may stay that slow. */
  readonly stalledMs: number;
  /** Messages of one connection that may wait for their commit before we stop reading from it. */
  readonly inFlight: number;
  /** How long the first frame may take, where it carries the token. */
  readonly helloMs: number;
  readonly pingMs: number;
  readonly badFrames: number;
}

export const standardLimits: Limits = {
  bufferedBytes: 1024 * 1024,
  stalledMs: 10_000,
  inFlight: 64,
  helloMs: 5_000,
  pingMs: 15_000,
  badFrames: 5,
};

export interface ConnectionPorts {
  readonly inbox: Inbox;
  readonly delivery: Delivery;
  readonly membership: Membership;
  readonly log: MessageLog;
  readonly resume: Resume;
  readonly limits: Limits;
  readonly logger: Logger;
  admit(token: string): Promise<Admission>;
}

/** Close codes of our own; the others are of RFC 6455. */
const firstOwnCode = 4000;
const signInAgain = 4401;
const policyViolation = 1008;
const internalError = 1011;
const tryAgainLater = 1013;
const longestTimer = 2 ** 31 - 1;

/** One WebSocket. Its frames are handled one after the other; commits are not waited for. */
export class Connection implements Reader {
  readonly #socket: WebSocket;
  readonly #ports: ConnectionPorts;
  readonly #inFlight = new Set<Promise<void>>();
  #identity: Identity | undefined;
  #turn: Promise<void> = Promise.resolve();
  #badFrames = 0;
  #deadline: NodeJS.Timeout | undefined;
  #stalledAt: number | undefined;
  #alive = true;
  #leaving = false;

  constructor(socket: WebSocket, ports: ConnectionPorts, identity: Identity | undefined) {
    this.#socket = socket;
    this.#ports = ports;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    // ws closes with the right code by itself: 1009 too long, 1007 not UTF-8, 1002 not a frame.
    socket.on('error', (error) => ports.logger.debug({ err: error }, 'a connection broke'));
    socket.on('close', () => {
      this.#leaving = true;
      clearTimeout(this.#deadline);
      ports.delivery.leave(this);
    });
    if (identity) this.#signIn(identity);
    else this.#deadline = setTimeout(() => this.close(signInAgain, 'sign in first'), ports.limits.helloMs);
  }

  get userId(): string {
    return this.#identity?.userId ?? '';
  }

  get sessionId(): string | undefined {
    return this.#identity?.sessionId;
  }

  isWritable(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#stalledAt === undefined;
  }

  send(frame: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(frame, () => this.#regulate());
    this.#regulate();
  }

  dismissed(threadId: string): void {
    this.#refuse({
      code: 'not_a_member',
      message: 'You are no longer a member of this thread.',
      thread_id: threadId,
    });
  }

  revoked(): void {
    this.close(signInAgain, 'the session is revoked');
  }

  /** Sends what is due by the clock: pings, and the end for who does not read or is gone. */
  tend(now: number): void {
    const { stalledMs } = this.#ports.limits;
    if (this.#stalledAt !== undefined && now - this.#stalledAt > stalledMs)
      this.close(tryAgainLater, 'too slow');
  }

  ping(): void {
    // While we do not read from it, we cannot hear its answer either.
    if (!this.#alive && !this.#socket.isPaused) return this.#socket.terminate();
    this.#alive = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Nothing more is begun; resolves when what was begun is answered. */
  async finish(): Promise<void> {
    this.#leaving = true;
    await this.#turn;
    await Promise.all(this.#inFlight);
  }

  /** Says goodbye; a peer that does not answer is cut off after a second. */
  close(code: number, reason: string): void {
    this.#leaving = true;
    this.#ports.logger.debug({ code, reason, userId: this.userId }, 'closing a connection');
    this.#ports.delivery.leave(this);
    this.#socket.close(code, reason);
    // A paused socket would never see the answer.
    this.#socket.resume();
    setTimeout(() => this.#socket.terminate(), 1_000).unref();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#leaving) return;
    const text = isBinary ? undefined : String(data);
    this.#turn = this.#turn.then(() => this.#handle(text)).catch((error: unknown) => this.#fail(error));
  }

  async #handle(text: string | undefined): Promise<void> {
    const decoded = text === undefined ? { problem: 'Expected a text frame.' } : decode(text);
    if ('problem' in decoded) return this.#misbehave(decoded.problem, decoded.id);
    const { frame } = decoded;
    if (frame.type === 'hello') return this.#hello(frame.token);
    if (!this.#identity) return this.close(signInAgain, 'sign in first');
    if (frame.type === 'join') return this.#join(frame);
    this.#submit(frame, this.#identity.userId);
  }

  /** Signs in, or prolongs: a fresh token of the same session keeps the connection. */
  async #hello(token: string): Promise<void> {
    const admission = await this.#ports.admit(token);
    if (admission.verdict === 'unsure') return this.close(tryAgainLater, 'cannot verify just now');
    const other =
      this.#identity && admission.verdict === 'in' && admission.identity.sessionId !== this.sessionId;
    if (admission.verdict === 'out' || other) return this.close(signInAgain, 'the token is not valid');
    this.#signIn(admission.identity);
  }

  #signIn(identity: Identity): void {
    this.#identity = identity;
    clearTimeout(this.#deadline);
    const remaining = Math.min(Math.max(identity.expiresAt - Date.now(), 0), longestTimer);
    this.#deadline = setTimeout(() => this.close(signInAgain, 'the token has expired'), remaining);
  }

  async #join({ thread_id: threadId, after }: Extract<IncomingFrame, { type: 'join' }>): Promise<void> {
    const { membership, log, delivery, resume } = this.#ports;
    const [held] = await membership.hold([{ threadId, userId: this.userId, after }]);
    if (!held) {
      return this.#refuse({
        code: 'not_a_member',
        message: 'You are not a member of this thread.',
        thread_id: threadId,
      });
    }
    const head = (await log.heads([threadId])).get(threadId) ?? 0;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const begin = resume(after, head, this.sessionId);
    this.send(encode({ type: 'joined', thread_id: threadId, head }));
    delivery.follow(this, { threadId, after: begin });
  }

  #submit(frame: Extract<IncomingFrame, { type: 'chat_message' }>, sender: string): void {
    const { id, thread_id: threadId, message: body } = frame;
    const pending = this.#ports.inbox.submit({ threadId, sender, id, body }).then((outcome) => {
      this.#inFlight.delete(pending);
      if (outcome.outcome === 'stored')
        this.#say({ type: 'ack', id, thread_id: threadId, number: outcome.number });
      else this.#refuse({ id, code: outcome.code, message: outcome.message });
      this.#regulate();
    });
    this.#inFlight.add(pending);
    this.#regulate();
  }

  #misbehave(problem: string, id: string | undefined): void {
    this.#badFrames += 1;
    this.#refuse({ code: 'bad_frame', message: problem, ...(id === undefined ? {} : { id }) });
    if (this.#badFrames >= this.#ports.limits.badFrames) this.close(policyViolation, 'too many bad frames');
  }

  #fail(error: unknown): void {
    this.#ports.logger.warn({ err: error }, 'a frame could not be handled');
    if (error instanceof Refusal) this.close(firstOwnCode + error.status, error.code);
    else if (isUnavailable(error)) this.close(tryAgainLater, 'not just now');
    else this.close(internalError, 'something went wrong here');
  }

  #refuse(refusal: Omit<Extract<OutgoingFrame, { type: 'error' }>, 'type'>): void {
    this.#say({ type: 'error', ...refusal });
  }

  #say(frame: OutgoingFrame): void {
    this.send(encode(frame));
  }

  /** Keeps bounded what waits in memory, in both directions. */
  #regulate(): void {
    const { bufferedBytes, inFlight } = this.#ports.limits;
    const waiting = this.#socket.bufferedAmount;
    if (waiting > bufferedBytes) this.#stalledAt ??= performance.now();
    else if (this.#stalledAt !== undefined && waiting <= bufferedBytes / 2) {
      this.#stalledAt = undefined;
      this.#ports.delivery.wakeReader(this);
    }
    const tooMuch = this.#stalledAt !== undefined || this.#inFlight.size > inFlight;
    if (tooMuch && !this.#leaving) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }
}
