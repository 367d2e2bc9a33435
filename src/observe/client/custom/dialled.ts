import { messageOf } from '../../../base/errors.js';
import { type Attempt, type Closed, type Connection, type Connector, DialFailed } from '../port.js';
import { Veil } from '../shared/veil.js';
import type { ClientHandles } from './definition.js';
import { Closing } from './ending.js';
import { connected, handlesOf, type Kit } from './kit.js';
import { Ledger } from './ledger.js';
import { Life, type LifeEnd } from './life.js';
import { sessionOf, tellingOf } from './session.js';
import { Speech } from './speech.js';

/** A client that does not come back by itself: `connect` is one attempt. */
export function dialled(kit: Kit): Connector {
  const { name, url, alsoDials = [], lacks = {}, dialTimeoutMs = 10_000 } = kit.definition;
  // One map of cursors serves all attempts of a session, and so does one ledger.
  const ledgers = new WeakMap<object, Ledger>();
  return {
    ...{ name, lacks, dials: [url, ...alsoDials] },
    admission: lacks.acknowledgements === undefined ? 'acknowledgement' : 'unseen',
    dial: (attempt) => {
      const ledger = ledgers.get(attempt.cursors) ?? new Ledger();
      ledgers.set(attempt.cursors, ledger);
      return new Dial(kit, attempt, ledger).enter(dialTimeoutMs);
    },
  };
}

/** One attempt, and the connection that came of it. */
class Dial implements Connection {
  claims: Connection['claims'] = 'fresh';
  #resolveClosed: (closed: Closed) => void = () => undefined;
  readonly closed = new Promise<Closed>((resolve) => (this.#resolveClosed = resolve));
  #handles: ClientHandles | null = null;
  readonly #off = new AbortController();
  readonly #closing: Closing;
  readonly #life: Life;
  readonly #speech: Speech;
  #ready: () => void = () => undefined;
  #failed: (error: DialFailed) => void = () => undefined;

  constructor(
    private readonly kit: Kit,
    private readonly attempt: Attempt,
    ledger: Ledger,
  ) {
    const { seat, cursors, observe, credentials } = attempt;
    const { session, user, rooms } = seat;
    const veil = new Veil(credentials?.token ?? null);
    this.#closing = new Closing(kit, session);
    this.#speech = new Speech(kit, { session, user, ledger, veil: () => veil });
    this.#life = new Life({
      ...{ kit, session, rooms, cursors, observe, veil: () => veil },
      ready: (claims) => {
        this.claims = claims;
        this.#ready();
      },
      over: (end) => this.#over(end),
    });
  }

  async enter(withinMs: number): Promise<Connection> {
    const { signal } = this.attempt;
    signal.throwIfAborted();
    const callOff = () => this.#failed(new DialFailed('dial', 'the attempt was called off'));
    signal.addEventListener('abort', callOff, { once: true });
    const late = () => this.#life.refused({ reason: `expected to be ready within ${withinMs} ms` });
    const timer = setTimeout(late, withinMs);
    try {
      await Promise.all([this.#isReady(), this.#connect()]);
      return this;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', callOff);
    }
  }

  send(...[message, call]: Parameters<Connection['send']>): ReturnType<Connection['send']> {
    if (!this.#handles || !this.#life.isReady) {
      return Promise.resolve({ answer: 'unoffered', reason: 'the connection is closed' });
    }
    return this.#speech.say(message, this.#handles, call);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#speech.lost('the session left');
    this.#life.closed({ by: 'session', code: 1000 });
    this.#off.abort();
    await this.#closing.close(this.#handles);
  }

  #isReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ready = resolve;
      this.#failed = reject;
    });
  }

  async #connect(): Promise<void> {
    const { seat, cursors, credentials } = this.attempt;
    const tell = tellingOf(
      (told) => (this.#closing.hears(told) ? this.#life : null),
      (id, reply) => this.#speech.answer(id, reply),
      // We dial, and have said so.
      () => undefined,
    );
    const token = () => Promise.resolve(credentials?.token ?? '');
    const session = sessionOf(this.kit, seat, { token, cursors, tell, signal: this.#off.signal });
    let given: unknown;
    try {
      given = await connected(this.kit, session);
    } catch (error) {
      this.#life.refused(refusalIn(error));
      throw new DialFailed('dial', 'the function `connect` failed');
    }
    const handles = handlesOf(this.kit, given, seat.session);
    if (handles === null)
      throw new DialFailed('dial', 'the function `connect` gave nothing that can be used');
    // What came too late is closed all the same.
    if (this.#off.signal.aborted) await new Closing(this.kit, seat.session).close(handles);
    else this.#handles = handles;
  }

  #over({ was, refusal, closed }: LifeEnd): void {
    this.#speech.lost(`the connection was lost: ${refusal.reason}`);
    if (was === 'ready') return this.#resolveClosed(closed);
    const { reason, ...more } = refusal;
    const at = refusal.unauthorized ? 'sign-in' : was === 'dialling' ? 'dial' : 'join';
    this.#failed(new DialFailed(at, reason, { ...more, ...(was === 'open' ? { closed } : {}) }));
  }
}

/** Libraries throw errors with a status or a code of their protocol. */
function refusalIn(error: unknown): { reason: string; status?: number } {
  const found: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined;
  return { reason: messageOf(error), ...(typeof found === 'number' ? { status: found } : {}) };
}
