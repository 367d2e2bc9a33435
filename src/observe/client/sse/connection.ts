import { printable } from '../../../base/printable.js';
import { addressOf } from '../http/address.js';
import type { Dialled, Waiting } from '../shared/dialling.js';
import { bodyOf } from '../http/exchange.js';
import { Interpreter, listOf, type Shared } from '../http/interpreter.js';
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
import { Complaints } from '../shared/complaints.js';
import type { Joined } from '../shared/messages.js';
import { Joining } from './joining.js';
import { type Memory, memoryOf } from './memory.js';
import type { SseOptions, StreamedEvent } from './options.js';
import { EventStream, type StreamEnd, type StreamLimits } from './stream.js';

/** What all connections of one connector share. */
export interface Kit extends Shared {
  readonly options: SseOptions;
  readonly limits: StreamLimits;
}

type Stage = 'opening' | 'joining' | 'ready' | 'ended';

/** Everything that one session is connected by: its streams, which end together, and its requests. */
export class SseConnection implements Dialled {
  claims: Connection['claims'] = 'fresh';
  readonly #kit: Kit;
  readonly #attempt: Pick<Attempt, 'seat' | 'credentials' | 'cursors' | 'observe'>;
  readonly #memory: Memory;
  readonly #interpreter: Interpreter;
  readonly #posting: Posting;
  readonly #complaints: Complaints;
  readonly #streams: readonly EventStream[];
  #unopened: number;
  #resolveClosed: (closed: Closed) => void = () => undefined;
  readonly closed = new Promise<Closed>((resolve) => (this.#resolveClosed = resolve));
  #waiting: Waiting | null;
  #joining: Joining | null;
  #stage: Stage = 'opening';

  /** Throws where no request can be made: an address that is none, a token that fits in no header. */
  constructor(kit: Kit, { seat, credentials, cursors, observe }: Attempt, waiting: Waiting) {
    this.#kit = kit;
    this.#waiting = waiting;
    // Not the attempt itself: its signal and all that hangs on it would live as long as the connection.
    const attempt = { seat, credentials, cursors, observe };
    this.#attempt = attempt;
    this.#memory = memoryOf(attempt);
    this.#interpreter = new Interpreter(kit, attempt);
    this.#complaints = new Complaints(kit.note);
    this.#posting = new Posting(kit.options, {
      ...{ seat, credentials, interpreter: this.#interpreter },
      // The stream, open already, does not know it yet.
      unauthorized: () =>
        this.#close({ by: 'target', reason: 'a message was answered with 401', unauthorized: true }),
    });
    const { url, resume = false, joined } = kit.options;
    this.#joining = new Joining(attempt, this.#memory, { resumes: resume, confirmed: joined !== undefined });
    const strands = strandsOf(url, seat);
    this.#unopened = strands.length;
    this.#streams = strands.map((strand) => this.#open(strand));
  }

  send(message: Outgoing, call: SendCall): Promise<Answer> {
    if (this.#stage === 'ready') return this.#posting.send(message, call);
    return Promise.resolve({ answer: 'unoffered', reason: 'the connection is closed' });
  }

  abandon(why: string): void {
    const rooms = this.#stage === 'joining' ? `not confirmed: ${String(this.#joining)}` : '';
    const at = this.#stage === 'joining' ? 'join' : 'handshake';
    const reason = [why, rooms].filter((part) => part !== '').join('; ');
    this.#fail(new DialFailed(at, reason, this.#stage === 'joining' ? { closed: { by: 'session' } } : {}));
  }

  [Symbol.asyncDispose](): Promise<void> {
    // After a loss, what is under way may still be answered.
    if (this.#stage === 'ended') this.#posting.release();
    else this.#posting.leave();
    this.#stage = 'ended';
    this.#hangUp();
    return Promise.resolve();
  }

  #open(strand: Strand): EventStream {
    const { headers = {}, token = 'header', resume = false, lastEventId } = this.#kit.options;
    const address = addressOf(this.#attempt, { headers, token }, strand.address);
    const cursor = resume ? this.#memory.lastId(strand.address) : undefined;
    const { header, query } = { header: 'last-event-id', query: undefined, ...lastEventId };
    if (cursor !== undefined && query !== undefined) address.url.searchParams.set(query, cursor);
    // A header is bytes to Node, and an id is text in UTF-8.
    else if (cursor !== undefined) address.headers[header] = Buffer.from(cursor).toString('latin1');
    return new EventStream(address, this.#kit.limits, {
      opened: (instance) => this.#opened(strand, instance),
      cursor: (id) => this.#memory.moveOn(strand.address, id),
      retry: (ms) => void (this.#memory.retryMs = ms),
      strange: () => this.#complaints.add('a line of the stream was no field of an event'),
      event: ({ event, id, data }) => {
        this.#heard({ event, id, data: bodyOf(data), room: strand.room, rooms: this.#attempt.seat.rooms });
      },
      ended: (end) => this.#ended(end),
    });
  }

  #opened(strand: Strand, instance: string | undefined): void {
    if (this.#stage !== 'opening') return;
    const isFirst = this.#unopened === this.#streams.length;
    if (isFirst) this.#attempt.observe({ kind: 'open', ...(instance === undefined ? {} : { instance }) });
    this.#unopened--;
    this.#joining?.opened(strand);
    if (this.#unopened === 0) this.#stage = 'joining';
    this.#enterWhenJoined();
  }

  #heard(event: StreamedEvent): void {
    if (this.#stage === 'ended') return;
    const { joined, receive } = this.#kit.options;
    if (this.#joining && joined) {
      this.#seeJoined(this.#interpreter.asked('sse.joined', joined, event));
    }
    for (const receipt of this.#interpreter.receipts('sse.receive', receive, event)) {
      if (receipt.position !== undefined) this.#memory.read(receipt.room, receipt.position, event.id);
      this.#attempt.observe(receipt);
    }
  }

  #seeJoined(joined: Joined | readonly Joined[] | null): void {
    for (const one of listOf(joined)) {
      if (one.refused === undefined) this.#joining?.confirm(one);
      else {
        const { refused, unauthorized = false } = one;
        const reason = this.#interpreter.veiled(String(refused), 'frame');
        return this.#fail(new DialFailed('join', reason, { unauthorized, closed: { by: 'session' } }));
      }
    }
    this.#enterWhenJoined();
  }

  #enterWhenJoined(): void {
    if (this.#stage !== 'joining' || !this.#joining?.isDone) return;
    this.claims = this.#joining.claims;
    this.#joining = null;
    this.#stage = 'ready';
    this.#waiting?.entered();
    this.#waiting = null;
  }

  #ended(end: StreamEnd): void {
    if (this.#stage === 'ended') return;
    if (this.#stage === 'ready') this.#close(end.closed);
    else this.#fail(this.#failure(end));
  }

  #close(closed: Closed): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    const { retryMs } = this.#memory;
    const wait = retryMs === undefined || closed.unauthorized === true ? {} : { retryAfterMs: retryMs };
    const reason = [closed.reason ?? '', this.#complaints.toString()]
      .filter((part) => part !== '')
      .join('; ');
    this.#resolveClosed({ ...closed, ...wait, ...(reason === '' ? {} : { reason }) });
    this.#hangUp();
  }

  #failure({ answer, unreached, closed }: StreamEnd): DialFailed {
    const { retryMs } = this.#memory;
    const wait = retryMs === undefined ? {} : { retryAfterMs: retryMs };
    // Of several streams some may have been open already.
    const ended = { closed };
    if (answer) {
      const { text, ...about } = answer;
      const said = printable(this.#interpreter.veiled(text), longestShown);
      const unauthorized = answer.status === 401 || answer.status === 403;
      const reason = said === '' ? 'no reason given' : said;
      return new DialFailed('handshake', reason, {
        ...(unauthorized ? {} : wait),
        ...about,
        ...ended,
        unauthorized,
      });
    }
    const reason = this.#interpreter.veiled(closed.reason ?? 'the stream ended', 'close');
    const at = this.#stage === 'joining' ? 'join' : unreached === true ? 'dial' : 'handshake';
    return new DialFailed(at, reason, { ...wait, ...ended });
  }

  #fail(error: DialFailed): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    this.#joining = null;
    this.#waiting?.failed(error);
    this.#waiting = null;
    this.#posting.leave();
    this.#hangUp();
  }

  #hangUp(): void {
    for (const stream of this.#streams) stream.leave();
  }
}

/** Shown of an answer that is no stream, in characters. */
const longestShown = 400;
