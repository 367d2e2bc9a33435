import type { Agent } from 'node:http';
import { printable } from '../../../base/printable.js';
import type { Answer, Attempt, Outgoing, SendCall } from '../port.js';
import { attempted, MappingFailure } from '../shared/mapping.js';
import { CallingOff } from '../shared/calling-off.js';
import { wordOf } from '../shared/receipt.js';
import { addressOf, type Destination, destinationOf, filled, isPlainPath } from './address.js';
import type { Interpreter } from './interpreter.js';
import { agentTo, type Answered, bodyOf, Exchange, NoAnswer, plainHeaders } from './exchange.js';
import type {
  RequestToken,
  SendAcknowledgement,
  SendAnswer,
  SendingOptions,
  SendRequest,
} from './options.js';

/** What the requests of one connection are made with. */
interface PostingOptions extends Omit<SendingOptions, 'sendTo'> {
  /** An address of the host at which messages are sent, filled in. */
  readonly sendTo: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: RequestToken;
}

/** What the options of a client say of its messages. */
type Told = SendingOptions & Partial<Pick<PostingOptions, 'headers' | 'token'>> & { readonly url: string };

/** The connection whose messages are posted. */
interface Owner extends Pick<Attempt, 'seat' | 'credentials'> {
  readonly interpreter: Pick<Interpreter, 'veiled' | 'blamed'>;
  /** The token was refused: 401. */
  unauthorized(): void;
}

/** A request that waits for its answer, and what calls it off. */
interface UnderWay {
  readonly exchange: Exchange<Answer>;
  readonly signal: AbortSignal;
}

/** A longer answer to a message is none. */
const maxAnswerBytes = 1024 * 1024;
/** Shown of an answer that refuses, in characters. */
const longestShown = 200;
/** These 4xx do not say that the message was refused: come again (RFC 9110 15.5.9, RFC 8470, RFC 6585). */
const comeAgain: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends messages, each by a request of its own, one after the other: a message waits until the one before it has its
 * answer, as in an outbox. So what one session says stays in order.
 */
export class Posting {
  readonly #options: PostingOptions;
  readonly #owner: Owner;
  /** Made when they are first needed: most sessions are idle, and both weigh more than all else here. */
  #agent: Agent | null = null;
  #calls: CallingOff | null = null;
  #underWay: UnderWay[] = [];
  /** The host of all messages, with what every request says there. */
  #host: Destination | null = null;
  #isReleased = false;
  #hasLeft = false;

  constructor(told: Told, owner: Owner) {
    this.#options = optionsOf(told, owner.seat);
    this.#owner = owner;
  }

  async send(outgoing: Outgoing, { signal, written }: SendCall): Promise<Answer> {
    if (signal.aborted || this.#hasLeft) return unoffered('called off before anything was sent');
    const question = this.#questionOf(outgoing);
    if (typeof question === 'string') return unoffered(question);
    const agent = (this.#agent ??= agentTo(this.#options.sendTo, 1));
    const exchange = new Exchange<Answer>({ ...question, agent, maxBytes: maxAnswerBytes, leaving: written });
    const underWay = this.#begin(exchange, signal);
    try {
      return await exchange.answer((answered) => this.#answerOf(answered, outgoing.message));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const reason = this.#owner.interpreter.veiled(error.message);
      return error.left ? { answer: 'unsure', reason } : unoffered(reason);
    } finally {
      this.#end(underWay);
    }
  }

  /** What is under way is still answered, and then its sockets are closed: the stream is lost, and not the answer. */
  release(): void {
    this.#isReleased = true;
    this.#closeWhenOver();
  }

  /** Ends everything at once: what is under way stays unsure. */
  leave(): void {
    this.#hasLeft = true;
    for (const { exchange } of this.#underWay) exchange.callOff();
    this.#agent?.destroy();
  }

  #begin(exchange: Exchange<Answer>, signal: AbortSignal): UnderWay {
    this.#calls ??= new CallingOff((aborted) => this.#callOff(aborted));
    this.#calls.begin(signal);
    const underWay = { exchange, signal };
    this.#underWay.push(underWay);
    return underWay;
  }

  #end(underWay: UnderWay): void {
    this.#underWay.splice(this.#underWay.indexOf(underWay), 1);
    this.#calls?.end(underWay.signal);
    this.#closeWhenOver();
  }

  #callOff(aborted: AbortSignal): void {
    for (const { exchange, signal } of this.#underWay) if (signal === aborted) exchange.callOff();
  }

  #closeWhenOver(): void {
    if (this.#underWay.length > 0 || !(this.#isReleased || this.#hasLeft)) return;
    this.#calls?.stop();
    if (this.#isReleased) this.#agent?.destroy();
  }

  /** A text: why there is none. */
  #questionOf({ message: id, room, text }: Outgoing) {
    const { user } = this.#owner.seat;
    const message = { id, room, text, user };
    try {
      const made: unknown = attempted('http.send', () => this.#options.send(message), message);
      const request = requestOf(made, message);
      const { host, path, headers: always } = this.#destinationOf(request.path);
      const { type, body } = bodyToSend(request.body, message);
      const length = { 'content-length': String(Buffer.byteLength(body)) };
      const headers = { ...always, ...type, ...request.headers, ...length };
      return { to: { host, path, headers }, body, method: request.method ?? 'POST' };
    } catch (error) {
      return this.#owner.interpreter.blamed(error);
    }
  }

  /** Only what is not plain is read as an address: that takes as long as the request does. */
  #destinationOf(path: string): Destination {
    const { headers, token, sendToken = token, sendTo } = this.#options;
    const at = (place: string) =>
      destinationOf(addressOf(this.#owner, { headers, token: sendToken }, sendTo, place));
    const isInPath = sendToken === 'query' || (typeof sendToken === 'object' && 'query' in sendToken);
    if (isInPath || !isPlainPath(path)) return at(path);
    return { ...(this.#host ??= at('/')), path };
  }

  #answerOf(answered: Answered, id: string): Answer {
    const { status, text } = answered;
    if (status >= 200 && status < 300) {
      const headers = plainHeaders(answered.headers);
      return this.#acknowledged({ status, body: bodyOf(text), headers, id });
    }
    if (status === 401) this.#owner.unauthorized();
    const said = printable(this.#owner.interpreter.veiled(text), longestShown);
    const reason = said === '' ? `status ${status}` : `status ${status}: ${said}`;
    const isRefusal = status >= 400 && status < 500 && !comeAgain.has(status);
    return { answer: isRefusal ? 'nack' : 'unsure', reason };
  }

  #acknowledged(answer: SendAnswer): Answer {
    const said = this.#askedAbout(answer);
    if (said === null)
      return { answer: 'unsure', reason: `status ${answer.status}, which acknowledges nothing` };
    if (said.refused !== undefined) {
      return { answer: 'nack', reason: this.#owner.interpreter.veiled(String(said.refused)) };
    }
    const id = wordOf(said.storedAs);
    const position = wordOf(said.position);
    return {
      answer: 'ack',
      ...(id === undefined ? {} : { id }),
      ...(position === undefined ? {} : { position }),
    };
  }

  #askedAbout(answer: SendAnswer): SendAcknowledgement | null {
    const { acknowledge } = this.#options;
    if (!acknowledge) return {};
    try {
      const said: unknown = attempted('http.acknowledge', () => acknowledge(answer), answer);
      if (typeof said === 'object' && !(said instanceof Promise)) return said as SendAcknowledgement | null;
      throw new MappingFailure('http.acknowledge', { gave: said }, answer);
    } catch (error) {
      this.#owner.interpreter.blamed(error);
      return null;
    }
  }
}

/** Checks what `send` gave. Throws `MappingFailure`. */
function requestOf(made: unknown, message: unknown): SendRequest {
  const isRequest = typeof made === 'object' && made !== null && 'path' in made;
  if (isRequest && typeof made.path === 'string' && /^\/(?!\/)/.test(made.path)) return made as SendRequest;
  throw new MappingFailure('http.send', { gave: made }, message);
}

/** Throws `MappingFailure`. */
function bodyToSend(body: unknown, message: unknown): { type: Record<string, string>; body: string } {
  if (body === undefined) return { type: {}, body: '' };
  if (typeof body === 'string') return { type: { 'content-type': 'text/plain; charset=utf-8' }, body };
  const json: string | undefined = attempted('http.send', () => JSON.stringify(body), message);
  if (json === undefined) throw new MappingFailure('http.send', { gave: body }, message);
  return { type: { 'content-type': 'application/json' }, body: json };
}

const unoffered = (reason: string): Answer => ({ answer: 'unoffered', reason });

function optionsOf(told: Told, seat: Attempt['seat']): PostingOptions {
  const { url, sendTo = url, headers = {}, token = 'header' } = told;
  return { ...told, headers, token, sendTo: filled(sendTo, seat) };
}
