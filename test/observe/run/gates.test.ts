import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { openGates } from '../../../src/observe/run/gates.js';
import type { Stage } from '../../../src/observe/run/stage.js';
import type { Target } from '../../../src/observe/target/index.js';
import { createScope } from '../../../src/system/index.js';

let servers: Server[] = [];
let scope = createScope(() => undefined);
beforeEach(() => {
  servers = [];
  scope = createScope(() => undefined);
});
afterEach(async () => {
  await scope[Symbol.asyncDispose]();
  for (const server of servers) server.close();
});

/** A server that greets. Gives its port. */
async function greeting(word: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(word);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function heardAt({ hostname, port }: URL): Promise<string> {
  const socket = connect({ host: hostname, port: Number(port) });
  let heard = '';
  try {
    for await (const chunk of socket) heard += String(chunk);
  } catch {
    return 'reset';
  }
  return heard;
}

function gatesBefore(dials: readonly string[], sessions: readonly string[]) {
  // What a gate needs of a stage and a target, and no more.
  const stage = { setup: { client: { dials } }, scope, random: seeded('gates') } as unknown as Stage;
  const target = { resolve: (text: string) => text } as unknown as Target;
  return openGates(stage, sessions, target);
}

describe('a gate', () => {
  it('stands before every address that the client dials, and leads each to its own', async () => {
    const [stream, posts] = [await greeting('stream'), await greeting('posts')];
    const dials = [`http://127.0.0.1:${stream}/events`, `http://127.0.0.1:${posts}/messages`];
    const gate = (await gatesBefore(dials, ['1'])).get('1');
    const through = dials.map((address) => gate?.through(new URL(address)) ?? new URL(address));
    expect(through.map(({ port }) => Number(port))).not.toContain(stream);
    expect(through.map(({ pathname }) => pathname)).toEqual(['/events', '/messages']);
    expect(await Promise.all(through.map(heardAt))).toEqual(['stream', 'posts']);
  });

  it('cuts all of them at once, and gives them back', async () => {
    const [stream, posts] = [await greeting('stream'), await greeting('posts')];
    const dials = [`http://127.0.0.1:${stream}/`, `http://127.0.0.1:${posts}/`];
    const gate = (await gatesBefore(dials, ['1'])).get('1');
    const through = dials.map((address) => gate?.through(new URL(address)) ?? new URL(address));
    gate?.cut();
    expect(await Promise.all(through.map(heardAt))).toEqual(['reset', 'reset']);
    gate?.restore();
    expect(await Promise.all(through.map(heardAt))).toEqual(['stream', 'posts']);
  });

  it('leaves addresses alone that the client was not said to dial', async () => {
    const gate = (await gatesBefore([`http://127.0.0.1:${await greeting('hello')}/`], ['1'])).get('1');
    expect(gate?.through(new URL('http://127.0.0.1:9/x')).href).toBe('http://127.0.0.1:9/x');
  });

  it('is one of each session: cutting one leaves the other', async () => {
    const address = `mqtt://127.0.0.1:${await greeting('broker')}`;
    const gates = await gatesBefore([address], ['1', '2']);
    const [first, second] = ['1', '2'].map((session) => gates.get(session)?.through(new URL(address)));
    gates.get('1')?.cut();
    expect(first && (await heardAt(first))).toBe('reset');
    expect(second && (await heardAt(second))).toBe('broker');
  });
});
