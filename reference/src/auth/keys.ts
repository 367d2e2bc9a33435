import type { CryptoKey, JWK } from 'jose';
import { exportJWK } from 'jose/key/export';
import { generateKeyPair } from 'jose/key/generate/keypair';
import { importJWK } from 'jose/key/import';
import { algorithm, signAccessToken, type KeyLookup, type Subject } from '../tokens/access-token.js';
import { inTransaction, type Pool } from '../storage/pool.js';

/** What signs access tokens. */
export interface Keys {
  sign(subject: Subject, lifetimeSeconds: number): Promise<string>;
  readonly find: KeyLookup;
  /** The public halves, those that will sign soon and those that signed what may still be valid included. */
  published(): Promise<readonly JWK[]>;
  /** Publishes another key, which signs once every cache has it; the old ones retire after their last token. */
  rotate(): Promise<{ readonly keyId: string; readonly signsFrom: Date }>;
}

/** How long anyone may keep our key set: said in its Cache-Control, and kept by the backend. */
export const cacheSeconds = 60;
/** A key is known for this long before it signs. */
const leadSeconds = 2 * cacheSeconds;
const rereadMs = 2_000;

interface Row {
  readonly id: string;
  readonly private_jwk: JWK;
  readonly public_jwk: JWK;
  readonly signs_from: Date;
  readonly signs: boolean;
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly signs: boolean;
}

/** Keys in the database: every auth process signs with the same one, before and after a restart. */
export class StoredKeys implements Keys {
  readonly #pool: Pool;
  readonly #accessTokenSeconds: number;
  readonly #imported = new Map<string, Promise<Pick<SigningKey, 'privateKey' | 'publicKey'>>>();
  #known: { readonly at: number; readonly keys: readonly SigningKey[] } | undefined;

  constructor(pool: Pool, accessTokenSeconds: number) {
    this.#pool = pool;
    this.#accessTokenSeconds = accessTokenSeconds;
  }

  /** Makes the first key, if nobody has yet. */
  async prepare(): Promise<void> {
    const fresh = await newKey();
    await inTransaction(this.#pool, async (connection) => {
      await connection.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
      await connection.query(
        `INSERT INTO signing_keys (id, private_jwk, public_jwk, signs_from)
         SELECT $1, $2, $3, now() WHERE NOT EXISTS (SELECT FROM signing_keys WHERE retires_at IS NULL)`,
        [fresh.id, fresh.privateJwk, fresh.publicJwk],
      );
    });
  }

  async sign(subject: Subject, lifetimeSeconds: number): Promise<string> {
    const key = (await this.#keys()).find(({ signs }) => signs);
    if (!key)
      throw new Error(
        'There is no key to sign with: every one in signing_keys is retired or not yet in use.',
      );
    return signAccessToken(subject, lifetimeSeconds, key.id, key.privateKey);
  }

  readonly find: KeyLookup = async (keyId) => {
    const among = (keys: readonly SigningKey[]) => keys.find(({ id }) => id === keyId)?.publicKey;
    return among(await this.#keys()) ?? among(await this.#reread());
  };

  async published(): Promise<readonly JWK[]> {
    return (await this.#reread()).map(({ publicJwk }) => publicJwk);
  }

  async rotate(): Promise<{ keyId: string; signsFrom: Date }> {
    const fresh = await newKey();
    return inTransaction(this.#pool, async (connection) => {
      await connection.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
      await connection.query(
        `UPDATE signing_keys SET retires_at = now() + make_interval(secs => $1) WHERE retires_at IS NULL`,
        [leadSeconds + this.#accessTokenSeconds],
      );
      const { rows } = await connection.query<{ signs_from: Date }>(
        `INSERT INTO signing_keys (id, private_jwk, public_jwk, signs_from)
         VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING signs_from`,
        [fresh.id, fresh.privateJwk, fresh.publicJwk, leadSeconds],
      );
      return { keyId: fresh.id, signsFrom: rows[0]?.signs_from ?? new Date() };
    });
  }

  async #keys(): Promise<readonly SigningKey[]> {
    const known = this.#known;
    return known && performance.now() - known.at < rereadMs ? known.keys : this.#reread();
  }

  async #reread(): Promise<readonly SigningKey[]> {
    const at = performance.now();
    const { rows } = await this.#pool.query<Row>(
      `SELECT id, private_jwk, public_jwk, signs_from, signs_from <= now() AS signs FROM signing_keys
       WHERE retires_at IS NULL OR retires_at > now() ORDER BY signs_from DESC`,
    );
    const keys = await Promise.all(rows.map((row) => this.#import(row)));
    this.#known = { at, keys };
    return keys;
  }

  async #import(row: Row): Promise<SigningKey> {
    const imported = this.#imported.get(row.id) ?? importPair(row.private_jwk, row.public_jwk);
    this.#imported.set(row.id, imported);
    return { id: row.id, publicJwk: row.public_jwk, signs: row.signs, ...(await imported) };
  }
}

export interface NewKey {
  readonly id: string;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export async function newKey(): Promise<NewKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const id = crypto.randomUUID();
  const about = { kid: id, alg: algorithm, use: 'sig' };
  return {
    id,
    privateJwk: { ...(await exportJWK(privateKey)), ...about },
    publicJwk: { ...(await exportJWK(publicKey)), ...about },
  };
}

export async function importPair(
  privateJwk: JWK,
  publicJwk: JWK,
): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
  const [privateKey, publicKey] = await Promise.all([
    importJWK(privateJwk, algorithm),
    importJWK(publicJwk, algorithm),
  ]);
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array)
    throw new Error('Expected an asymmetric key.');
  return { privateKey, publicKey };
}
