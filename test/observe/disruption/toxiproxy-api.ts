import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  name: string;
  listen: string;
  upstream: string;
  enabled: boolean;
  toxics: Record<string, unknown>[];
}

/**
 * Answers as Toxiproxy's HTTP interface does, by its documentation (README, "HTTP API", of version 2): routes, statuses, fields and
 * defaults. It moves no byte; every request is kept. Toxiproxy itself is in no package of Debian or npm.
 */
export class ToxiproxyApi {
  readonly proxies = new Map<string, Proxy>();
  /** `POST /proxies/chat/toxics {…}` */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(...proxies: readonly Omit<Proxy, 'enabled' | 'toxics'>[]): Promise<ToxiproxyApi> {
    const server = createServer();
    const api = new ToxiproxyApi(server);
    for (const proxy of proxies) api.proxies.set(proxy.name, { ...proxy, enabled: true, toxics: [] });
    server.on('request', (request: IncomingMessage, response) => {
      void api.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close().closeAllConnections());
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What is wrong with any proxy now. */
  get wrong(): unknown[] {
    return [...this.proxies.values()].flatMap(({ enabled, toxics }) => [
      ...toxics,
      ...(enabled ? [] : ['down']),
    ]);
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const path = request.url ?? '/';
    this.asked.push([request.method, path, text].join(' ').trim());
    const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const [, root, name, toxics, toxic] = path.split('/').map(decodeURIComponent);
    if (root !== 'proxies') return { status: 404 };
    if (name === undefined) return this.#create(json);
    const proxy = this.proxies.get(name);
    if (!proxy) return { status: 404, body: { error: 'proxy not found', status: 404 } };
    return toxics === undefined
      ? this.#proxy(request.method, proxy, json)
      : toxicOf(request.method, proxy, json, toxic);
  }

  #create(json: Record<string, unknown>) {
    const name = String(json['name']);
    if (this.proxies.has(name)) return { status: 409, body: { error: 'proxy already exists', status: 409 } };
    const proxy: Proxy = {
      ...{ name, listen: String(json['listen']), upstream: String(json['upstream']) },
      ...{ enabled: json['enabled'] !== false, toxics: [] },
    };
    this.proxies.set(name, proxy);
    return { status: 201, body: proxy };
  }

  #proxy(method: string | undefined, proxy: Proxy, json: Record<string, unknown>) {
    if (method === 'DELETE') {
      this.proxies.delete(proxy.name);
      return { status: 204 };
    }
    if (method === 'POST' && typeof json['enabled'] === 'boolean') proxy.enabled = json['enabled'];
    return { status: 200, body: proxy };
  }
}

function toxicOf(
  method: string | undefined,
  proxy: Proxy,
  json: Record<string, unknown>,
  name: string | undefined,
): { status: number; body?: unknown } {
  const found = proxy.toxics.find((toxic) => toxic['name'] === (name ?? json['name']));
  if (method === 'POST') {
    if (found) return { status: 409, body: { error: 'toxic already exists', status: 409 } };
    const toxic = { stream: 'downstream', toxicity: 1, attributes: {}, ...json };
    proxy.toxics.push(toxic);
    return { status: 200, body: toxic };
  }
  if (method === 'DELETE') {
    if (!found) return { status: 404, body: { error: 'toxic not found', status: 404 } };
    proxy.toxics.splice(proxy.toxics.indexOf(found), 1);
    return { status: 204 };
  }
  return { status: 200, body: name === undefined ? proxy.toxics : found };
}
