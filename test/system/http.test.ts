import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, http, jsonOf } from '../../src/system/index.js';

const { signal } = new AbortController();

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an HTTP exchange', () => {
  it('sends JSON and gives the status, the headers and the text', async () => {
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      response.writeHead(418, { 'x-method': request.method });
      response.end(`${request.headers['content-type']} ${request.headers['x-more']} ${body}`);
    });
    const answer = await http({ url, method: 'POST', json: { a: 1 }, headers: { 'x-more': 'yes' }, signal });
    expect(answer).toMatchObject({ status: 418, text: 'application/json yes {"a":1}' });
    expect(answer.headers.get('x-method')).toBe('POST');
  });

  it('does not follow redirects: a token would go where nobody meant it to', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect((await http({ url, signal })).status).toBe(302);
  });

  it('takes no longer and no more than it may', async () => {
    const silent = await serve(() => undefined);
    await expect(http({ url: `${silent}/path?token=secret`, signal, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'ANSWER_INVALID',
      message: `expected an answer to GET ${silent}/path: none came within 100 ms`,
    });
    const dripping = await serve((_request, response) => response.write('x'));
    await expect(http({ url: dripping, signal, timeoutMs: 100 })).rejects.toThrow(/none came within 100 ms/);
    const huge = await serve((_request, response) => response.end('x'.repeat(10_000)));
    await expect(http({ url: huge, signal, maxBytes: 9_999 })).rejects.toThrow(
      /at most 9999 bytes .*; more came/,
    );
    expect((await http({ url: huge, signal, maxBytes: 10_000 })).text).toHaveLength(10_000);
  });

  it('tells why there was no answer', async () => {
    const port = await freePort();
    await expect(http({ url: `http://127.0.0.1:${port}/`, signal })).rejects.toThrow(/ECONNREFUSED/);
    const cut = await serve((request) => request.socket.destroy());
    await expect(http({ url: cut, method: 'PUT', signal })).rejects.toThrow(
      /^expected an answer to PUT http:/,
    );
  });

  it('ends with the reason of the caller who aborts it', async () => {
    const silent = await serve(() => undefined);
    const stop = new AbortController();
    const asking = http({ url: silent, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
  });

  it('survives text that is not UTF-8, and shows none of what is not JSON', async () => {
    const url = await serve((_request, response) => response.end(Buffer.from([0xff, 0x73, 0x65, 0x63])));
    const answer = await http({ url, signal });
    expect(answer.text).toBe('\ufffdsec');
    expect(() => jsonOf(answer, `${url}/a?token=x`)).toThrow(
      `expected JSON from ${url}/a, got 4 characters of something else (status 200)`,
    );
  });
});
