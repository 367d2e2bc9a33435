import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createHmac } from 'node:crypto';
import { exportJWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { decode, forgeries, jwt, type Forgery, type PublicKey } from '../../../src/observe/identity/index.js';
import { createRedactor } from '../../../src/observe/record/index.js';

const ada = { id: 'u-1', name: 'ada', secret: '' };
const call = { signal: new AbortController().signal };

const pair = generateKeyPairSync('ed25519');
const header = { alg: 'EdDSA', typ: 'JWT', kid: 'k-2' };
const claims = { sub: 'u-1', sid: 's-1', exp: 4_000_000_000 };

async function forge(token: string, publicKeys: readonly PublicKey[] = []) {
  const omitted = new Map<string, string>();
  const redactor = createRedactor();
  const forged = await forgeries({
    token,
    publicKeys,
    redactor,
    omit: (kind, reason) => omitted.set(kind, reason),
  });
  return { forged, omitted, redactor };
}

const good = () => new SignJWT(claims).setProtectedHeader(header).sign(pair.privateKey);
const one = (forged: readonly Forgery[], label: string) => {
  const found = forged.find((forgery) => forgery.label === label);
  if (!found) throw new RangeError(`no forgery ${label}`);
  return found.token;
};

/** A verifier that makes the classic mistake: it takes the algorithm from the token and has one key for all. */
function naive(token: string, key: string): boolean {
  const [head = '', body = '', signature = ''] = token.split('.');
  if (decode(token)?.header['alg'] === 'none') return signature === '';
  return createHmac('sha256', key).update(`${head}.${body}`).digest('base64url') === signature;
}

describe('forged tokens', () => {
  it('are refused by a right verifier, every one of them', async () => {
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'k-2' }];
    const { forged } = await forge(await good(), keys);
    expect(forged.map(({ label }) => label)).toEqual([
      'tampered',
      'unsigned',
      'public-key-hmac-pem',
      'public-key-hmac-pem-trimmed',
      'public-key-hmac-jwk',
      'foreign-key',
    ]);
    for (const { token } of forged) await expect(jwtVerify(token, pair.publicKey)).rejects.toThrow();
    await expect(jwtVerify(await good(), pair.publicKey)).resolves.toBeDefined();
  });

  it('still name the same user and the same key: only the signature is wrong', async () => {
    const { forged } = await forge(await good(), [{ ...(await exportJWK(pair.publicKey)), kid: 'k-2' }]);
    for (const { token } of forged) {
      expect(decode(token)).toMatchObject({
        header: { kid: 'k-2', typ: 'JWT' },
        claims: { sub: 'u-1', sid: 's-1' },
      });
    }
  });

  it('change the payload and keep the signature', async () => {
    const token = await good();
    const tampered = one((await forge(token)).forged, 'tampered');
    expect(tampered.split('.')[2]).toBe(token.split('.')[2]);
    expect(decode(tampered)?.claims).toEqual({ ...claims, exp: claims.exp + 3_600 });
  });

  it('get in where the token chooses its algorithm', async () => {
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k-2' };
    const { forged } = await forge(await good(), [{ kty: 'OKP', kid: 'other' }, jwk]);
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(naive(one(forged, 'unsigned'), pem)).toBe(true);
    expect(naive(one(forged, 'public-key-hmac-pem'), pem)).toBe(true);
    expect(naive(one(forged, 'public-key-hmac-pem-trimmed'), pem.trim())).toBe(true);
    expect(naive(one(forged, 'public-key-hmac-jwk'), JSON.stringify(jwk))).toBe(true);
    expect(naive(one(forged, 'foreign-key'), pem)).toBe(false);
  });

  it.each<[string, KeyObject | Uint8Array]>([
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['HS256', new TextEncoder().encode('a shared secret of the test, long enough')],
  ])('are signed with a key of ours, of the kind that is in use: %s', async (alg, key) => {
    const token = await new SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(key);
    const foreign = one((await forge(token)).forged, 'foreign-key');
    expect(decode(foreign)).toEqual({ header: { ...header, alg }, claims });
    expect(foreign.split('.')[2]).not.toBe(token.split('.')[2]);
  });

  it('say which kinds cannot be made, and why', async () => {
    const { forged, omitted } = await forge(await good());
    expect(forged.map(({ kind }) => kind)).toEqual(['tampered', 'unsigned', 'foreign-key']);
    expect(Object.fromEntries(omitted)).toEqual({
      'public-key-hmac': 'the key that the target verifies with is not public',
      expired: 'the key that tokens are signed with is the target’s own',
      'wrong-audience': 'the key that tokens are signed with is the target’s own',
      'not-yet-valid': 'the key that tokens are signed with is the target’s own',
    });
    const unreadable = await forge(await good(), [{ kty: 'OKP', crv: 'nonsense' }]);
    expect(unreadable.omitted.get('public-key-hmac')).toMatch(
      /^the public key of the target cannot be read: /,
    );
  });

  it('leave nothing out where the key is shared: there is no public one to forge with', async () => {
    const secret = new TextEncoder().encode('a shared secret of the test, long enough');
    const token = await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret);
    const { forged, omitted } = await forge(token);
    expect(forged.map(({ kind }) => kind)).toEqual(['tampered', 'unsigned', 'foreign-key']);
    expect([...omitted.keys()]).toEqual(['expired', 'wrong-audience', 'not-yet-valid']);
  });

  it('include those that only who holds the key can make', async () => {
    const signIn = jwt(
      { secret: 'a shared secret of the test, long enough', claims: () => ({ aud: 'chat' }) },
      { redactor: createRedactor(), resolve: (text) => text },
    );
    const { token } = await signIn.signIn(ada, call);
    const misfit = (kind: 'expired' | 'wrong-audience' | 'not-yet-valid') =>
      signIn.misfit?.(ada, kind) ?? Promise.reject(new Error('none'));
    const omit = () => undefined;
    const forged = await forgeries({ token, publicKeys: [], misfit, redactor: createRedactor(), omit });
    expect(forged.map(({ kind }) => kind).slice(-3)).toEqual(['expired', 'wrong-audience', 'not-yet-valid']);
  });

  it('leave a wrong audience out where tokens name none', async () => {
    const omitted = new Map<string, string>();
    const forged = await forgeries({
      ...{ token: await good(), publicKeys: [], redactor: createRedactor() },
      misfit: (kind) => Promise.resolve(`a ${kind} token`),
      omit: (kind, reason) => omitted.set(kind, reason),
    });
    expect(forged.map(({ kind }) => kind)).not.toContain('wrong-audience');
    expect(omitted.get('wrong-audience')).toBe('the tokens name no audience');
  });

  it('are only damaged where a token is no JWT', async () => {
    const token = 'an-opaque-session-token';
    const { forged, omitted } = await forge(token);
    expect(forged).toHaveLength(1);
    const tampered = one(forged, 'tampered');
    expect(tampered).toHaveLength(token.length);
    expect(tampered).not.toBe(token);
    expect([...omitted.keys()]).toEqual([
      'unsigned',
      'public-key-hmac',
      'foreign-key',
      'expired',
      'wrong-audience',
      'not-yet-valid',
    ]);
  });

  it('are secrets too: a target that lets one in must not see it in a report', async () => {
    const { forged, redactor } = await forge('an-opaque-session-token');
    for (const { token } of forged) expect(redactor.clean(`x ${token} y`)).toBe('x [redacted] y');
  });
});
