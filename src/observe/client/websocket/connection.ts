import { printable } from '../../../base/printable.js';
import { partsOf } from '../../../history/tag.js';
import {
  type Answer,
  type Attempt,
  type Closed,
  type Connection,
  DialFailed,
  type Observe,
  type Outgoing,
  type SendCall,
} from '../port.js';
import { Complaints } from '../shared/complaints.js';
import { moveOn } from '../shared/cursors.js';
import type { Dialled, Waiting } from '../shared/dialling.js';
import { MappingFailure, type Misdeed } from '../shared/mapping.js';
import type { ClientMeans, Grievances } from '../shared/means.js';
import type { Acknowledgement, Joined, ReceivedMessage } from '../shared/messages.js';
import { Outstanding } from '../shared/outstanding.js';
import { identityOf, receiptOf, wordOf } from '../shared/receipt.js';
import { Veil } from '../shared/veil.js';
import { forTheWire } from './encoding.js';
import { entranceOf } from './entrance.js';
import { Joining } from './joining.js';
import type { FrameFunctions, Sendable, WebSocketOptions } from './options.js';
import { Pings } from './pings.js';
import type { Protocol } from './protocol.js';
import { Wire, type WireEnd, type WireEvents, type WireLimits } from './wire.js';

/** What all connections of one connector share. */
export interface Kit extends Pick<ClientMeans, 'run' | 'digest'>, Grievances {
  readonly options: WebSocketOptions;
  readonly protocol: Protocol;
  readonly limits: WireLimits;
}

type Stage = 'handshake' | 'joining' | 'ready' | 'ended';

/** The close codes by which a token is refused, or ceases to be good. */
const unauthorizedCodes = new Set([4401, 4403]);
/** Before a session is in its rooms, frameworks that have no code of their own for it say "policy violation". */
const refusedAtEntry = new Set([...unauthorizedCodes, 1008]);

/** One connection: what comes over its wire is told as events, what is sent is matched with its answers. */
export class WebSocketConnection implements Dialled, WireEvents {
  claims: Connection['claims'] = 'fresh';
  readonly #kit: Kit;
  readonly #observe: Observe;
  readonly #cursors: Map<string, string>;
  readonly #user: string;
  readonly #firstFrame: Sendable | undefined;
  readonly #wire: Wire;
  readonly #veil: Veil;
  readonly #outstanding = new Outstanding();
  #resolveClosed: (closed: Closed) => void = ignore;
  readonly closed = new Promise<Closed>((resolve) => (this.#resolveClosed = resolve));
  #complaints: Complaints | null = null;
  #pings: Pings | null = null;
  /** Who waits until the session is in its rooms. */
  #waiting: Waiting | null;
  #joining: Joining | null;
  #stage: Stage = 'handshake';

  /** Throws where no handshake can be made: see `Wire`. */
  constructor(kit: Kit, attempt: Attempt, waiting: Waiting) {
    this.#waiting = waiting;
    this.#kit = kit;
    // Not the attempt itself: its signal and all that hangs on it would live as long as the connection.
    this.#observe = attempt.observe;
    this.#cursors = attempt.cursors;
    this.#user = attempt.seat.user;
    this.#veil = new Veil(attempt.credentials?.token ?? null);
    this.#joining = new Joining(kit.protocol, attempt, kit.options.encoding);
    const entrance = entranceOf(kit.options, attempt);
    this.#firstFrame = entrance.firstFrame;
    this.#wire = new Wire(entrance, kit.limits, this);
    const { ping, pong } = kit.options;
    // Thousands of connections have neither.
    if (ping || pong) this.#pings = this.#keepAlive();
  }

  send(message: Outgoing, { signal, written }: SendCall): Promise<Answer> {
    if (this.#stage !== 'ready' || !this.#wire.isOpen) return unoffered('the connection is closed');
    if (signal.aborted) return unoffered('called off before anything was sent');
    const frame = this.#frameOf(message);
    if (frame === null) return unoffered('the function `send` failed');
    written();
    this.#wire.send(frame);
    if (this.#kit.protocol.frames.acknowledge) return this.#outstanding.add(message.message, signal);
    return Promise.resolve({ answer: 'unsure', reason: 'the protocol has no acknowledgements' });
  }

  abandon(why: string): void {
    const rooms = this.#stage === 'joining' ? `not confirmed: ${String(this.#joining)}` : '';
    const at = this.#stage === 'joining' ? 'join' : 'handshake';
    const reason = [why, rooms, this.#grievances].filter((part) => part !== '').join('; ');
    this.#fail(new DialFailed(at, reason, this.#stage === 'joining' ? { closed: { by: 'session' } } : {}));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stage = 'ended';
    this.#pings?.stop();
    this.#outstanding.settleAll({ answer: 'unsure', reason: 'the session left' });
    await this.#wire.leave();
  }

  opened(instance: string | undefined): void {
    if (this.#stage !== 'handshake') return;
    this.#stage = 'joining';
    this.#observe({ kind: 'open', ...(instance === undefined ? {} : { instance }) });
    if (this.#firstFrame !== undefined) this.#wire.send(this.#firstFrame);
    this.#pings?.start();
    try {
      this.#joining?.begin((frame) => this.#wire.send(frame));
    } catch (error) {
      return this.abandon(this.#blamed(error));
    }
    this.#enterWhenJoined();
  }

  frame(frame: unknown): void {
    if (this.#stage === 'ended') return;
    this.#pings?.answer(frame);
    const { acknowledge, receive, joined } = this.#kit.protocol.frames;
    if (this.#joining) this.#seeJoined(this.#apply('joined', joined, frame));
    const acknowledgement = this.#apply('acknowledge', acknowledge, frame);
    if (acknowledgement) this.#settle(acknowledgement);
    const received = this.#apply('receive', receive, frame);
    if (received === null) return;
    for (const one of isList(received) ? received : [received]) {
      if (!this.#receive(one)) this.#misdid('receive', { gave: received }, frame);
    }
  }

  unreadable(kind: string): void {
    this.#complaints ??= new Complaints(this.#kit.note);
    this.#complaints.add(kind);
  }

  ended(end: WireEnd): void {
    this.#pings?.stop();
    const said = end.closed.reason === undefined ? '' : this.#veiled(end.closed.reason, 'close');
    const reason = [said, this.#grievances].filter((part) => part !== '').join('; ');
    const closed = {
      ...end.closed,
      ...(reason === '' ? {} : { reason }),
      ...(isRefusal(end.closed, unauthorizedCodes) ? { unauthorized: true as const } : {}),
    };
    this.#outstanding.settleAll({ answer: 'unsure', reason: `the connection was lost: ${inWords(closed)}` });
    if (this.#stage !== 'ready' && this.#stage !== 'ended') this.#fail(this.#failure(end, closed));
    this.#stage = 'ended';
    this.#resolveClosed(closed);
  }

  #failure({ answer, unreached }: WireEnd, closed: Closed): DialFailed {
    if (answer) {
      const { text, ...about } = answer;
      const said = this.#veiled(text, 'error');
      const unauthorized = answer.status === 401 || answer.status === 403;
      return new DialFailed('handshake', said === '' ? unexplained : said, { ...about, unauthorized });
    }
    if (this.#stage === 'handshake') return new DialFailed(unreached ? 'dial' : 'handshake', inWords(closed));
    const unauthorized = isRefusal(closed, refusedAtEntry);
    const about = { unauthorized, closed, ...(closed.code === undefined ? {} : { status: closed.code }) };
    return new DialFailed(unauthorized ? 'sign-in' : 'join', closed.reason ?? unexplained, about);
  }

  #fail(error: DialFailed): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    this.#pings?.stop();
    this.#joining = null;
    this.#waiting?.failed(error);
    this.#waiting = null;
    this.#wire.hangUp();
  }

  #seeJoined(joined: Joined | null): void {
    if (joined === null) return;
    if (joined.refused === undefined) this.#joining?.confirm(joined);
    else {
      const { refused, unauthorized = false } = joined;
      const closed = { by: 'session' } as const;
      this.#fail(new DialFailed('join', this.#veiled(String(refused), 'frame'), { unauthorized, closed }));
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

  #settle(answer: Acknowledgement): void {
    const message = 'text' in answer ? identityOf(answer.text, this.#kit.run).message : answer.id;
    if (message === null) return;
    // A message of another session, or of another run, is somebody's.
    if (typeof message !== 'string' || partsOf(message) === null) return this.#strangeId(message);
    if ('refused' in answer && answer.refused !== undefined) {
      const reason = this.#veiled(String(answer.refused), 'frame');
      return this.#outstanding.settle(message, { answer: 'nack', reason });
    }
    const id = wordOf(answer.storedAs);
    const position = wordOf(answer.position);
    this.#outstanding.settle(message, {
      answer: 'ack',
      ...(id === undefined ? {} : { id }),
      ...(position === undefined ? {} : { position }),
    });
  }

  /** Tells what came. False: this is no message. */
  #receive(received: Partial<ReceivedMessage> | null | undefined): boolean {
    const receipt = receiptOf(received, this.#kit);
    if (receipt === null) return false;
    if (receipt.position !== undefined) moveOn(this.#cursors, receipt.room, receipt.position);
    this.#observe(receipt);
    return true;
  }

  #apply<Result>(
    name: keyof FrameFunctions,
    map: ((frame: unknown) => Result | null) | undefined,
    frame: unknown,
  ): Result | null {
    try {
      const result = map?.(frame) ?? null;
      if (typeof result === 'object' && !(result instanceof Promise)) return result;
      this.#misdid(name, { gave: result }, frame);
    } catch (error) {
      this.#misdid(name, { threw: error }, frame);
    }
    return null;
  }

  /** Null: the function of the config failed. */
  #frameOf({ message: id, room, text }: Outgoing): Sendable | null {
    const message = { id, room, text, user: this.#user };
    try {
      const { options, protocol } = this.#kit;
      return forTheWire(options.encoding, 'send', () => protocol.frames.send(message), message);
    } catch (error) {
      this.#blamed(error);
      return null;
    }
  }

  #keepAlive(): Pings {
    const blame = (failure: MappingFailure) => void this.#blamed(failure);
    return new Pings(this.#kit.options, (data) => this.#wire.isOpen && this.#wire.send(data), blame);
  }

  #misdid(name: keyof FrameFunctions, misdeed: Misdeed, frame: unknown): void {
    this.#blamed(new MappingFailure(name, misdeed, frame));
  }

  /** Why, in a few words; the run is told more. Throws what is nobody's mapping. */
  #blamed(error: unknown): string {
    if (!(error instanceof MappingFailure)) throw error;
    this.#kit.broken(error, (text) => this.#veiled(text, 'frame'));
    return error.message;
  }

  #strangeId(id: unknown): void {
    const example = typeof id === 'string' ? `'${printable(this.#veiled(id, 'frame'))}'` : String(wordOf(id));
    this.#kit.note('`acknowledge` gave an id that nobody sent', `such as ${example}`);
  }

  /** What was wrong with frames, in words. */
  get #grievances(): string {
    return this.#complaints?.toString() ?? '';
  }

  #veiled(text: string, where: 'close' | 'error' | 'frame'): string {
    return this.#veil.over(text, () => this.#observe({ kind: 'leak', where }));
  }
}

const ignore = () => undefined;

/** The status or the close code says it all; it stands in a field of its own. */
const unexplained = 'no reason given';

const unoffered = (reason: string): Promise<Answer> => Promise.resolve({ answer: 'unoffered', reason });

const isRefusal = ({ by, code }: Closed, codes: ReadonlySet<number>) =>
  by === 'target' && code !== undefined && codes.has(code);

const inWords = ({ code, reason }: Closed) =>
  [code === undefined ? '' : `code ${code}`, reason ?? ''].filter((part) => part !== '').join(', ') ||
  unexplained;

/** `Array.isArray` does not narrow a readonly list. */
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
