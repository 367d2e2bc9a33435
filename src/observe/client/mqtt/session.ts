import { setTimeout as sleep } from 'node:timers/promises';
import type { Packet, Suback } from './packets.js';
import { messageOf, OutlastError } from '../../../base/errors.js';
import type { Seen } from '../../../history/events.js';
import { eitherOf } from '../../../system/signals.js';
import type { Answer, Call, Client, Credentials, Observe, Outgoing, Seat, SendCall } from '../port.js';
import { MappingFailure } from '../shared/mapping.js';
import { Outstanding } from '../shared/outstanding.js';
import { receiptOf } from '../shared/receipt.js';
import { Veil } from '../shared/veil.js';
import { codeInWords, isFailure, statusOf } from './codes.js';
import { type Entrance, loginOf } from './entrance.js';
import { clientIdOf, clientName, type Kit } from './kit.js';
import { Link, type LinkEnd, type LinkEvents } from './link.js';
import { Outbox, type Letter } from './outbox.js';
import { NotJson } from './payloads.js';
import { Rooms } from './rooms.js';
import { forget } from './visit.js';

/** Who waits for the next `ready`. */
interface Arrival {
  readonly done: Promise<void>;
  readonly arrived: () => void;
  readonly failed: (reason: unknown) => void;
}

/** One session at a broker. The library connects again by itself and keeps what it could not send; this tells what is seen of it. */
export class MqttSession implements Client, LinkEvents {
  readonly #outstanding = new Outstanding();
  readonly #outbox = new Outbox();
  readonly #life = new AbortController();
  #observe: Observe;
  #veil = new Veil(null);
  #credentials: Credentials | null = null;
  #rooms: Rooms | null = null;
  #link: Link | null = null;
  #starting: AbortController | null = null;
  #arrival: Arrival | null = null;
  #disposal: Promise<void> | null = null;
  #attempts = 0;
  #isOpen = false;
  #isReady = false;
  #isHangingUp = false;
  /** The broker has said that it has kept the session. */
  #isPresent = false;
  /** It was let in at least once: a kept session is there, to be taken away. */
  #wasOpen = false;
  #overdue: NodeJS.Timeout | undefined;

  constructor(
    private readonly kit: Kit,
    private readonly seat: Seat,
    observe: Observe,
  ) {
    this.#observe = observe;
  }

  get connected(): boolean {
    return this.#isReady && this.#disposal === null;
  }

  async connect(call: Call): Promise<void> {
    const signal = eitherOf([call.signal]);
    signal.throwIfAborted();
    if (this.#disposal)
      throw new OutlastError('INTERNAL', 'expected a client that is open, got a disposed one');
    if (this.#isReady) return;
    const { done } = (this.#arrival ??= newArrival());
    if (!this.#link && !this.#starting) void this.#start();
    const abort = () => this.#halt(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await done;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  send({ message, room, text }: Outgoing, { signal, written }: SendCall): Promise<Answer> {
    if (!this.#link || this.#disposal) return unoffered('not connected');
    if (signal.aborted) return unoffered('called off before anything was sent');
    const parcel = this.#parcelOf({ message, room, text });
    if (!parcel) return unoffered('a function of the config failed');
    const answer = this.#outstanding.add(message, signal);
    const letter = this.#outbox.add(parcel.topic, parcel.payload, () => written(this.#attempts));
    this.#link.publish(parcel.topic, parcel.payload, (error) => {
      this.#outbox.remove(letter);
      this.#outstanding.settle(message, this.#answerOf(error, letter));
    });
    return answer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposal ??= this.#dispose());
  }

  begun(): void {
    this.#attempts++;
    const token = this.#credentials?.label;
    this.#tell({ kind: 'connect', door: clientName, ...(token === undefined ? {} : { token }) });
  }

  opened(isPresent: boolean): void {
    this.#isOpen = this.#wasOpen = true;
    this.#isPresent = this.#isKept && isPresent;
    this.#tell({ kind: 'open' });
    const withinMs = this.kit.options.connectTimeoutMs ?? 10_000;
    this.#overdue = setTimeout(() => {
      this.#refuse(
        `expected to be in every room within ${withinMs} ms; not confirmed: ${String(this.#rooms)}`,
      );
    }, withinMs);
    this.#rooms?.opened(this.#isPresent);
    this.#enterWhenJoined();
  }

  flushed(): void {
    const missing = this.#rooms?.missing ?? [];
    if (missing.length > 0) this.#link?.subscribe(missing);
  }

  sent(packet: Packet): void {
    if (packet.cmd === 'publish') this.#outbox.writes(packet);
    else if (packet.cmd === 'subscribe') this.#rooms?.asks(packet);
  }

  granted(packet: Suback): void {
    const { qos = 1 } = this.kit.options;
    const refused = this.#rooms?.granted(packet, qos, (lesser) => {
      this.kit.note(`the broker granted QoS ${lesser} where ${qos} was asked for`);
    });
    if (refused) {
      const said = packet.properties?.reasonString;
      const reason = `${refused.room}: ${codeInWords('SUBACK', refused.code, said && this.#veiled(said))}`;
      this.#refuse(reason, statusOf(refused.code));
    } else this.#enterWhenJoined();
  }

  received(topic: string, payload: Buffer): void {
    const { topics, payloads, note } = this.kit;
    const room = topics.roomOf(topic);
    try {
      const receipt = receiptOf(payloads.read(payload, { topic, room }), this.kit);
      if (receipt) this.#tell(receipt);
    } catch (error) {
      if (error instanceof NotJson) note('a payload was no JSON');
      else this.#blamed(error);
    }
  }

  ended(end: LinkEnd): void {
    clearTimeout(this.#overdue);
    this.#isOpen = this.#isReady = false;
    if (end.wasOpen) {
      const { unauthorized = false, ...closed } = this.#isHangingUp ? { by: 'session' as const } : end.closed;
      this.#isHangingUp = false;
      const reason = closed.reason === undefined ? {} : { reason: this.#veiled(closed.reason) };
      this.#tell({ kind: 'close', ...closed, ...reason });
      void this.#renew(unauthorized);
    } else {
      const { wasOpen: _, reason, ...refusal } = end;
      this.#tell({ kind: 'refused', ...refusal, reason: this.#veiled(reason) });
      void this.#renew(refusal.at === 'sign-in');
    }
    // The library tries again, and does not say when: this is its whole pause.
    this.#observe({ kind: 'wait', ms: this.#pauseMs, why: 'backoff' });
  }

  get #isKept(): boolean {
    return this.kit.options.session === 'kept';
  }

  get #pauseMs(): number {
    return this.kit.options.reconnectPeriodMs ?? 1_000;
  }

  async #start(): Promise<void> {
    const starting = (this.#starting = new AbortController());
    try {
      const topics = this.seat.rooms.map((room) => [this.kit.topics.of(room), room] as const);
      this.#rooms = new Rooms(new Map(topics), (seen) => this.#tell(seen));
      this.#use(await this.#firstCredentials(starting.signal));
      this.#link = new Link(this.kit.library, this.#entrance(), this);
    } catch (error) {
      if (starting.signal.aborted) return;
      this.#arrival?.failed(error instanceof MappingFailure ? this.#blamed(error) : error);
      this.#arrival = null;
    } finally {
      if (this.#starting === starting) this.#starting = null;
    }
  }

  /** The library is begun with credentials; until there are any, it is not. */
  async #firstCredentials(signal: AbortSignal): Promise<Credentials> {
    for (;;) {
      try {
        return await this.seat.credentials({ signal });
      } catch (error) {
        signal.throwIfAborted();
        this.#observe({ kind: 'refused', at: 'sign-in', reason: messageOf(error) });
      }
      this.#observe({ kind: 'wait', ms: this.#pauseMs, why: 'backoff' });
      await sleep(this.#pauseMs, undefined, { signal });
    }
  }

  /** Asks for the credentials of the next attempt. It does not wait for them: the library tries when it will. */
  async #renew(unauthorized: boolean): Promise<void> {
    const { signal } = this.#life;
    if (unauthorized && this.#credentials) this.seat.rejected(this.#credentials);
    try {
      const credentials = await this.seat.credentials({ signal });
      signal.throwIfAborted();
      this.#use(credentials);
      this.#link?.useLogin(loginOf(this.seat, credentials));
    } catch (error) {
      if (!signal.aborted) this.#observe({ kind: 'refused', at: 'sign-in', reason: messageOf(error) });
    }
  }

  #use(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#veil = new Veil(credentials.token);
  }

  #entrance(): Entrance {
    const { options } = this.kit;
    return {
      ...{ options, clientId: clientIdOf(this.kit, this.seat.session), kept: this.#isKept },
      through: this.seat.resolve(options.url),
      origin: (this.seat.origin ?? this.seat.resolve)(options.url),
      login: loginOf(this.seat, this.#credentials),
    };
  }

  #enterWhenJoined(): void {
    if (!this.#isOpen || this.#isReady || this.#rooms?.missing.length !== 0) return;
    clearTimeout(this.#overdue);
    this.#isReady = true;
    const claims = !this.#isKept ? 'unstated' : this.#isPresent ? 'resumed' : 'fresh';
    this.#tell({ kind: 'ready', claims });
    this.#arrival?.arrived();
    this.#arrival = null;
  }

  /** It is in, and cannot be in its rooms: it hangs up, and the library comes again. */
  #refuse(reason: string, status?: number): void {
    this.#isHangingUp = true;
    this.#tell({ kind: 'refused', at: 'join', reason, ...(status === undefined ? {} : { status }) });
    this.#link?.drop();
  }

  /** Null: a function of the config failed. */
  #parcelOf({ message: id, room, text }: Outgoing): { topic: string; payload: string } | null {
    try {
      const payload = this.kit.payloads.write({ id, room, text, user: this.seat.user });
      return { topic: this.kit.topics.of(room), payload };
    } catch (error) {
      this.#blamed(error);
      return null;
    }
  }

  #answerOf(error: Error | undefined, letter: Letter): Answer {
    const { qos = 1 } = this.kit.options;
    if (!error) return qos === 0 ? { answer: 'unsure', reason: notAcknowledged } : { answer: 'ack' };
    if (!letter.isWritten) return { answer: 'unoffered', reason: `mqtt.js gave it up: ${messageOf(error)}` };
    const code = 'code' in error && typeof error.code === 'number' ? error.code : 0;
    if (!isFailure(code)) return { answer: 'unsure', reason: messageOf(error) };
    return { answer: 'nack', reason: codeInWords(qos === 2 ? 'PUBREC' : 'PUBACK', code) };
  }

  /** The config's author is told; anything else that was thrown is thrown again. */
  #blamed(error: unknown): OutlastError {
    if (!(error instanceof MappingFailure)) throw error;
    const veiled = (text: string) => this.#veiled(text, 'frame');
    this.kit.broken(error, veiled);
    return error.inWords(veiled);
  }

  #veiled(text: string, where: 'error' | 'frame' = 'error'): string {
    return this.#veil.over(text, () => this.#tell({ kind: 'leak', where }));
  }

  #tell(seen: Seen): void {
    this.#observe({ ...seen, conn: this.#attempts });
  }

  /** Nobody wants the connection any more that was asked for. */
  #halt(reason: unknown): void {
    this.#starting?.abort(reason);
    this.#starting = null;
    this.#arrival?.failed(reason);
    this.#arrival = null;
    if (this.#isOpen) this.#tell({ kind: 'close', by: 'session' });
    this.#isOpen = this.#isReady = false;
    clearTimeout(this.#overdue);
    void this.#link?.leave();
    this.#link = null;
  }

  async #dispose(): Promise<void> {
    const link = this.#link;
    this.#halt(new OutlastError('INTERNAL', 'expected a client that is open; it was disposed'));
    this.#observe = () => undefined;
    this.#life.abort();
    this.#outstanding.settleAll({ answer: 'unsure', reason: 'the session left' });
    await link?.leave();
    if (this.#isKept && this.#wasOpen) await forget(this.kit.library, this.#entrance());
  }
}

const notAcknowledged = 'QoS 0 is not acknowledged';

const unoffered = (reason: string): Promise<Answer> => Promise.resolve({ answer: 'unoffered', reason });

function newArrival(): Arrival {
  let arrived: Arrival['arrived'] = () => undefined;
  let failed: Arrival['failed'] = arrived;
  const done = new Promise<void>((resolve, reject) => {
    arrived = resolve;
    failed = reject;
  });
  // Who waits for it is told; after an abort, nobody may.
  done.catch(() => undefined);
  return { done, arrived, failed };
}
