import { OutlastError } from '../../../src/base/errors.js';
import { type Grant, Refused, type SignIn } from '../../../src/observe/identity/index.js';

type Mood = 'answers' | 'refuses' | 'is away';

/** Gives tokens by the rules, from memory: who asks too often, or at the same time, is written down. */
export class Authority {
  now = 1_000_000;
  signInMood: Mood = 'answers';
  refreshMood: Mood = 'answers';
  /** Each request in the order in which it was made. */
  readonly requests: string[] = [];
  readonly owners = new Map<string, number>();
  mostAtOnce = 0;
  #atOnce = 0;

  constructor(readonly lifetimeMs = 100_000) {}

  signIn(kind: 'refreshes' | 'does not refresh' = 'refreshes'): SignIn {
    return {
      name: 'authority',
      lacks: {},
      signIn: (_, { signal }) => this.#answer('sign-in', this.signInMood, signal),
      ...(kind === 'refreshes'
        ? { refresh: (_, { signal }) => this.#answer('refresh', this.refreshMood, signal) }
        : {}),
    };
  }

  async #answer(request: string, mood: Mood, signal: AbortSignal): Promise<Grant> {
    this.requests.push(request);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    this.#atOnce--;
    signal.throwIfAborted();
    if (mood === 'is away') throw new OutlastError('SIGN_IN_FAILED', 'nobody there');
    if (mood === 'refuses') throw new Refused('no', 401);
    const token = `token-${this.owners.size + 1}`;
    this.owners.set(token, this.now + this.lifetimeMs);
    return { token, expiresAt: this.now + this.lifetimeMs, user: 'u-1' };
  }
}
