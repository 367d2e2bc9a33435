import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { importPair, newKey, type Keys, type NewKey } from '../auth/keys.js';
import { Sessions } from '../auth/sessions.js';
import type { Pool } from '../storage/pool.js';
import type { Exchange, RefreshTokens } from '../auth/refresh-tokens.js';
import { signAccessToken, type KeyLookup, type Subject } from '../tokens/access-token.js';

/** Makes its key when it is first asked for one, and keeps it to itself. */
export class FreshKeys implements Keys {
  #key: Promise<NewKey & Awaited<ReturnType<typeof importPair>>> | undefined;

  async sign(subject: Subject, lifetimeSeconds: number): Promise<string> {
    const { id, privateKey } = await this.#current();
    return signAccessToken(subject, lifetimeSeconds, id, privateKey);
  }

  readonly find: KeyLookup = async (keyId) => {
    const { id, publicKey } = await this.#current();
    return id === keyId ? publicKey : undefined;
  };

  async published(): Promise<readonly JWK[]> {
    return [(await this.#current()).publicJwk];
  }

  async rotate(): Promise<{ keyId: string; signsFrom: Date }> {
    this.#key = makeKey();
    return { keyId: (await this.#key).id, signsFrom: new Date() };
  }

  #current() {
    this.#key ??= makeKey();
    return this.#key;
  }
}

async function makeKey() {
  const key = await newKey();
  return { ...key, ...(await importPair(key.privateJwk, key.publicJwk)) };
}

interface Link {
  readonly sessionId: string;
  child?: string;
}

/** The same rules as the right one, in the process only. */
export class ForgetfulRefreshTokens implements RefreshTokens {
  readonly #links = new Map<string, Link>();

  issue(sessionId: string): Promise<string> {
    return Promise.resolve(this.#add(sessionId));
  }

  exchange(token: string): Promise<Exchange> {
    return Promise.resolve(this.#exchange(token));
  }

  #exchange(token: string): Exchange {
    const link = this.#links.get(token);
    if (!link) return { outcome: 'unknown' };
    const { sessionId } = link;
    if (link.child !== undefined && this.#links.get(link.child)?.child !== undefined)
      return { outcome: 'reused', sessionId };
    link.child ??= this.#add(sessionId);
    return { outcome: 'exchanged', sessionId, child: link.child };
  }

  #add(sessionId: string): string {
    const token = randomBytes(32).toString('base64url');
    this.#links.set(token, { sessionId });
    return token;
  }
}

/** Counts only the newest of a user's sessions for one; those before it are refused, though nobody ended them. */
export class NewestSessionOnly extends Sessions {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super(pool);
    this.#pool = pool;
  }

  override async userOf(id: string): Promise<string | undefined> {
    const userId = await super.userOf(id);
    const { rows } = await this.#pool.query<{ id: string }>(
      `SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY signed_in_at DESC LIMIT 1`,
      [userId],
    );
    return rows[0]?.id === id ? userId : undefined;
  }
}
