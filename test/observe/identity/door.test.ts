import { describe, expect, it } from 'vitest';
import { requestDoor, type RequestDoorOptions } from '../../../src/observe/identity/index.js';
import { HttpServer, type Reply, type Request } from './http-server.js';

const call = { signal: new AbortController().signal };

async function knock(
  answer: (request: Request) => Reply | null,
  token: string | null = 'a.b.c',
  options: Partial<RequestDoorOptions> = {},
) {
  await using server = await HttpServer.start(answer);
  const resolve = (text: string) => text.replace('{auth}', server.origin);
  const door = requestDoor({ name: 'verify', url: '{auth}/verify?v=1', ...options }, { resolve });
  return { knock: await door.knock(token, call), requests: server.requests };
}

describe('a door that is a request', () => {
  it('lets in with a 2xx, and says who and which instance', async () => {
    const user = (body: unknown) => (body as { user_id: string }).user_id;
    const result = await knock(
      () => ({ json: { user_id: 'u-1' }, headers: { 'x-instance': 'boot-1' } }),
      'a.b.c',
      { user },
    );
    expect(result.knock).toEqual({ let: 'in', status: 200, instance: 'boot-1', user: 'u-1' });
    expect(result.requests).toEqual([
      { method: 'GET', path: '/verify?v=1', authorization: 'Bearer a.b.c', body: null },
    ]);
  });

  it.each([401, 403])('keeps out with %i', async (status) => {
    expect((await knock(() => ({ status, headers: { 'x-instance': 'boot-1' } }))).knock).toEqual({
      ...{ let: 'out', status, instance: 'boot-1' },
    });
  });

  it.each([302, 404, 429, 500, 503])('gives no answer with %i', async (status) => {
    expect((await knock(() => ({ status }))).knock).toEqual({ let: 'no-answer', status });
  });

  it('is knocked at without any token', async () => {
    const { requests } = await knock(
      ({ authorization }) => ({ status: authorization === undefined ? 401 : 200 }),
      null,
    );
    expect(requests).toEqual([{ method: 'GET', path: '/verify?v=1', authorization: undefined, body: null }]);
  });

  it('takes the token where the options say', async () => {
    const asQuery = await knock(() => ({}), 'a.b.c', { token: { query: 'key' } });
    expect(asQuery.requests[0]).toMatchObject({ path: '/verify?v=1&key=a.b.c', authorization: undefined });
    const bare = await knock(() => ({}), 'a.b.c', { token: { header: 'authorization' } });
    expect(bare.requests[0]?.authorization).toBe('a.b.c');
  });

  it('lets in also where the answer does not name the user', async () => {
    const user = (body: unknown) => (body as { user: { id: string } }).user.id;
    expect((await knock(() => ({ text: 'hello' }), 'a.b.c', { user })).knock).toEqual({
      let: 'in',
      status: 200,
    });
    expect((await knock(() => ({ json: {} }), 'a.b.c', { user })).knock).toEqual({ let: 'in', status: 200 });
  });

  it('never throws: a broken connection, a bad address and a knock that is called off are no answer', async () => {
    expect((await knock(() => null)).knock).toEqual({ let: 'no-answer' });
    expect((await knock(() => ({}), 'a.b.c', { url: 'nowhere' })).knock).toEqual({ let: 'no-answer' });
    const door = requestDoor({ name: 'verify', url: 'http://127.0.0.1:1/' }, { resolve: String });
    expect(await door.knock('a.b.c', { signal: AbortSignal.abort() })).toEqual({ let: 'no-answer' });
  });
});
