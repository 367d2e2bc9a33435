import { setMaxListeners } from 'node:events';
import type { Agent } from 'node:http';
import { setImmediate as aMoment, setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.js';
import { printable } from '../../../base/printable.js';
import type { Dialled, Waiting } from '../shared/dialling.js';
import { agentTo, type Answered, bodyOf, Exchange, NoAnswer, plainHeaders } from '../http/exchange.js';
import { Interpreter, type Shared } from '../http/interpreter.js';
import { Posting } from '../http/posting.js';
import { type Strand, strandsOf } from '../http/strands.js';
import {
  type Answer,
  type Attempt,
  type Closed,
  type Connection,
  DialFailed,
  type Outgoing,
  type SendCall,
} from '../port.js';
import { MappingFailure } from '../shared/mapping.js';
import { retryAfterOf } from '../shared/retry-after.js';
import { wordOf } from '../shared/receipt.js';
import { type Memory, memoryOf } from './memory.js';
import type { PolledAnswer, PollOptions } from './options.js';
import { Questions } from './questions.js';

/** What all connections of one connector share. */
export interface Kit extends Shared {
  readonly options: PollOptions;
}

/** Why a conversation is over, before it is told whoever waits. */
interface End {
  readonly closed: Closed;
  readonly failed: DialFailed;
}

const longestShown = 200;

/**
 * A conversation of questions that were all answered. It begins with the first answer for each room, and ends with the first
 * question that has none, or a bad one. No connection is held: what it is called here is that a session is served.
 */
export class PollConnection implements Dialled {
  claims: Connection['claims'] = 'fresh';
  readonly #options: PollOptions;
  readonly #attempt: Pick<Attempt, 'seat' | 'credentials' | 'cursors' | 'observe'>;
  readonly #memory: Memory;
  readonly #interpreter: Interpreter;
  readonly #posting: Posting;
  readonly #agent: Agent;
  /** The questions that are under way. */
  readonly #asking: Exchange<boolean>[] = [];
  /** Ends the pauses between questions, where there are any. */
  #pausing: AbortController | null = null;
  #isOver = false;
  readonly #unread: Set<Strand>;
  #resolveClosed: (closed: Closed) => void = () => undefined;
  readonly closed = new Promise<Closed>((resolve) => (this.#resolveClosed = resolve));
  #waiting: Waiting | null;

  /** Throws where no request can be made: an address that is none. */
  constructor(kit: Kit, { seat, credentials, cursors, observe }: Attempt, waiting: Waiting) {
    this.#options = kit.options;
    this.#waiting = waiting;
    const attempt = { seat, credentials, cursors, observe };
    this.#attempt = attempt;
    this.#memory = memoryOf(attempt);
    this.#interpreter = new Interpreter(kit, attempt);
    this.#posting = new Posting(kit.options, {
      ...{ seat, credentials, interpreter: this.#interpreter },
      unauthorized: () => this.#finish(unauthorizedEnd('a message was answered with 401', 401)),
    });
    const { url } = kit.options;
    this.#agent = agentTo(url, Infinity);
    this.#unread = new Set(strandsOf(url, seat));
    for (const strand of this.#unread) void this.#follow(strand);
  }

  send(message: Outgoing, call: SendCall): Promise<Answer> {
    if (this.#waiting === null && !this.#isOver) return this.#posting.send(message, call);
    return Promise.resolve({ answer: 'unoffered', reason: 'the last question had no answer' });
  }

  abandon(why: string): void {
    const rooms = [...this.#unread].flatMap((strand) => strand.rooms).join(', ');
    this.#finish(endOf({ by: 'session' }, 'join', `${why}; not read: ${rooms}`));
  }

  [Symbol.asyncDispose](): Promise<void> {
    // After a loss, what is under way may still be answered.
    if (this.#isOver) this.#posting.release();
    else this.#posting.leave();
    this.#hangUp();
    return Promise.resolve();
  }

  /** Asks for what is new, until the conversation is over. */
  async #follow(strand: Strand): Promise<void> {
    const { longPoll, intervalMs = longPoll ? 0 : 500 } = this.#options;
    // Sessions do not ask in step.
    let pauseMs = this.#attempt.seat.random() * intervalMs;
    const questions = new Questions(this.#attempt, this.#options, strand);
    for (let isFirst = true; !this.#isOver; isFirst = false) {
      const asked = this.#ask(questions, strand, isFirst);
      const more = await asked.catch((error: unknown) => this.#unanswered(error));
      if (this.#isOver) return;
      if (!more && pauseMs > 0) await this.#pause(pauseMs);
      pauseMs = intervalMs;
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = (this.#pausing ??= newController());
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  /** True: more is there. */
  async #ask(questions: Questions, strand: Strand, isFirst: boolean): Promise<boolean> {
    const { longPoll, answerWithinMs = 5_000, maxAnswerBytes: maxBytes = 16 * 1024 * 1024 } = this.#options;
    const isHeld = longPoll !== undefined && !isFirst;
    const to = questions.destination(this.#memory.cursor(strand), isHeld);
    const withinMs = answerWithinMs + (isHeld ? longPoll.atMostMs : 0);
    const exchange = new Exchange<boolean>({ to, method: 'GET', agent: this.#agent, withinMs, maxBytes });
    this.#asking.push(exchange);
    try {
      return await exchange.answer((answered) => this.#answered(strand, answered, isFirst));
    } finally {
      this.#asking.splice(this.#asking.indexOf(exchange), 1);
    }
  }

  #answered(strand: Strand, answered: Answered, isFirst: boolean): boolean | Promise<boolean> {
    const end = this.#isOver ? null : this.#endBy(answered);
    if (end) this.#finish(end);
    if (this.#isOver) return false;
    return isFirst
      ? this.#enter(strand).then(() => this.#read(strand, answered))
      : this.#read(strand, answered);
  }

  /** The first answer for a room: whatever is said there from now on comes after the cursor. */
  async #enter(strand: Strand): Promise<void> {
    const { observe } = this.#attempt;
    if (this.#unread.size === strandsOf(this.#options.url, this.#attempt.seat).length)
      observe({ kind: 'open' });
    this.#unread.delete(strand);
    for (const room of strand.rooms) {
      const cursor = this.#memory.cursorOf(room, strand);
      if (cursor !== undefined) this.claims = 'unstated';
      observe({ kind: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
      observe({ kind: 'joined', room });
    }
    if (this.#unread.size > 0) return;
    this.#waiting?.entered();
    this.#waiting = null;
    // What was missed is told on a connection that is ready.
    await aMoment();
  }

  /** Tells what an answer brings, and moves on. True: more is there. */
  #read(strand: Strand, answered: Answered): boolean {
    if (this.#isOver) return false;
    const { receive, next, more } = this.#options;
    const answer: PolledAnswer = {
      status: answered.status,
      headers: plainHeaders(answered.headers),
      body: bodyOf(answered.text),
      ...{ room: strand.room, rooms: this.#attempt.seat.rooms },
    };
    const receipts = this.#interpreter.receipts('poll.receive', receive, answer);
    for (const receipt of receipts) {
      if (receipt.position !== undefined) this.#memory.read(receipt.room, receipt.position);
      if (receipt.position !== undefined && !next) this.#memory.moveOn(strand, receipt.position);
      this.#attempt.observe(receipt);
    }
    const cursor = next ? wordOf(this.#interpreter.asked('poll.next', next, answer, isCursor)) : undefined;
    if (cursor !== undefined) this.#memory.moveTo(strand, cursor);
    if (receipts.length > 0 && this.#memory.cursor(strand) === undefined) this.#standsStill(answer);
    return more ? this.#interpreter.asked('poll.more', more, answer, isFlag) === true : false;
  }

  /** The next question would bring the same messages again, and that would seem to be the target's fault. */
  #standsStill(answer: PolledAnswer): void {
    const name = this.#options.next ? 'poll.next' : 'poll.position';
    this.#interpreter.blamed(new MappingFailure(name, { gave: null }, answer));
  }

  /** The conversation is over. */
  #unanswered(error: unknown): boolean {
    if (this.#isOver) return false;
    // Where there is none, no request could be made at all: a token that fits in no header.
    const left = error instanceof NoAnswer && error.left;
    const reason = this.#interpreter.veiled(messageOf(error), 'close');
    this.#finish(endOf({ by: 'network', reason }, left ? 'handshake' : 'dial', reason));
    return false;
  }

  /** Null: it is an answer as it should be. */
  #endBy({ status, headers, text }: Answered): End | null {
    if ((status >= 200 && status < 300) || status === 304) return null;
    const said = printable(this.#interpreter.veiled(text), longestShown);
    if (status === 401 || status === 403) return unauthorizedEnd(said, status);
    const retryAfterMs = retryAfterOf(headers);
    const later = retryAfterMs === undefined ? {} : { retryAfterMs };
    const reason = said === '' ? `status ${status}` : `status ${status}: ${said}`;
    const closed = { by: 'target', reason, ...later } as const;
    return endOf(closed, 'join', said === '' ? unexplained : said, { status, ...later });
  }

  #finish({ closed, failed }: End): void {
    if (this.#isOver) return;
    if (this.#waiting) {
      this.#posting.leave();
      this.#waiting.failed(failed);
    } else this.#resolveClosed(closed);
    this.#waiting = null;
    this.#hangUp();
  }

  #hangUp(): void {
    this.#isOver = true;
    this.#pausing?.abort();
    for (const exchange of this.#asking) exchange.callOff();
    this.#agent.destroy();
  }
}

const unexplained = 'no reason given';

/** Every strand that pauses listens to it. */
function newController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function unauthorizedEnd(said: string, status: number): End {
  const reason = said === '' ? unexplained : said;
  const closed = { by: 'target', unauthorized: true, reason: `status ${status}: ${reason}` } as const;
  return endOf(closed, 'sign-in', reason, { status, unauthorized: true });
}

function endOf(closed: Closed, at: DialFailed['at'], reason: string, more: DialFailed['more'] = {}): End {
  // Of several questions some may have been answered already.
  return { closed, failed: new DialFailed(at, reason, { ...more, closed }) };
}

const isFlag = (made: unknown) => typeof made === 'boolean';
const isCursor = (made: unknown) => made === null || typeof made === 'string' || typeof made === 'number';
