import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from './support/processes.js';
import { stopAll, until } from './support/processes.js';
import { adminKey, codeOf, Stage, type Login } from './support/service.js';

const outageSeconds = 60;
let stage: Stage;
let auth: Running;

beforeAll(async () => {
  stage = await Stage.open({ OUTAGE_SECONDS: String(outageSeconds) });
  auth = await stage.auth();
  await stage.backend();
});
afterAll(stopAll);

const oneUser = async (): Promise<Login> => {
  const [user] = await stage.users(1);
  if (!user) throw new Error('no user');
  return user;
};
const refresh = (token: string) => stage.post(`${stage.authUrl}/auth/refresh`, { refresh_token: token });
const refreshed = async (token: string) => (await refresh(token)).body as Login;
const verify = (login: Login) => stage.get(`${stage.authUrl}/auth/verify`, login.access_token);
const restart = async (signal: NodeJS.Signals = 'SIGTERM') => {
  auth.kill(signal);
  await auth.exited;
  auth = await stage.auth();
};

describe('signing in', () => {
  it('gives a token that auth and backend take, before and after a restart of auth', async () => {
    const user = await oneUser();
    const doors = () => Promise.all([verify(user), stage.get(`${stage.url}/users/me`, user.access_token)]);
    expect((await doors()).map(({ status }) => status)).toEqual([200, 200]);
    await restart('SIGKILL');
    expect((await doors()).map(({ status }) => status)).toEqual([200, 200]);
    expect((await verify(user)).body).toMatchObject({
      user_id: user.user.id,
      name: user.user.name,
      session_id: user.session_id,
    });
  });

  it('refuses a wrong password and an unknown name alike', async () => {
    const user = await oneUser();
    const attempts = [
      { username: user.user.name, password: 'wrong' },
      { username: 'nobody', password: 'wrong' },
    ];
    const answers = await Promise.all(
      attempts.map((body) => stage.post(`${stage.authUrl}/auth/login`, body)),
    );
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [401, answers[0]?.text],
      [401, answers[0]?.text],
    ]);
  });

  it('shortens a token’s life when asked, and never lengthens it', async () => {
    const { user } = await oneUser();
    const login = await stage.login(user.name, { lifetime_seconds: 7 });
    const { iat = 0, exp = 0 } = decodeJwt(login.access_token);
    expect([login.expires_in, exp - iat]).toEqual([7, 7]);
    await expect(stage.login(user.name, { lifetime_seconds: 901 })).rejects.toThrow('400');
  });

  it('refuses a name after five failures, also when the password is right, and also after a restart', async () => {
    const { user } = await oneUser();
    const url = `${stage.authUrl}/auth/login`;
    const guesses = Array.from({ length: 8 }, () =>
      stage.post(url, { username: user.name, password: 'a guess' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status).sort();
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    await restart();
    const right = await stage.post(url, { username: user.name, password: 'the-password-of-users' });
    expect([right.status, codeOf(right)]).toEqual([429, 'too_many_failures']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(50);
  });

  it('stores passwords as Argon2id, one hash for a batch, and refuses a name that is taken', async () => {
    const { user } = await oneUser();
    const [row] = await stage.sql<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE id = $1',
      [user.id],
    );
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const again = await stage.post(
      `${stage.authUrl}/admin/users`,
      { password: 'password', names: [user.name] },
      adminKey,
    );
    expect([again.status, codeOf(again)]).toEqual([409, 'name_taken']);
  });

  it('keeps administration from those without the key', async () => {
    const answer = await stage.post(
      `${stage.authUrl}/admin/users`,
      { password: 'password', names: ['x'] },
      'wrong',
    );
    expect(answer.status).toBe(401);
  });
});

describe('refreshing', () => {
  it('gives the same child again while its answer may have been lost, also over a restart', async () => {
    const user = await oneUser();
    const first = await refreshed(user.refresh_token);
    await restart('SIGKILL');
    const again = await refreshed(user.refresh_token);
    expect(again.refresh_token).toBe(first.refresh_token);
    expect(again.session_id).toBe(user.session_id);
    expect((await verify(again)).status).toBe(200);
  });

  it('takes a parent whose child was used for stolen, and revokes the session', async () => {
    const user = await oneUser();
    const child = await refreshed(user.refresh_token);
    const grandchild = await refreshed(child.refresh_token);
    const reuse = await refresh(user.refresh_token);
    expect([reuse.status, codeOf(reuse)]).toEqual([401, 'refresh_reused']);
    expect(codeOf(await refresh(grandchild.refresh_token))).toBe('invalid_refresh');
    expect((await verify(grandchild)).status).toBe(401);
    expect((await stage.get(`${stage.url}/users/me`, grandchild.access_token)).status).toBe(401);
  });

  it('takes a parent that comes after the longest outage for stolen', async () => {
    const user = await oneUser();
    await refreshed(user.refresh_token);
    await stage.sql('UPDATE refresh_tokens SET exchanged_at = exchanged_at - make_interval(secs => $1)', [
      outageSeconds,
    ]);
    expect(codeOf(await refresh(user.refresh_token))).toBe('refresh_reused');
  });

  it('gives one child to two that ask at the same moment', async () => {
    const user = await oneUser();
    const children = await Promise.all([refreshed(user.refresh_token), refreshed(user.refresh_token)]);
    expect(children[0].refresh_token).toBe(children[1].refresh_token);
  });

  it('stores no token that could be used by who reads the database', async () => {
    const user = await oneUser();
    const { refresh_token: child } = await refreshed(user.refresh_token);
    const rows = await stage.sql<{ row: string }>('SELECT refresh_tokens::text AS row FROM refresh_tokens');
    const hex = [user.refresh_token, child].map((token) => Buffer.from(token).toString('hex'));
    for (const { row } of rows)
      for (const secret of [user.refresh_token, child, ...hex]) expect(row).not.toContain(secret);
  });

  it('refuses a token that it never gave', async () => {
    const answer = await refresh('never given');
    expect([answer.status, codeOf(answer)]).toEqual([401, 'invalid_refresh']);
  });
});

describe('signing out', () => {
  it('ends the session everywhere at once, its connections included, and for ever', async () => {
    const user = await oneUser();
    const chat = await stage.chat(user);
    expect((await stage.post(`${stage.authUrl}/auth/logout`, {}, user.access_token)).status).toBe(204);
    expect((await chat.closed).code).toBe(4401);
    await restart();
    expect((await verify(user)).status).toBe(401);
    expect((await stage.get(`${stage.url}/users/me`, user.access_token)).status).toBe(401);
    expect(codeOf(await refresh(user.refresh_token))).toBe('invalid_refresh');
    await expect(stage.chat(user)).rejects.toThrow('refused with 401');
  });

  it('leaves the user’s other sessions alone', async () => {
    const user = await oneUser();
    const other = await stage.login(user.user.name);
    await stage.post(`${stage.authUrl}/auth/logout`, {}, user.access_token);
    expect((await verify(other)).status).toBe(200);
  });
});

describe('keys', () => {
  it('are published before they sign, and the old ones stay while their tokens live', async () => {
    const user = await oneUser();
    const keys = async () => {
      const { body } = await stage.get(`${stage.authUrl}/.well-known/jwks.json`, '');
      return (body as { keys: { kid: string; d?: string }[] }).keys;
    };
    const before = await keys();
    const rotated = await stage.post(`${stage.authUrl}/admin/keys/rotate`, {}, adminKey);
    expect(rotated.status).toBe(201);
    const { kid } = rotated.body as { kid: string };
    const after = await keys();
    expect(after.map((key) => key.kid).sort()).toEqual([...before.map((key) => key.kid), kid].sort());
    expect(after.every((key) => key.d === undefined)).toBe(true);
    const soon = await stage.login(user.user.name);
    expect(decodeProtectedHeader(soon.access_token).kid).not.toBe(kid);
    // The lead is over: the new key signs, everyone takes it, and the old tokens still hold.
    await stage.sql("UPDATE signing_keys SET signs_from = now() - interval '1 second' WHERE id = $1", [kid]);
    await until(
      async () => decodeProtectedHeader((await stage.login(user.user.name)).access_token).kid === kid,
    );
    const late = await stage.login(user.user.name);
    for (const { access_token } of [late, user]) {
      expect((await stage.get(`${stage.url}/users/me`, access_token)).status).toBe(200);
    }
  });
});

describe('a backend without auth', () => {
  it('goes on with the keys that it has, and answers 503, never 401, where it cannot know', async () => {
    const user = await oneUser();
    auth.kill('SIGTERM');
    await auth.exited;
    expect((await stage.get(`${stage.url}/users/me`, user.access_token)).status).toBe(200);
    const [, claims, signature] = user.access_token.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'another', typ: 'at+jwt' })).toString(
      'base64url',
    );
    const unknown = await stage.get(`${stage.url}/users/me`, [header, claims, signature].join('.'));
    expect([unknown.status, codeOf(unknown)]).toEqual([503, 'unavailable']);
    auth = await stage.auth();
    const refused = await stage.get(`${stage.url}/users/me`, [header, claims, signature].join('.'));
    expect(refused.status).toBe(401);
  });
});

describe('logs', () => {
  it('hold no token and no password in any line', async () => {
    const user = await oneUser();
    const chat = await stage.chat(user);
    await stage.get(`${stage.url}/users/me?token=${user.access_token}`, user.access_token);
    await stage.get(`${stage.authUrl}/auth/verify`, `${user.access_token}x`);
    await chat.close();
    await until(() => auth.output().includes('/auth/verify'));
    expect(auth.output()).toContain('/auth/login');
    for (const secret of [user.access_token, user.refresh_token, 'the-password-of-users', adminKey]) {
      expect(auth.output()).not.toContain(secret);
    }
    expect(auth.output()).not.toMatch(/eyJ/);
  });
});
