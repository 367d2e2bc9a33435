import { describe, expect, it } from 'vitest';
import { Refused } from '../../../src/observe/identity/index.js';
import { getRecord, type RecordOptions, whoAmI } from '../../../src/observe/records/index.js';
import { type Answering, serve, Status } from './server.js';

const calm = { signal: new AbortController().signal };
const means = (origin: string) => ({ resolve: (text: string) => text.replace('{origin}', origin) });

async function read(answer: Answering, options: Partial<RecordOptions> = {}) {
  const { origin, asked } = await serve(answer);
  const source = getRecord(
    { name: 'profile', of: 'user', url: '{origin}/users/me', ...options },
    means(origin),
  );
  return { source, asked, reading: await source.read('the-token', calm) };
}

describe('a record', () => {
  it('is read with the token, and its keys are sorted', async () => {
    const { source, asked, reading } = await read(() => ({ name: 'Ada', id: 7 }));
    expect(source).toMatchObject({ name: 'profile', of: 'user' });
    expect(asked[0]).toMatchObject({ path: '/users/me', headers: { authorization: 'Bearer the-token' } });
    expect(reading).toEqual({
      canonical: '{"id":7,"name":"Ada"}',
      fields: [
        { name: 'id', canonical: '7' },
        { name: 'name', canonical: '"Ada"' },
      ],
    });
  });

  it('may carry the token elsewhere', async () => {
    const header = await read(() => ({}), { token: { header: 'X-Auth', prefix: 'Token ' } });
    expect(header.asked[0]?.headers).toMatchObject({ 'x-auth': 'Token the-token' });
    expect(header.asked[0]?.headers['authorization']).toBeUndefined();
    const query = await read(() => ({}), { token: { query: 'key' }, url: '{origin}/users/me?full=1' });
    expect([...(query.asked[0]?.query ?? [])]).toEqual([
      ['full', '1'],
      ['key', 'the-token'],
    ]);
  });

  it('is a part of the answer, without what changes of itself', async () => {
    const body = { data: { id: 1, seen: 99, meta: { etag: 'x', kind: 'y' }, list: [{ seen: 1, a: 2 }] } };
    const { reading } = await read(() => body, {
      pick: (answer) => (answer as typeof body).data,
      omit: ['seen', 'meta.etag', 'list.seen', 'not.there'],
    });
    expect(reading?.canonical).toBe('{"id":1,"list":[{"a":2}],"meta":{"kind":"y"}}');
  });

  it('may be a text', async () => {
    const { reading } = await read(() => 'draft: hello');
    expect(reading).toEqual({ canonical: '"draft: hello"', fields: [] });
  });

  it('keeps numbers apart that JavaScript cannot', async () => {
    const [one, other] = [
      await read(() => '{"id": 9007199254740993, "text": "9007199254740993 \\" 1"}'),
      await read(() => '{"id": 9007199254740992, "text": "9007199254740993 \\" 1"}'),
    ];
    expect(one.reading?.canonical).toBe('{"id":"9007199254740993","text":"9007199254740993 \\" 1"}');
    expect(other.reading?.canonical).not.toBe(one.reading?.canonical);
  });

  it.each([new Status(404), new Status(410), new Status(204), '', '  \n'])(
    'is not there: %j',
    async (answer) => {
      expect((await read(() => answer)).reading).toBeNull();
    },
  );

  it('is not read when the token is refused, which is told apart from no answer', async () => {
    await expect(read(() => new Status(401))).rejects.toBeInstanceOf(Refused);
    await expect(read(() => new Status(403))).rejects.toMatchObject({ status: 403 });
    await expect(read(() => new Status(500, 'the-token'))).rejects.toMatchObject({
      code: 'ANSWER_INVALID',
      message: expect.stringMatching(
        /^expected http:\S+\/users\/me to answer with 2xx; it answered with status 500$/,
      ),
    });
    await expect(read(() => new Status(302))).rejects.toThrow(/status 302/);
  });

  it('tells which function of the config threw', async () => {
    const pick = () => {
      throw new TypeError('body.data is\u001b[31m undefined');
    };
    await expect(read(() => ({}), { pick })).rejects.toThrow(
      /function `pick` to read an answer of http:\S+; it threw: body\.data is\\x1b\[31m undefined/,
    );
  });
});

describe('who I am', () => {
  const options = {
    url: '{origin}/me',
    user: (body: unknown) => String((body as { id?: unknown }).id ?? ''),
    claims: (body: unknown) => (body as { roles?: unknown }).roles,
  };
  const ask = async (answer: Answering) => {
    const { origin } = await serve(answer);
    return whoAmI(options, means(origin)).ask('the-token', calm);
  };

  it('is the user and the claims, and nothing else of the answer', async () => {
    const first = await ask(() => ({ id: 7, roles: ['b', 'a'], seen: 1 }));
    expect(first.user).toBe('7');
    expect(await ask(() => ({ seen: 2, roles: ['b', 'a'], id: 7 }))).toEqual(first);
    expect((await ask(() => ({ id: 7, roles: ['a'] }))).canonical).not.toBe(first.canonical);
  });

  it('is not known when the answer names nobody, is no JSON or is a refusal', async () => {
    await expect(ask(() => ({ roles: [] }))).rejects.toThrow(/`user` found none/);
    await expect(ask(() => '<html>')).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    await expect(ask(() => new Status(401))).rejects.toBeInstanceOf(Refused);
    await expect(ask(() => new Status(503))).rejects.toThrow(/status 503/);
  });
});
