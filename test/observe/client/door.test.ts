import { describe, expect, it } from 'vitest';
import {
  connectDoor,
  webSocketConnector,
  type Seat,
  type WebSocketOptions,
} from '../../../src/observe/client/index.js';
import { ChatServer, refuse, type Misbehaviour } from './chat-server.js';
import { means } from './opened.js';
import { forever, messageOf, seatAt } from './seats.js';

const good = 'token-good';
const isGood = (url = '') => url.endsWith(`token=${good}`);

const doorTo = (url: string, options: Partial<WebSocketOptions> = {}, seat: Partial<Seat> = {}) =>
  connectDoor(webSocketConnector({ url, dialTimeoutMs: 2_000, ...options }, means()), {
    seat: seatAt(seat),
    probe: () => messageOf(1),
  });
const knock = (url: string, token: string | null, options: Partial<WebSocketOptions> = {}) =>
  doorTo(url, options).knock(token, { signal: forever });

/** Frames as the mission's, but joins are not confirmed. */
const unconfirmed: Partial<WebSocketOptions> = {
  send: ({ id, text }) => ({ type: 'chat_message', id, message: text }),
  acknowledge: (frame) => {
    const { type, id = '' } = frame as { type: string; id?: string };
    return type === 'ack' ? { id } : null;
  },
  receive: () => null,
};

const guarded: Misbehaviour = {
  upgrade: ({ url }, socket) => !isGood(url) && refuse(socket, 401, ['x-instance: boot-1']),
};

describe('a door that is a connection', () => {
  it('bears the name by which sessions come in', () => {
    expect(doorTo('ws://127.0.0.1:1')).toMatchObject({ name: 'websocket', via: 'connect' });
  });

  it('lets in who joined a room, and says which instance did', async () => {
    await using server = await ChatServer.start(guarded);
    expect(await knock(server.url, good)).toEqual({ let: 'in', instance: 'boot-1' });
    expect(server.frames.map(({ type }) => type)).toEqual(['join']);
    await expect.poll(() => server.clients.size).toBe(0);
  });

  it('keeps out a bad token, and none', async () => {
    await using server = await ChatServer.start(guarded);
    const out = { let: 'out', status: 401, instance: 'boot-1' };
    expect(await knock(server.url, 'token-bad')).toEqual(out);
    expect(await knock(server.url, null)).toEqual(out);
    expect(server.requests.map(({ url }) => url)).toEqual(['/ws?token=token-bad', '/ws']);
  });

  it.each([4401, 4403, 1008])('keeps out by closing %i before the room is joined', async (code) => {
    await using server = await ChatServer.start({
      connected: (socket) => {
        socket.close(code);
        return true;
      },
    });
    expect(await knock(server.url, 'token-bad')).toEqual({ let: 'out', status: code, instance: 'boot-1' });
  });

  it('is tried by a probe where joins are not confirmed: an acknowledgement lets in', async () => {
    await using server = await ChatServer.start();
    expect(await knock(server.url, good, unconfirmed)).toEqual({ let: 'in', instance: 'boot-1' });
    expect(server.frames.map(({ id }) => id)).toEqual([messageOf(1).message]);
  });

  it.each([4401, 1008])('keeps out whose probe is answered by a close %i', async (code) => {
    await using server = await ChatServer.start({
      frame: (socket) => {
        socket.close(code);
        return true;
      },
    });
    expect(await knock(server.url, 'token-bad', unconfirmed)).toEqual({
      let: 'out',
      status: code,
      instance: 'boot-1',
    });
  });

  it('takes a handshake alone for no answer', async () => {
    await using server = await ChatServer.start();
    const unseen = { ...unconfirmed, acknowledge: undefined };
    expect(await knock(server.url, good, unseen)).toEqual({ let: 'no-answer', instance: 'boot-1' });
    const roomless = doorTo(server.url, { ...unconfirmed, acknowledge: () => null }, { rooms: [] });
    const soon = { signal: AbortSignal.timeout(100) };
    expect(await roomless.knock(good, soon)).toEqual({ let: 'no-answer', instance: 'boot-1' });
  });

  it('takes a refused join that is not about the token for no answer', async () => {
    await using server = await ChatServer.start({
      frame: (socket) => {
        socket.send(JSON.stringify({ type: 'error', code: 'not_a_member', message: 'no' }));
        return true;
      },
    });
    expect(await knock(server.url, good)).toEqual({ let: 'no-answer', instance: 'boot-1' });
  });

  it('never throws: a dead port, silence, a 503 and a knock that is called off are no answer', async () => {
    const server = await ChatServer.start({ upgrade: (_, socket) => refuse(socket, 503) });
    expect(await knock(server.url, good)).toEqual({ let: 'no-answer', status: 503 });
    expect(await doorTo(server.url).knock(good, { signal: AbortSignal.abort() })).toEqual({
      let: 'no-answer',
    });
    await server[Symbol.asyncDispose]();
    expect(await knock(server.url, good)).toEqual({ let: 'no-answer' });
    await using silent = await ChatServer.start({ upgrade: () => true });
    expect(await knock(silent.url, good, { dialTimeoutMs: 30 })).toEqual({ let: 'no-answer' });
    const soon = { signal: AbortSignal.timeout(30) };
    expect(await doorTo(silent.url).knock(good, soon)).toEqual({ let: 'no-answer' });
  });
});
