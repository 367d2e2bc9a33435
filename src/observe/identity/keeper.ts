import { messageOf, OutlastError } from '../../base/errors.js';
import type { Seen } from '../../history/events.js';
import type { Redactor } from '../record/port.js';
import { wallClock } from '../record/index.js';
import { statusOf } from './exchange.js';
import { type Call, type Credentials, type Grant, Refused, type SignIn, type User } from './port.js';
import { Shared } from './shared.js';

export interface KeeperOptions {
  readonly session: string;
  readonly user: User;
  readonly signIn: SignIn;
  readonly observe: (seen: Seen) => void;
  readonly redactor: Pick<Redactor, 'clean'>;
  /** The wall clock, in ms since 1970; the system's unless told. */
  readonly now?: () => number;
}

/** How an attempt to renew a token ended. `unsupported`: there is nothing to renew, or nothing to renew it with. */
export type Renewal = 'renewed' | 'refused' | 'no-answer' | 'unsupported';

/**
 * One session's credentials. It signs in once. A token is renewed when it is asked for after 80 % of its life, or when the
 * target refused it; only when the renewal is refused too, or there is none, the session signs in again. Each answer is
 * told as a `sign-in` event.
 */
export interface Keeper {
  /** The latest grant; null before the first sign-in. */
  readonly grant: Grant | null;
  /** A token for now. Callers at the same time share one request. Rejects when none is to be had now. */
  credentials(call: Call): Promise<Credentials>;
  /** The target refused this token: it is not handed out again. News of an earlier token changes nothing. */
  rejected(credentials: Credentials): void;
  /** Renews now, whatever the token's age. Never signs in. Rejects only when the signal aborts. */
  renew(call: Call): Promise<Renewal>;
}

export const createKeeper = (options: KeeperOptions): Keeper => new SessionKeeper(options);

/** A token is renewed when this part of its life is over. */
const renewAfter = 0.8;

interface Held {
  readonly grant: Grant;
  readonly credentials: Credentials;
  readonly renewAt: number;
}

class SessionKeeper implements Keeper {
  readonly #options: KeeperOptions;
  readonly #now: () => number;
  readonly #obtaining = new Shared((signal) => this.#obtain(signal));
  readonly #renewing = new Shared((signal) => this.#renew(signal));
  #held: Held | null = null;
  #rejected = false;
  #renewalRefused = false;
  #tokens = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? wallClock;
  }

  get grant(): Grant | null {
    return this.#held?.grant ?? null;
  }

  async credentials({ signal }: Call): Promise<Credentials> {
    signal.throwIfAborted();
    const held = this.#held;
    if (held && !this.#rejected && this.#now() < held.renewAt) return held.credentials;
    return this.#obtaining.join(signal);
  }

  rejected({ label }: Credentials): void {
    if (label === this.#held?.credentials.label) this.#rejected = true;
  }

  async renew({ signal }: Call): Promise<Renewal> {
    return this.#renewing.join(signal);
  }

  async #obtain(signal: AbortSignal): Promise<Credentials> {
    if (!this.#held) return this.#signIn('first', signal);
    const renewal = await this.#renewing.join(signal);
    // While the target does not answer, a token that is still good is better than none.
    if (this.#isGood(this.#held)) return this.#held.credentials;
    if (renewal !== 'no-answer') return this.#signIn('again', signal);
    throw new OutlastError('SIGN_IN_FAILED', 'the token could not be renewed: the target did not answer');
  }

  #isGood({ grant }: Held): boolean {
    return !this.#rejected && (grant.expiresAt === undefined || this.#now() < grant.expiresAt);
  }

  async #renew(signal: AbortSignal): Promise<Renewal> {
    const { signIn } = this.#options;
    if (!this.#held || !signIn.refresh) return 'unsupported';
    if (this.#renewalRefused) return 'refused';
    try {
      this.#hold(await signIn.refresh(this.#held.grant, { signal }), 'refresh');
      return 'renewed';
    } catch (error) {
      signal.throwIfAborted();
      this.#tellFailure('refresh', error);
      if (!(error instanceof Refused)) return 'no-answer';
      this.#renewalRefused = true;
      return 'refused';
    }
  }

  async #signIn(how: 'first' | 'again', signal: AbortSignal): Promise<Credentials> {
    const { signIn, user } = this.#options;
    try {
      return this.#hold(await signIn.signIn(user, { signal }), how);
    } catch (error) {
      signal.throwIfAborted();
      this.#tellFailure(how, error);
      throw error;
    }
  }

  #hold(grant: Grant, how: 'first' | 'refresh' | 'again'): Credentials {
    const now = this.#now();
    const { token, expiresAt, user } = grant;
    const credentials = { token, label: `s${this.#options.session}-${++this.#tokens}` };
    const renewAt = expiresAt === undefined ? Infinity : now + (expiresAt - now) * renewAfter;
    this.#held = { grant, credentials, renewAt };
    this.#rejected = false;
    this.#renewalRefused = false;
    this.#options.observe({
      kind: 'sign-in',
      how,
      ok: true,
      token: credentials.label,
      ...(user === undefined ? {} : { user }),
      ...(expiresAt === undefined ? {} : { expiresInMs: expiresAt - now }),
    });
    return credentials;
  }

  #tellFailure(how: 'first' | 'refresh' | 'again', error: unknown): void {
    const status = statusOf(error);
    const reason = this.#options.redactor.clean(messageOf(error));
    this.#options.observe({
      kind: 'sign-in',
      how,
      ok: false,
      reason,
      ...(status === undefined ? {} : { status }),
    });
  }
}
