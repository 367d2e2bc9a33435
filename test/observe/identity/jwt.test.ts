import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { decode, jwt, type JwtOptions, type SignIn } from '../../../src/observe/identity/index.js';
import { createRedactor } from '../../../src/observe/record/index.js';

const ada = { id: 'u-1', name: 'ada', secret: '' };
const call = { signal: new AbortController().signal };
const secret = 'a shared secret of the test, long enough';
const redactor = createRedactor();
const resolve = (text: string) => (text === '{secret:jwt}' ? secret : text);
const minted = (options: JwtOptions) => jwt(options, { redactor, resolve });

const pem = (pair: ReturnType<typeof generateKeyPairSync>) =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: generateKeyPairSync('ed25519'),
};

describe('tokens that are minted with the target’s key', () => {
  it('are accepted by who holds the secret, and name their user', async () => {
    const { token, user, expiresAt } = await minted({ secret }).signIn(ada, call);
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(secret));
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toMatchObject({ sub: 'u-1', name: 'ada', exp: Number(payload.iat) + 900 });
    expect(user).toBe('u-1');
    expect(expiresAt).toBe(Number(payload.exp) * 1_000);
    expect(redactor.clean(token)).toBe('[redacted]');
  });

  it.each(['RS256', 'ES256', 'ES384', 'EdDSA'] as const)(
    'are signed as a private key is usually used: %s',
    async (algorithm) => {
      const pair = pairs[algorithm];
      const signIn = minted({ privateKey: pem(pair), keyId: 'k-1' });
      const { token } = await signIn.signIn(ada, call);
      const { protectedHeader } = await jwtVerify(token, pair.publicKey);
      expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k-1' });
      const [key] = (await signIn.publicKeys?.(call)) ?? [];
      expect(key).toMatchObject({ kid: 'k-1' });
      expect(key).not.toHaveProperty('d');
      expect(createPublicKey({ key: { ...key }, format: 'jwk' }).equals(pair.publicKey)).toBe(true);
    },
  );

  it('are signed with what a placeholder stands for', async () => {
    const { token } = await minted({ secret: '{secret:jwt}' }).signIn(ada, call);
    await expect(jwtVerify(token, new TextEncoder().encode(secret))).resolves.toBeDefined();
  });

  it('carry the claims of the options, for as long as they say', async () => {
    const signIn = minted({
      ...{ secret, algorithm: 'HS512', expiresIn: '90s' },
      claims: ({ id, name }) => ({ sub: `auth|${id}`, nick: name, aud: 'chat' }),
    });
    const { token, user } = await signIn.signIn(ada, call);
    const { header, claims } = decode(token) ?? {};
    expect(header).toMatchObject({ alg: 'HS512' });
    expect(claims).toMatchObject({
      sub: 'auth|u-1',
      nick: 'ada',
      aud: 'chat',
      exp: Number(claims?.['iat']) + 90,
    });
    expect(claims).not.toHaveProperty('name');
    expect(user).toBe('auth|u-1');
  });

  it('are never the same twice, also within one second', async () => {
    const signIn = minted({ secret });
    const grants = await Promise.all(Array.from({ length: 50 }, () => signIn.signIn(ada, call)));
    expect(new Set(grants.map(({ token }) => token)).size).toBe(50);
  });

  it('are renewed without a sign-in, for the same user', async () => {
    const signIn = minted({ secret });
    const first = await signIn.signIn(ada, call);
    const second = await signIn.refresh?.(first, call);
    expect(second?.token).not.toBe(first.token);
    expect(second?.user).toBe('u-1');
    await expect((async () => signIn.refresh?.({ token: first.token }, call))()).rejects.toThrow(
      /minted here/,
    );
  });

  it('come from nobody: sign-in, refresh and revocation are lacking, with the reason', () => {
    const { lacks, signOut } = minted({ secret });
    expect(Object.keys(lacks)).toEqual(['sign-in', 'refresh', 'revocation']);
    expect(signOut).toBeUndefined();
  });

  it('can be wrong on purpose', async () => {
    const signIn = minted({ secret, claims: () => ({ aud: 'chat' }) });
    const verify = async (kind: Parameters<NonNullable<SignIn['misfit']>>[1]) =>
      jwtVerify((await signIn.misfit?.(ada, kind)) ?? '', new TextEncoder().encode(secret), {
        audience: 'chat',
      });
    await expect(verify('expired')).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    await expect(verify('wrong-audience')).rejects.toMatchObject({ claim: 'aud' });
    await expect(verify('not-yet-valid')).rejects.toMatchObject({ claim: 'nbf' });
  });

  it.each<[JwtOptions, RegExp]>([
    [{}, /one of `secret`/],
    [{ secret: '' }, /one of `secret`/],
    [{ secret, privateKey: 'x' }, /one of `secret`/],
    [{ privateKey: 'not a key' }, /`privateKey` in PEM/],
    [{ privateKey: pem(generateKeyPairSync('x25519')) }, /`algorithm` for a private key of the kind x25519/],
  ])('need one key that can sign: %#', (options, message) => {
    expect(() => minted(options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
