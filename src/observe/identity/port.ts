import type { Facet } from '../../history/events.js';

export interface Call {
  readonly signal: AbortSignal;
}

/** One token of a session, to be used now. */
export interface Credentials {
  readonly token: string;
  /** The name of this token in the history; the token itself is never written. */
  readonly label: string;
}

/** A user of the target. `secret` is the password, empty where tokens are minted. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

/** What a sign-in gave. Tokens are registered as secrets by whoever makes or reads them. */
export interface Grant {
  readonly token: string;
  readonly refreshToken?: string;
  /** Wall clock, ms since 1970. Absent: the token does not say. */
  readonly expiresAt?: number;
  /** Who the target says this is. */
  readonly user?: string;
}

/** How sessions get their tokens. URLs may hold placeholders; `resolve` fills them in. */
export interface SignIn {
  readonly name: string;
  readonly lacks: Partial<Record<Facet, string>>;
  /** Throws `SIGN_IN_FAILED` with the status; never echoes a password or a token. */
  signIn(user: User, call: Call): Promise<Grant>;
  /** Throws `Refused` (below) when the target definitely refuses, another error when it does not answer. */
  refresh?(grant: Grant, call: Call): Promise<Grant>;
  /** Revokes the token; resolves when the target has confirmed. */
  signOut?(grant: Grant, call: Call): Promise<void>;
  /** A token that is valid for a second or two and then expired. Throws when the target gives none that ends so soon. */
  shortLived?(user: User, call: Call): Promise<Grant>;
  /** The keys that the target verifies with, where they are public: what `public-key-hmac` is forged with. */
  publicKeys?(call: Call): Promise<readonly PublicKey[]>;
  /** A token that is signed with the right key and must be refused all the same: only where we hold that key. */
  misfit?(user: User, kind: Misfit): Promise<string>;
}

/** A JSON Web Key without its private part. */
export type PublicKey = Readonly<Record<string, unknown>>;

export const misfits = ['expired', 'wrong-audience', 'not-yet-valid'] as const;
export type Misfit = (typeof misfits)[number];

/** The target definitely refused: 401, 403 or its equivalent. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** A place where a token is tried. `in` is a privileged operation done, not a handshake. */
export interface Door {
  readonly name: string;
  readonly via: 'request' | 'connect';
  /** Null: no token at all. Never throws: a dead port is `no-answer`. */
  knock(token: string | null, call: Call): Promise<Knock>;
}

export interface Knock {
  readonly let: 'in' | 'out' | 'no-answer';
  readonly status?: number;
  readonly instance?: string;
  readonly user?: string;
}
