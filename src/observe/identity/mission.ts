import { OutlastError } from '../../base/errors.js';
import type { PublicKey } from './port.js';

/** What an answer to a sign-in or to a refresh says. */
export interface Granted {
  readonly token: string;
  readonly refreshToken?: string;
  /** Absent: as the token itself says. */
  readonly expiresInSeconds?: number;
  /** Who the target says this is. */
  readonly user?: string;
}

/** Reads `{ access_token, refresh_token?, expires_in?, user?: { id } }`. */
export function grantedByMission(body: unknown): Granted {
  const answer = fieldsOf(body);
  const user = fieldsOf(answer['user'])['id'];
  const refreshToken = answer['refresh_token'];
  const seconds = answer['expires_in'];
  return {
    token: typeof answer['access_token'] === 'string' ? answer['access_token'] : '',
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
    ...(typeof seconds === 'number' ? { expiresInSeconds: seconds } : {}),
    ...(typeof user === 'string' || typeof user === 'number' ? { user: String(user) } : {}),
  };
}

/** The keys of a JWKS (RFC 7517). Throws `ANSWER_INVALID` for anything else. */
export function keysOf(body: unknown): readonly PublicKey[] {
  const keys = fieldsOf(body)['keys'];
  if (Array.isArray(keys)) return keys.map(fieldsOf);
  throw new OutlastError(
    'ANSWER_INVALID',
    'expected a JWKS, an object with a list `keys`; got something else',
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
