import { setTimeout as pause } from 'node:timers/promises';
import type { CryptoKey, JWK } from 'jose';
import { importJWK } from 'jose/key/import';
import { getJson } from '../http/get-json.js';
import { z } from '../shapes.js';
import type { Logger } from '../logger.js';
import { algorithm, KeysUnavailable, verifyAccessToken, type Admission } from '../tokens/access-token.js';

/** Tells whether a token is genuine and in its time; whether its session was revoked is asked elsewhere. */
export interface Door {
  admit(token: string): Promise<Admission>;
  /** Whether it could tell just now. */
  isReady(): boolean;
  /** Resolves when it can tell for the first time. */
  ready(): Promise<void>;
  close(): void;
}

const keySet = z.object({ keys: z.array(z.object({ kid: z.string(), kty: z.string() }).passthrough()) });

const refreshMs = 30_000;
const retryMs = 200;
const timeoutMs = 3_000;
/** Tokens with invented keys cannot make us ask more often than this. */
const shortestPauseMs = 250;

/**
 * Verifies with the key set that auth publishes. Known keys keep working while auth is away; an unknown one is asked
 * for at once, and is refused only by an answer that was asked for after the token had come.
 */
export class KeySetDoor implements Door {
  readonly #url: URL;
  readonly #logger: Logger;
  readonly #ready: Promise<void>;
  #keys: ReadonlyMap<string, CryptoKey> | undefined;
  #firstKeys: () => void = () => undefined;
  #asking: Promise<void> | undefined;
  #askedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(authUrl: string, logger: Logger) {
    this.#url = new URL('/.well-known/jwks.json', authUrl);
    this.#logger = logger;
    this.#ready = new Promise((resolve) => (this.#firstKeys = resolve));
    void this.#keepFresh();
  }

  admit(token: string): Promise<Admission> {
    return verifyAccessToken(token, async (keyId) => this.#keys?.get(keyId) ?? (await this.#seek(keyId)));
  }

  isReady(): boolean {
    return this.#keys !== undefined;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #seek(keyId: string): Promise<CryptoKey | undefined> {
    // An answer that is already on its way may have been written before the key was.
    await this.#asking?.catch(() => undefined);
    if (!this.#keys?.has(keyId)) await this.#ask();
    return this.#keys?.get(keyId);
  }

  /** Asks auth, together with everyone who wants to know at this moment. */
  #ask(): Promise<void> {
    this.#asking ??= this.#fetchKeys().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetchKeys(): Promise<void> {
    const wait = this.#askedAt + shortestPauseMs - performance.now();
    if (wait > 0) await pause(wait);
    this.#askedAt = performance.now();
    try {
      const answer = await getJson(this.#url, { timeoutMs });
      this.#keys = await importKeys(keySet.parse(answer).keys as JWK[]);
      this.#firstKeys();
    } catch (cause) {
      throw new KeysUnavailable('Tokens cannot be verified just now: auth did not give its keys.', { cause });
    }
  }

  async #keepFresh(): Promise<void> {
    const next = await this.#ask().then(
      () => refreshMs,
      (error: unknown) => {
        this.#logger.warn({ err: error }, 'no answer from auth; the keys that are known stay in use');
        return retryMs;
      },
    );
    if (!this.#closed) this.#timer = setTimeout(() => void this.#keepFresh(), next);
  }
}

async function importKeys(keys: readonly JWK[]): Promise<ReadonlyMap<string, CryptoKey>> {
  const imported = new Map<string, CryptoKey>();
  for (const jwk of keys) {
    const key = await importJWK(jwk, algorithm);
    if (jwk.kid !== undefined && !(key instanceof Uint8Array)) imported.set(jwk.kid, key);
  }
  return imported;
}
