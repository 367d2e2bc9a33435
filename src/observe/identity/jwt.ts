import { createPrivateKey, createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { milliseconds, type Duration } from '../../base/duration.js';
import { OutlastError } from '../../base/errors.js';
import { wallClock } from '../record/index.js';
import type { IdentityMeans } from './means.js';
import type { Grant, Misfit, PublicKey, SignIn, User } from './port.js';
import type { JsonObject } from './token.js';

/** One of `secret` and `privateKey`. */
export interface JwtOptions {
  /** The shared key, for HS256, HS384 and HS512. May be a placeholder: `{secret:NAME}`. */
  readonly secret?: string;
  /** PEM, PKCS 8. */
  readonly privateKey?: string;
  /** HS256 for a secret; for a private key what its kind is usually used with (RS256, ES256, EdDSA, …), unless told. */
  readonly algorithm?: string;
  /** The `kid` of the header. */
  readonly keyId?: string;
  /** `sub` (the user's id), `iat`, `exp` and `jti` are put in where they are missing. */
  readonly claims?: (user: { readonly id: string; readonly name: string }) => JsonObject;
  /** 15 minutes unless told. */
  readonly expiresIn?: Duration;
}

const minted = 'tokens are minted by this run, with the key of the target';

/** Sessions get tokens that are minted with the target's own key. Throws `CONFIG_INVALID` for a key that is none. */
export function jwt({ secret, ...rest }: JwtOptions, means: IdentityMeans): SignIn {
  const mint = new Mint(secret === undefined ? rest : { ...rest, secret: means.resolve(secret) }, means);
  const grant = (user: User) => mint.grant(user);
  const publicKey = mint.publicKey;
  return {
    name: 'jwt',
    lacks: { 'sign-in': minted, refresh: minted, revocation: minted },
    signIn: grant,
    // A token that runs out is replaced without a sign-in, as by an identity provider that is not part of the target.
    refresh: (previous) => mint.renew(previous),
    misfit: (user, kind) => mint.misfit(user, kind),
    ...(publicKey ? { publicKeys: () => Promise.resolve([publicKey]) } : {}),
  };
}

const hour = 3_600;

class Mint {
  readonly #lifetimeSeconds: number;
  readonly #key: KeyObject | Uint8Array;
  readonly #algorithm: string;
  readonly #now: () => number;
  readonly #owners = new WeakMap<Grant, User>();

  constructor(
    private readonly options: JwtOptions,
    private readonly means: IdentityMeans,
  ) {
    this.#lifetimeSeconds = milliseconds(options.expiresIn ?? '15m') / 1_000;
    this.#key = keyOf(options);
    this.#algorithm = options.algorithm ?? usualAlgorithm(this.#key);
    this.#now = means.now ?? wallClock;
    if (options.secret !== undefined) means.redactor.add(options.secret);
  }

  /** Null for a shared secret. */
  get publicKey(): PublicKey | null {
    if (this.#key instanceof Uint8Array) return null;
    const { keyId } = this.options;
    return {
      ...createPublicKey(this.#key).export({ format: 'jwk' }),
      ...(keyId === undefined ? {} : { kid: keyId }),
    };
  }

  async grant(user: User): Promise<Grant> {
    const claims = this.#claims(user);
    const token = await this.#sign(claims);
    const exp = claims['exp'];
    const grant = {
      token,
      ...(typeof exp === 'number' ? { expiresAt: exp * 1_000 } : {}),
      user: String(claims['sub']),
    };
    this.#owners.set(grant, user);
    return grant;
  }

  renew(previous: Grant): Promise<Grant> {
    const user = this.#owners.get(previous);
    if (!user) throw new OutlastError('INTERNAL', 'expected a grant that was minted here, got another');
    return this.grant(user);
  }

  misfit(user: User, kind: Misfit): Promise<string> {
    const now = Math.floor(this.#now() / 1_000);
    const changes: Readonly<Record<Misfit, JsonObject>> = {
      expired: { iat: now - 2 * hour, exp: now - hour },
      'wrong-audience': { aud: 'nobody-that-this-run-knows' },
      'not-yet-valid': { nbf: now + hour, exp: now + 2 * hour },
    };
    return this.#sign({ ...this.#claims(user), ...changes[kind] });
  }

  #claims({ id, name }: User): JsonObject {
    const now = Math.floor(this.#now() / 1_000);
    return {
      sub: id,
      iat: now,
      exp: now + this.#lifetimeSeconds,
      // Two tokens of one user, minted in one second, would otherwise be the same token.
      jti: randomUUID(),
      ...(this.options.claims?.({ id, name }) ?? { name }),
    };
  }

  async #sign(claims: JsonObject): Promise<string> {
    const { keyId } = this.options;
    const header = { alg: this.#algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
    const token = await new SignJWT({ ...claims }).setProtectedHeader(header).sign(this.#key);
    this.means.redactor.add(token);
    return token;
  }
}

function keyOf({ secret, privateKey }: JwtOptions): KeyObject | Uint8Array {
  if (secret !== undefined && secret !== '' && privateKey === undefined)
    return new TextEncoder().encode(secret);
  if (privateKey !== undefined && secret === undefined) return parsed(privateKey);
  throw new OutlastError('CONFIG_INVALID', 'jwt() expects one of `secret` (not empty) and `privateKey`');
}

function parsed(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The parser's own message may quote the key.
    throw new OutlastError(
      'CONFIG_INVALID',
      'jwt() expects `privateKey` in PEM (PKCS 8); this text is no private key',
    );
  }
}

/** By the kind of a key, or by its curve. */
const usual: Readonly<Record<string, string>> = {
  rsa: 'RS256',
  'rsa-pss': 'PS256',
  ed25519: 'EdDSA',
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

function usualAlgorithm(key: KeyObject | Uint8Array): string {
  if (key instanceof Uint8Array) return 'HS256';
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? '';
  const algorithm = usual[kind];
  if (algorithm !== undefined) return algorithm;
  throw new OutlastError(
    'CONFIG_INVALID',
    `jwt() expects \`algorithm\` for a private key of the kind ${kind}`,
  );
}
