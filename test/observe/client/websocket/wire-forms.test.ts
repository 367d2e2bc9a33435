import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ChatServer } from '../chat-server.js';
import { opened } from '../opened.js';
import { forever, messageOf, patient } from '../seats.js';
import type { WebSocketOptions } from '../../../../src/observe/client/index.js';

/** Bytes that are no JSON: each is turned round. */
const turned = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte) => byte ^ 0xff);
const encoding: NonNullable<WebSocketOptions['encoding']> = {
  encode: (frame) => turned(Buffer.from(JSON.stringify(frame))),
  decode: (data) => JSON.parse(Buffer.from(turned(data as Uint8Array)).toString()) as unknown,
};

/** A server whose frames are turned bytes, both ways. */
const turning = () =>
  ChatServer.start({
    connected: (socket) => {
      const send = socket.send.bind(socket);
      socket.send = (data: unknown) => send(turned(Buffer.from(String(data))));
      const emit = socket.emit.bind(socket);
      socket.emit = (name: string | symbol, ...given: unknown[]) =>
        emit(
          name as 'message',
          ...(name === 'message' ? [Buffer.from(turned(given[0] as Buffer))] : (given as [])),
        );
      return false;
    },
  });

describe('frames in bytes', () => {
  it('go both ways through an encoding of one’s own', async () => {
    await using server = await turning();
    const { client, watcher, faults } = opened({ url: server.url, encoding });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'ack', position: '1' });
    expect(await watcher.next('receive')).toMatchObject({ message: messageOf(1).message });
    expect(faults).toEqual([]);
  });

  it('are a complaint where there is no encoding, and nothing breaks', async () => {
    await using server = await ChatServer.start({
      connected: (socket) => {
        socket.send(Uint8Array.from([0, 255, 7]));
        return false;
      },
    });
    const { client, notes } = opened({ url: server.url });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'ack' });
    expect(notes).toEqual(['websocket: a binary frame was no JSON, and the client has no `encoding`']);
  });

  it('that the encoding cannot read are a complaint too', async () => {
    await using server = await turning();
    const { client, notes } = opened({
      url: server.url,
      encoding: {
        ...encoding,
        decode: (data) => {
          const frame = encoding.decode(data) as { type: string };
          if (frame.type === 'chat_message') throw new RangeError('a bug');
          return frame;
        },
      },
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'ack' });
    await expect.poll(() => notes).toEqual(['websocket: `encoding.decode` could not read a frame']);
  });

  it('blame the config where the encoding makes nothing that can be sent', async () => {
    await using server = await turning();
    const encode = (frame: unknown) =>
      (frame as { type: string }).type === 'join' ? encoding.encode(frame) : 7;
    const { client, faults } = opened({
      url: server.url,
      encoding: { ...encoding, encode: encode as never },
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'unoffered' });
    expect(faults[0]?.message).toMatch(
      /`encoding.encode` of the client to return a text or bytes .*it returned 7/,
    );
  });
});

describe('pings in frames', () => {
  it('are sent as often as the config says, until the connection ends', async () => {
    let pings = 0;
    await using server = await ChatServer.start({
      frame: (_, { type }) => type === 'ping' && ++pings > 0,
    });
    const { client, notes } = opened({
      url: server.url,
      ping: { everyMs: 5, frame: () => ({ type: 'ping' }) },
    });
    await client.connect({ signal: forever });
    await expect.poll(() => pings).toBeGreaterThan(2);
    await client[Symbol.asyncDispose]();
    const sent = pings;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([pings, notes]).toEqual([sent, []]);
  });

  it('of the service are answered, and other frames are not', async () => {
    const heard: string[] = [];
    await using server = await ChatServer.start({
      connected: (socket) => {
        socket.send(JSON.stringify({ type: 'ping', nonce: 7 }));
        return false;
      },
      frame: (_, { type, ...rest }) => {
        if (type === 'pong') heard.push(JSON.stringify(rest));
        return type === 'pong';
      },
    });
    const { client, faults } = opened({
      url: server.url,
      pong: (frame) => {
        const { type, nonce } = frame as { type: string; nonce?: number };
        return type === 'ping' ? { type: 'pong', nonce } : null;
      },
    });
    await using _ = client;
    await client.connect({ signal: forever });
    await expect.poll(() => heard).toEqual(['{"nonce":7}']);
    expect(faults).toEqual([]);
  });

  it('that fail blame the config', async () => {
    await using server = await ChatServer.start();
    const pong = () => {
      throw new TypeError('a bug');
    };
    const { client, faults } = opened({ url: server.url, pong });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(faults[0]?.message).toMatch(
      /expected `pong` of the client to take every frame; it threw a TypeError/,
    );
  });
});

describe('subprotocols', () => {
  const protocols = ['chat.v2', 'chat.v1'];

  it('are offered in order, and the one that is chosen is taken', async () => {
    await using server = await ChatServer.start();
    const { client } = opened({ url: server.url, protocols });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(server.requests[0]?.headers['sec-websocket-protocol']).toBe('chat.v2,chat.v1');
  });

  it.each([
    ['chooses none', '', /no subprotocol/],
    ['chooses another one', 'Sec-WebSocket-Protocol: mqtt\r\n', /invalid subprotocol/],
  ])('of a server that %s: the attempt is refused, and tried again', async (_name, header, reason) => {
    await using server = await ChatServer.start({
      upgrade: (request, socket, nth) => {
        if (nth > 1) return false;
        const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
        const accept = createHash('sha1').update(key).digest('base64');
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${header}\r\n`,
        );
        return true;
      },
    });
    const { client, watcher, seat } = opened({ url: server.url, protocols });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await watcher.next('refused')).toMatchObject({
      at: 'handshake',
      reason: expect.stringMatching(reason),
    });
    expect(seat.refusedTokens).toEqual([]);
  });
});
