import { printable } from '../../../base/printable.js';
import { addressOf, filled, isOfOneRoom } from '../http/address.js';
import { bodyOf } from '../http/exchange.js';
import { Posting, type PostingEvents } from '../http/posting.js';
import {
  type Answer,
  type Attempt,
  type Call,
  type Closed,
  type Connection,
  DialFailed,
  type Outgoing,
} from '../port.js';
import { Complaints } from '../shared/complaints.js';
import { attempted, type Duty, MappingFailure } from '../shared/mapping.js';
import type { ClientMeans, Grievances } from '../shared/means.js';
import type { Joined, ReceivedMessage } from '../shared/messages.js';
import { receiptOf } from '../shared/receipt.js';
import { Veil } from '../shared/veil.js';
import { Joining, type Strand } from './joining.js';
import { type Memory, memoryOf } from './memory.js';
import type { SseOptions, StreamedEvent } from './options.js';
import { EventStream, type StreamEnd, type StreamLimits } from './stream.js';

/** What all connections of one connector share. */
export interface Kit extends Pick<ClientMeans, 'run' | 'digest'>, Grievances {
  readonly options: SseOptions;
  readonly limits: StreamLimits;
}

/** Whoever dials: told once, of one of the two. */
interface Waiting {
  entered(): void;
  failed(error: DialFailed): void;
}

type Stage = 'opening' | 'joining' | 'ready' | 'ended';

/** Everything that one session is connected by: its streams, which end together, and its requests. */
export class SseConnection implements Connection, PostingEvents {
  claims: Connection['claims'] = 'fresh';
  readonly #kit: Kit;
  readonly #attempt: Pick<Attempt, 'seat' | 'credentials' | 'cursors' | 'observe'>;
  readonly #memory: Memory;
  readonly #veil: Veil;
  readonly #posting: Posting;
  readonly #complaints: Complaints;
  #streams: readonly EventStream[] = [];
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
    this.#veil = new Veil(credentials?.token ?? null);
    this.#complaints = new Complaints(kit.note);
    const {
      url,
      headers = {},
      token = 'header',
      sendTo = url,
      resume = false,
      joined,
      ...rest
    } = kit.options;
    this.#posting = new Posting({ ...rest, headers, token, sendTo: filled(sendTo, seat) }, attempt, this);
    this.#joining = new Joining(attempt, this.#memory, { resumes: resume, confirmed: joined !== undefined });
    const strands = strandsOf(url, attempt);
    this.#unopened = strands.length;
    this.#streams = strands.map((strand) => this.#open(strand));
  }

  send(message: Outgoing, call: Call & { readonly written: () => void }): Promise<Answer> {
    if (this.#stage === 'ready') return this.#posting.send(message, call);
    return Promise.resolve({ answer: 'unoffered', reason: 'the connection is closed' });
  }

  /** Gives the dial up: nobody waits any longer. */
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

  veiled(text: string): string {
    return this.#veiledIn(text, 'error');
  }

  blamed(error: unknown): string {
    if (!(error instanceof MappingFailure)) throw error;
    this.#kit.broken(error, (text) => this.#veiledIn(text, 'frame'));
    return error.message;
  }

  /** A message was refused because of the token, which the stream, open already, does not know yet. */
  unauthorized(): void {
    this.#close({ by: 'target', reason: 'a message was answered with 401', unauthorized: true });
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
    if (this.#joining && joined) this.#seeJoined(this.#apply('joined', joined, event, confirming));
    const received = this.#apply('receive', receive, event, receiving);
    for (const one of listOf(received)) {
      if (!this.#receive(one, event.id)) {
        this.blamed(new MappingFailure('receive', { gave: received }, event, receiving));
      }
    }
  }

  #seeJoined(joined: Joined | readonly Joined[] | null): void {
    for (const one of listOf(joined)) {
      if (one.refused === undefined) this.#joining?.confirm(one);
      else {
        const { refused, unauthorized = false } = one;
        const reason = this.#veiledIn(String(refused), 'frame');
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

  /** Tells what came. False: this is no message. */
  #receive(received: Partial<ReceivedMessage> | null | undefined, id: string | null): boolean {
    const receipt = receiptOf(received, this.#kit);
    if (receipt === null) return false;
    if (receipt.position !== undefined) this.#memory.read(receipt.room, receipt.position, id);
    this.#attempt.observe(receipt);
    return true;
  }

  #apply<Result>(
    name: 'receive' | 'joined',
    map: (event: StreamedEvent) => Result | null,
    event: StreamedEvent,
    duty: Duty,
  ): Result | null {
    try {
      const result = attempted(name, () => map(event), event, duty);
      if (typeof result === 'object' && !(result instanceof Promise)) return result;
      throw new MappingFailure(name, { gave: result }, event, duty);
    } catch (error) {
      this.blamed(error);
      return null;
    }
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
    if (answer) {
      const { text, ...about } = answer;
      const said = printable(this.#veiledIn(text, 'error'), longestShown);
      const unauthorized = answer.status === 401 || answer.status === 403;
      const reason = said === '' ? 'no reason given' : said;
      return new DialFailed('handshake', reason, { ...(unauthorized ? {} : wait), ...about, unauthorized });
    }
    const reason = this.#veiledIn(closed.reason ?? 'the stream ended', 'close');
    if (this.#stage === 'joining') return new DialFailed('join', reason, { ...wait, closed });
    return new DialFailed(unreached === true ? 'dial' : 'handshake', reason, wait);
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

  #veiledIn(text: string, where: 'close' | 'error' | 'frame'): string {
    return this.#veil.over(text, () => this.#attempt.observe({ kind: 'leak', where }));
  }
}

/** Shown of an answer that is no stream, in characters. */
const longestShown = 400;

const receiving: Duty = {
  takes: 'event',
  gives: '{ room, text }, a list of them or null',
  advice: 'Return null for events that are not messages',
};
const confirming: Duty = {
  takes: 'event',
  gives: '{ room }, { refused }, a list of them or null',
  advice: 'Return null for events that confirm no room',
};

function strandsOf(url: string, { seat }: Pick<Attempt, 'seat'>): readonly Strand[] {
  if (!isOfOneRoom(url)) return [{ room: null, address: filled(url, seat) }];
  return seat.rooms.map((room) => ({ room, address: filled(url, seat, room) }));
}

function listOf<T>(given: T | readonly T[] | null): readonly T[] {
  if (given === null) return [];
  return isList(given) ? given : [given];
}

/** `Array.isArray` does not narrow a readonly list. */
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
