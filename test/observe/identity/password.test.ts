import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { password, Refused, type PasswordOptions } from '../../../src/observe/identity/index.js';
import { createRedactor } from '../../../src/observe/record/index.js';
import { HttpServer, type Reply, type Request } from './http-server.js';

const ada = { id: 'u-1', name: 'ada', secret: 'correct horse' };
const call = { signal: new AbortController().signal };
const now = () => 1_000_000;

const addresses = {
  url: '{auth}/auth/login',
  refreshUrl: '{auth}/auth/refresh',
  logoutUrl: '{auth}/auth/logout',
  jwksUrl: '{auth}/.well-known/jwks.json',
};

const granted = (number: number, seconds = 900) => ({
  access_token: `access-token-${number}`,
  token_type: 'Bearer',
  expires_in: seconds,
  refresh_token: `refresh-token-${number}`,
  user: { id: 'u-1', name: 'ada' },
});

async function service(
  answer: (request: Request, nth: number) => Reply | null,
  changes: Partial<PasswordOptions> = {},
) {
  const server = await HttpServer.start(answer);
  const redactor = createRedactor();
  const resolve = (text: string) => text.replace('{auth}', server.origin);
  const signIn = password({ ...addresses, ...changes }, { redactor, resolve, now });
  return { server, redactor, signIn, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('signing in with a password', () => {
  it('speaks the mission’s own API unless told otherwise', async () => {
    await using all = await service((_, nth) => ({ json: granted(nth) }));
    const grant = await all.signIn.signIn(ada, call);
    expect(grant).toEqual({
      token: 'access-token-1',
      refreshToken: 'refresh-token-1',
      expiresAt: now() + 900_000,
      user: 'u-1',
    });
    expect(await all.signIn.refresh?.(grant, call)).toMatchObject({ token: 'access-token-2' });
    await all.signIn.signOut?.(grant, call);
    expect(all.server.requests).toEqual([
      {
        method: 'POST',
        path: '/auth/login',
        authorization: undefined,
        body: { username: 'ada', password: 'correct horse' },
      },
      {
        method: 'POST',
        path: '/auth/refresh',
        authorization: undefined,
        body: { refresh_token: 'refresh-token-1' },
      },
      { method: 'POST', path: '/auth/logout', authorization: 'Bearer access-token-1', body: null },
    ]);
  });

  it('registers the password and every token as a secret', async () => {
    await using all = await service((_, nth) => ({ json: granted(nth) }));
    const grant = await all.signIn.signIn(ada, call);
    await all.signIn.refresh?.(grant, call);
    for (const secret of [
      'correct horse',
      'access-token-1',
      'refresh-token-1',
      'access-token-2',
      'refresh-token-2',
    ]) {
      expect(all.redactor.clean(`x ${secret} y`)).toBe('x [redacted] y');
    }
  });

  it('speaks another API through functions', async () => {
    await using all = await service(
      () => ({ json: { jwt: 'their-token', renew: 'their-renewal', ttl: 60, who: 7 } }),
      {
        body: ({ name, password }) => ({ email: `${name}@example.com`, pass: password }),
        refreshBody: (token) => ({ renew: token }),
        grant: (body) => {
          const { jwt, renew, ttl, who } = body as { jwt: string; renew: string; ttl: number; who: number };
          return { token: jwt, refreshToken: renew, expiresInSeconds: ttl, user: String(who) };
        },
      },
    );
    const grant = await all.signIn.signIn(ada, call);
    expect(grant).toEqual({
      ...{ token: 'their-token', refreshToken: 'their-renewal', expiresAt: now() + 60_000, user: '7' },
    });
    await all.signIn.refresh?.(grant, call);
    expect(all.server.requests.map(({ body }) => body)).toEqual([
      { email: 'ada@example.com', pass: 'correct horse' },
      { renew: 'their-renewal' },
    ]);
  });

  it('takes the expiry from the token where the answer says none', async () => {
    const key = new TextEncoder().encode('a key of the test that is long enough');
    const token = await new SignJWT({ exp: 2_000 }).setProtectedHeader({ alg: 'HS256' }).sign(key);
    await using all = await service(() => ({ json: { access_token: token } }));
    expect(await all.signIn.signIn(ada, call)).toEqual({ token, expiresAt: 2_000_000 });
  });

  it('keeps a refresh token that is not rotated', async () => {
    await using all = await service(() => ({ json: { access_token: 'next-token' } }));
    expect(await all.signIn.refresh?.({ token: 'old-token', refreshToken: 'lasting-one' }, call)).toEqual({
      token: 'next-token',
      refreshToken: 'lasting-one',
    });
  });

  it('lacks what it has no address for', () => {
    const lean = password(
      { url: 'http://127.0.0.1:1/login' },
      { redactor: createRedactor(), resolve: String },
    );
    expect(Object.keys(lean.lacks)).toEqual(['refresh', 'revocation']);
    expect([lean.refresh, lean.signOut, lean.publicKeys]).toEqual([undefined, undefined, undefined]);
  });

  it('asks for a token that lives two seconds, and does not take a longer one for it', async () => {
    await using short = await service(() => ({ json: granted(1, 2) }));
    expect((await short.signIn.shortLived?.(ada, call))?.expiresAt).toBe(now() + 2_000);
    expect(short.server.requests[0]?.body).toEqual({
      ...{ username: 'ada', password: 'correct horse', lifetime_seconds: 2 },
    });
    await using long = await service(() => ({ json: granted(1) }));
    await expect(long.signIn.shortLived?.(ada, call)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  });

  it('asks for a short-lived token in another way through a function', async () => {
    const shortLivedBody = ({ name }: { name: string }, seconds: number) => ({ name, ttl: seconds });
    await using all = await service(() => ({ json: granted(1, 2) }), { shortLivedBody });
    await all.signIn.shortLived?.(ada, call);
    expect(all.server.requests[0]?.body).toEqual({ name: 'ada', ttl: 2 });
  });

  it('reads the public keys', async () => {
    await using all = await service(() => ({ json: { keys: [{ kty: 'OKP', kid: 'a' }] } }));
    expect(await all.signIn.publicKeys?.(call)).toEqual([{ kty: 'OKP', kid: 'a' }]);
    expect(all.server.requests[0]).toMatchObject({ method: 'GET', path: '/.well-known/jwks.json' });
    await using none = await service(() => ({ json: {} }));
    await expect(none.signIn.publicKeys?.(call)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});

describe('a sign-in that fails', () => {
  it.each([401, 403])('is definitely refused with %i', async (status) => {
    await using all = await service(() => ({ status, json: { echo: 'correct horse' } }));
    const error = await all.signIn.signIn(ada, call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SIGN_IN_FAILED', cause: { status } });
    expect(String(error)).toContain(`/auth/login; it answered with status ${status}`);
    const refresh = all.signIn.refresh?.({ token: 'a', refreshToken: 'b' }, call);
    await expect(refresh).rejects.toMatchObject({ name: 'Refused', status });
  });

  it('is refused by OAuth’s invalid_grant, and by no other 400', async () => {
    const errors = ['invalid_grant', 'invalid_request'];
    await using all = await service((_, nth) => ({ status: 400, json: { error: errors[nth - 1] } }));
    const refresh = () => all.signIn.refresh?.({ token: 'a', refreshToken: 'b' }, call);
    await expect(refresh()).rejects.toBeInstanceOf(Refused);
    await expect(refresh()).rejects.toMatchObject({ code: 'SIGN_IN_FAILED', cause: { status: 400 } });
  });

  it('is refused without asking where there is no refresh token', async () => {
    await using all = await service(() => ({ json: granted(1) }));
    await expect(all.signIn.refresh?.({ token: 'a' }, call)).rejects.toBeInstanceOf(Refused);
    expect(all.server.requests).toEqual([]);
  });

  it.each<[string, Reply | null, RegExp]>([
    ['a 503', { status: 503 }, /status 503/],
    ['a redirect', { status: 302, headers: { location: '/sign-in' } }, /status 302/],
    ['no answer at all', null, /could not sign in: expected an answer to POST/],
    ['no JSON', { text: '<html>correct horse</html>' }, /expected JSON/],
    [
      'an answer without a token',
      { json: { status: 'ok', hint: 'correct horse' } },
      /it has the fields status, hint$/,
    ],
    ['an empty answer', {}, /it has no fields$/],
  ])('says what came, and none of the secrets in it: %s', async (_, reply, message) => {
    await using all = await service(() => reply);
    const error = await all.signIn.signIn(ada, call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(message), name: 'OutlastError' });
    expect(error).not.toBeInstanceOf(Refused);
    expect(String(error)).not.toContain('correct horse');
  });

  it('names the function of the user that threw, without what it threw', async () => {
    await using all = await service(() => ({ json: granted(1) }), {
      grant: (body) => {
        throw new Error(JSON.stringify(body));
      },
    });
    await expect(all.signIn.signIn(ada, call)).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: 'the function `grant` of password() threw an error',
    });
  });

  it('ends when the caller no longer wants it', async () => {
    const caller = new AbortController();
    await using all = await service(() => {
      caller.abort(new Error('enough'));
      return { json: granted(1) };
    });
    await expect(all.signIn.signIn(ada, caller)).rejects.toThrow('enough');
  });
});
