import { messageOf, OutlastError } from '../../../base/errors.js';
import type { Seen } from '../../../history/events.js';
import type { Answer, Call, Client, Credentials, Observe, Outgoing, Seat, SendCall } from '../port.js';
import { Veil } from '../shared/veil.js';
import type { ClientHandles, Tell } from './definition.js';
import { Closing } from './ending.js';
import { connected, handlesOf, type Kit } from './kit.js';
import { Ledger } from './ledger.js';
import { Life, type LifeEnd } from './life.js';
import { sessionOf, tellingOf } from './session.js';
import { Speech } from './speech.js';

/** One call of `connect`: the library is in use from then until it is closed. */
interface Use {
  readonly off: AbortController;
  readonly closing: Closing;
  /** Resolves at the first `ready`. */
  readonly ready: Promise<void>;
  readonly isReady: () => void;
  readonly failed: (error: unknown) => void;
  /** What `connect` gave, as soon as it has. */
  handles: Promise<ClientHandles | null>;
  current: ClientHandles | null;
}

const untold =
  'It came back and had not said that it was trying: how long its handshake took, also one that hung, is counted as its own ' +
  'waiting. Call `tell.connecting()` where the library begins an attempt to come back';

/** A client whose library reconnects by itself: what it tells is cut into attempts and connections. */
export class SelfReconnecting implements Client {
  readonly #cursors = new Map<string, string>();
  readonly #speech: Speech;
  #observe: Observe;
  #use: Use | null = null;
  #life: Life | null = null;
  #conn = 0;
  /** With which call the last connection, or attempt, was told to be over. */
  #endedWith: LifeEnd['told'] | null = null;
  /** Is a connection open that the history knows of? */
  #isOpen = false;
  #credentials: Credentials | null = null;
  /** An attempt is told when it is known with which token, where tokens are asked for. */
  #asksForTokens = false;
  #disposal: Promise<void> | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly seat: Seat,
    observe: Observe,
  ) {
    this.#observe = observe;
    const { session, user } = seat;
    this.#speech = new Speech(kit, { session, user, ledger: new Ledger(), veil: () => this.#veil });
  }

  get connected(): boolean {
    return this.#disposal === null && (this.#use?.current ?? null) !== null && this.#life?.isReady === true;
  }

  async connect({ signal }: Call): Promise<void> {
    signal.throwIfAborted();
    if (this.#disposal)
      throw new OutlastError('INTERNAL', 'expected a client that is open, got a disposed one');
    const use = (this.#use ??= this.#begin());
    const abort = () => use.failed(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.all([use.ready, use.handles]);
    } catch (error) {
      // Left alone it would come in one day, and nobody wants it.
      await this.#leave(use);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  send(message: Outgoing, call: SendCall): Promise<Answer> {
    const keeps = this.kit.definition.offlineSend === 'buffered' && this.#disposal === null;
    const handles = this.#use?.current;
    if (handles && (this.connected || keeps)) return this.#speech.say(message, handles, call);
    return Promise.resolve({ answer: 'unoffered', reason: 'not connected' });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposal ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    if (this.#life && this.#isOpen) this.#see({ kind: 'close', by: 'session', code: 1000 });
    this.#observe = () => undefined;
    const use = this.#use;
    if (!use) return;
    use.failed(new OutlastError('INTERRUPTED', 'the session left before it was connected'));
    await this.#leave(use);
  }

  #begin(): Use {
    let isReady = (): void => undefined;
    let failed: Use['failed'] = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      isReady = resolve;
      failed = reject;
    });
    ready.catch(() => undefined);
    const closing = new Closing(this.kit, this.seat.session);
    const nothing = Promise.resolve(null);
    const use: Use = {
      off: new AbortController(),
      closing,
      ready,
      isReady,
      failed,
      handles: nothing,
      current: null,
    };
    this.#use = use;
    use.handles = this.#start(use);
    return use;
  }

  async #start(use: Use): Promise<ClientHandles | null> {
    const of = {
      cursors: this.#cursors,
      signal: use.off.signal,
      tell: this.#tell(use),
      token: () => this.#token(use),
    };
    const giving = connected(this.kit, sessionOf(this.kit, this.seat, of));
    if (!this.#asksForTokens) this.#attempt();
    try {
      use.current = handlesOf(this.kit, await giving, this.seat.session);
      if (use.current === null)
        use.failed(new OutlastError('CLIENT_MISBEHAVED', '`connect` gave nothing that can be used'));
    } catch (error) {
      const did = `failed in \`connect\` with ${this.#veil.over(messageOf(error), () => undefined)}`;
      this.kit.breach({ rule: 'throws-nothing', did });
      this.#current().refused({ reason: messageOf(error) });
      use.failed(error);
    }
    return use.current;
  }

  /** The end of a use, before or after it was ready. */
  async #leave(use: Use): Promise<void> {
    this.#speech.lost('the session left');
    use.off.abort();
    const closed = use.handles.then((handles) => use.closing.close(handles));
    // `connect` may never give anything: what is told meanwhile is of nobody.
    if (use.current) await closed;
    else void use.closing.close(null);
    if (this.#use === use) {
      this.#use = null;
      this.#life = null;
    }
  }

  #tell(use: Use): Tell {
    return tellingOf(
      (told) => {
        if (!use.closing.hears(told)) return null;
        // The end of what has ended already is nothing new: libraries tell an error and a close.
        if (told === 'closed' && !this.#life) return null;
        if (told === 'acknowledged' || told === 'rejected' || told === 'received')
          return this.#life ?? this.#ended;
        const isThere = told === 'opened' || told === 'ready';
        if (isThere && !this.#life && this.#conn > 0) this.kit.hint(untold);
        return this.#current();
      },
      (id, reply) => this.#speech.answer(id, reply),
      () => {
        if (use.closing.hears('connecting') && !this.#life && !this.#asksForTokens) this.#attempt();
      },
    );
  }

  /** Where a message is told when nothing is open. */
  get #ended(): Life {
    const life = new Life({ ...this.#lifeOf(), observe: () => undefined, over: () => undefined });
    if (this.#endedWith !== null) life[this.#endedWith]();
    return life;
  }

  async #token(use: Use): Promise<string> {
    this.#asksForTokens = true;
    let credentials: Credentials;
    try {
      credentials = await this.seat.credentials({ signal: use.off.signal });
    } catch (error) {
      // Whoever is leaving is not to fail on the way: what is done with this token is no connection of ours any more.
      if (use.off.signal.aborted) return this.#credentials?.token ?? '';
      this.#observe({ kind: 'refused', at: 'sign-in', reason: messageOf(error) });
      throw error;
    }
    this.#credentials = credentials;
    if (!this.#life && !use.off.signal.aborted) this.#attempt();
    return credentials.token;
  }

  /** The attempt that is under way, which begins now where none is. */
  #current(): Life {
    if (!this.#life || this.#life.isOver) this.#attempt();
    return this.#life ?? this.#ended;
  }

  #attempt(): void {
    const token = this.#credentials === null ? {} : { token: this.#credentials.label };
    this.#conn += 1;
    this.#isOpen = false;
    this.#life = new Life(this.#lifeOf());
    this.#see({ kind: 'connect', door: this.kit.definition.name, ...token });
  }

  #lifeOf(): ConstructorParameters<typeof Life>[0] {
    const { session, rooms } = this.seat;
    return {
      ...{ kit: this.kit, session, rooms, cursors: this.#cursors, veil: () => this.#veil },
      observe: (seen) => this.#see(seen),
      ready: (claims) => {
        this.#see({ kind: 'ready', claims });
        this.#use?.isReady();
      },
      over: (end) => this.#over(end),
    };
  }

  #over({ told, was, refusal, closed }: LifeEnd): void {
    this.#life = null;
    this.#endedWith = told;
    this.#isOpen = false;
    const { reason, status, unauthorized } = refusal;
    if (was !== 'ready') {
      const at = unauthorized ? 'sign-in' : was === 'dialling' ? 'dial' : 'join';
      this.#see({ kind: 'refused', at, reason, ...(status === undefined ? {} : { status }) });
    }
    if (was !== 'dialling') {
      const { by, code, reason: said } = closed;
      this.#see({
        kind: 'close',
        by,
        ...(code === undefined ? {} : { code }),
        ...(said === undefined ? {} : { reason: said }),
      });
    }
    if (this.kit.definition.resends !== 'library') this.#speech.lost(`the connection was lost: ${reason}`);
    if (unauthorized && this.#credentials) this.seat.rejected(this.#credentials);
  }

  #see(seen: Seen): void {
    if (seen.kind === 'open') this.#isOpen = true;
    this.#observe({ ...seen, conn: this.#conn });
  }

  get #veil(): Veil {
    return new Veil(this.#credentials?.token ?? null);
  }
}
