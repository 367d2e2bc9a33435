import type { CryptoKey, JWTPayload } from 'jose';
import * as errors from 'jose/errors';
import { SignJWT } from 'jose/jwt/sign';
import { jwtVerify } from 'jose/jwt/verify';

export const algorithm = 'ES256';
const issuer = 'outlast-reference/auth';
const audience = 'outlast-reference';

/** Who a token says is there. */
export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly sessionId: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** What became of a token at a door. `unsure` is never a reason to turn somebody away for good. */
export type Admission =
  | { readonly verdict: 'in'; readonly identity: Identity }
  | { readonly verdict: 'out'; readonly reason: string }
  | { readonly verdict: 'unsure'; readonly reason: string };

/** Thrown by a key lookup that could not find out whether there is such a key. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export type KeyLookup = (keyId: string) => Promise<CryptoKey | undefined>;

export interface Subject {
  readonly userId: string;
  readonly name: string;
  readonly sessionId: string;
}

export function signAccessToken(
  subject: Subject,
  lifetimeSeconds: number,
  keyId: string,
  key: CryptoKey,
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000);
  return new SignJWT({ sid: subject.sessionId, name: subject.name })
    .setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'at+jwt' })
    .setSubject(subject.userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key);
}

/** Checks signature, issuer, audience, times and claims; says nothing about revocation. */
export async function verifyAccessToken(token: string, findKey: KeyLookup): Promise<Admission> {
  try {
    const { payload } = await jwtVerify(token, (header) => requireKey(header.kid, findKey), {
      algorithms: [algorithm],
      issuer,
      audience,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'iat'],
    });
    return readIdentity(payload);
  } catch (error) {
    if (error instanceof KeysUnavailable) return { verdict: 'unsure', reason: error.message };
    if (error instanceof errors.JOSEError) return { verdict: 'out', reason: error.code };
    throw error;
  }
}

async function requireKey(keyId: string | undefined, findKey: KeyLookup): Promise<CryptoKey> {
  const key = keyId === undefined ? undefined : await findKey(keyId);
  if (!key) throw new errors.JWSInvalid('signed with a key that is not ours');
  return key;
}

/** The identity in claims that are already believed. */
export function readIdentity({ sub, sid, name, exp }: JWTPayload): Admission {
  if (
    typeof sub !== 'string' ||
    typeof sid !== 'string' ||
    typeof name !== 'string' ||
    typeof exp !== 'number'
  ) {
    return { verdict: 'out', reason: 'claims are missing' };
  }
  return { verdict: 'in', identity: { userId: sub, sessionId: sid, name, expiresAt: exp * 1000 } };
}
