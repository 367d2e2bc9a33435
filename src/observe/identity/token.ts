import { decodeJwt, decodeProtectedHeader } from 'jose';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a token says of itself. Nothing of it is verified. */
export interface Decoded {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** The header and the claims of a JWT; null for any other token. */
export function decode(token: string): Decoded | null {
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: { ...decodeJwt(token) } };
  } catch {
    return null;
  }
}

/** When a JWT says that it expires, in ms since 1970; undefined where it does not say. */
export function expiryOf(token: string): number | undefined {
  const seconds = decode(token)?.claims['exp'];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
