import { OutlastError } from '../../base/errors.js';
import type { Facet } from '../../history/events.js';
import { wallClock } from '../record/index.js';
import { exchange, statusOf } from './exchange.js';
import { grantedByMission, keysOf, type Granted } from './mission.js';
import type { IdentityMeans } from './means.js';
import { type Call, type Grant, type PublicKey, Refused, type SignIn, type User } from './port.js';
import { expiryOf } from './token.js';

/** URLs may hold placeholders. What is not told is as in the mission's own service. */
export interface PasswordOptions {
  /** Where name and password are posted, as JSON. */
  readonly url: string;
  /** Where a refresh token is posted. Without it, tokens are not refreshed. */
  readonly refreshUrl?: string;
  /** Where a session is ended (POST with the token as bearer), which revokes its tokens. Without it, none is revoked. */
  readonly logoutUrl?: string;
  /** Where the public keys are (JWKS). */
  readonly jwksUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `{ username, password }` unless told. */
  readonly body?: (user: { readonly name: string; readonly password: string }) => unknown;
  /** `{ refresh_token }` unless told. */
  readonly refreshBody?: (refreshToken: string) => unknown;
  /** The body of a sign-in for a token of so many seconds: the sign-in's with `lifetime_seconds`, unless told. */
  readonly shortLivedBody?: (
    user: { readonly name: string; readonly password: string },
    seconds: number,
  ) => unknown;
  /** Reads the answer to a sign-in or a refresh: `access_token`, `refresh_token`, `expires_in`, `user.id`, unless told. */
  readonly grant?: (body: unknown) => Granted;
}

/** Long enough to be handed out before it expires: expiries are whole seconds, so one second may be none. */
const shortSeconds = 2;

/** Sessions sign in with name and password, over HTTP. */
export function password(options: PasswordOptions, means: IdentityMeans): SignIn {
  const service = new PasswordService(options, means);
  const { refreshUrl, logoutUrl, jwksUrl } = options;
  return {
    name: 'password',
    lacks: lacksOf(options),
    signIn: (user, call) => service.signIn(user, call),
    shortLived: (user, call) => service.shortLived(user, call),
    ...(refreshUrl === undefined
      ? {}
      : { refresh: (grant, call) => service.refresh(refreshUrl, grant, call) }),
    ...(logoutUrl === undefined ? {} : { signOut: (grant, call) => service.signOut(logoutUrl, grant, call) }),
    ...(jwksUrl === undefined ? {} : { publicKeys: (call) => service.publicKeys(jwksUrl, call) }),
  };
}

function lacksOf({ refreshUrl, logoutUrl }: PasswordOptions): Partial<Record<Facet, string>> {
  return {
    ...(refreshUrl === undefined
      ? { refresh: 'no address to refresh tokens at was given (refreshUrl)' }
      : {}),
    ...(logoutUrl === undefined ? { revocation: 'no address to sign out at was given (logoutUrl)' } : {}),
  };
}

class PasswordService {
  readonly #now: () => number;

  constructor(
    private readonly options: PasswordOptions,
    private readonly means: IdentityMeans,
  ) {
    this.#now = means.now ?? wallClock;
  }

  signIn(user: User, call: Call): Promise<Grant> {
    const { body = ({ name, password }) => ({ username: name, password }) } = this.options;
    return this.#signIn(
      user,
      call,
      mapped('body', () => body(namedOf(user))),
    );
  }

  async shortLived(user: User, call: Call): Promise<Grant> {
    const askedAt = this.#now();
    const grant = await this.#signIn(user, call, this.#shortLivedBody(user));
    if (grant.expiresAt !== undefined && grant.expiresAt <= askedAt + shortSeconds * 1_000 + 5_000)
      return grant;
    throw new OutlastError(
      'SIGN_IN_FAILED',
      `expected a token that lives ${shortSeconds} s; the target gave one that lives longer`,
    );
  }

  async refresh(url: string, grant: Grant, { signal }: Call): Promise<Grant> {
    const { refreshToken } = grant;
    if (refreshToken === undefined) throw new Refused('the sign-in gave no refresh token', 401);
    const { refreshBody = (token) => ({ refresh_token: token }) } = this.options;
    const json = mapped('refreshBody', () => refreshBody(refreshToken));
    const answer = await this.#post('refresh', url, { json, signal });
    // A service that does not rotate its refresh tokens sends none: the old one stays good.
    return { refreshToken, ...this.#grantOf(answer) };
  }

  async signOut(url: string, grant: Grant, { signal }: Call): Promise<void> {
    await this.#post('sign out', url, { signal, headers: { authorization: `Bearer ${grant.token}` } });
  }

  async publicKeys(url: string, { signal }: Call): Promise<readonly PublicKey[]> {
    return keysOf(await this.#post('read the public keys', url, { method: 'GET', signal }));
  }

  async #signIn(user: User, { signal }: Call, json: unknown): Promise<Grant> {
    this.means.redactor.add(user.secret);
    try {
      return this.#grantOf(await this.#post('sign in', this.options.url, { json, signal }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new OutlastError('SIGN_IN_FAILED', error.message, { cause: { status: statusOf(error) } });
    }
  }

  #shortLivedBody(user: User): unknown {
    const { body, shortLivedBody } = this.options;
    const named = namedOf(user);
    if (shortLivedBody) return mapped('shortLivedBody', () => shortLivedBody(named, shortSeconds));
    const usual = body ? mapped('body', () => body(named)) : { username: user.name, password: user.secret };
    return { ...(typeof usual === 'object' ? usual : {}), lifetime_seconds: shortSeconds };
  }

  #post(
    what: string,
    url: string,
    request: { json?: unknown; method?: string; headers?: Record<string, string>; signal: AbortSignal },
  ): Promise<unknown> {
    const headers = { ...this.options.headers, ...request.headers };
    return exchange({ ...request, what, url: this.means.resolve(url), headers });
  }

  #grantOf(answer: unknown): Grant {
    const { grant = grantedByMission } = this.options;
    const granted = mapped('grant', () => grant(answer));
    const { token, refreshToken, expiresInSeconds, user } = granted;
    if (typeof token !== 'string' || token === '') throw unreadable(answer);
    for (const secret of [token, refreshToken]) if (secret !== undefined) this.means.redactor.add(secret);
    const expiresAt =
      expiresInSeconds === undefined ? expiryOf(token) : this.#now() + Number(expiresInSeconds) * 1_000;
    return {
      token,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(user === undefined ? {} : { user: String(user) }),
    };
  }
}

const namedOf = ({ name, secret }: User) => ({ name, password: secret });

/** A user's own function. What it throws may quote what it was given: only what the language itself says is shown. */
function mapped<T>(name: string, map: () => T): T {
  try {
    return map();
  } catch (error) {
    const plain = error instanceof TypeError || error instanceof ReferenceError;
    const what = plain ? `${error.name}: ${error.message}` : 'an error';
    throw new OutlastError('SIGN_IN_FAILED', `the function \`${name}\` of password() threw ${what}`);
  }
}

function unreadable(answer: unknown): OutlastError {
  const keys =
    typeof answer === 'object' && answer !== null ? Object.keys(answer).slice(0, 20).join(', ') : '';
  return new OutlastError(
    'SIGN_IN_FAILED',
    `expected a token in the answer (\`access_token\`, or what the function \`grant\` reads); it has ` +
      (keys === '' ? 'no fields' : `the fields ${keys}`),
  );
}
