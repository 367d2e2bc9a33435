import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../src/history/events.js';
import { webSocket, type WebSocketOptions } from '../../../src/observe/client/index.js';
import { ChatServer, refuse, type Misbehaviour } from './chat-server.js';
import { means } from './opened.js';
import { forever, messageOf, patient, seatAt } from './seats.js';

/** Somebody who shows that another has read the first message of the lobby. */
async function intruding(url: string, signal = forever, listensMs = 50) {
  const seen: Seen[] = [];
  const intrusion = {
    cursors: new Map([['lobby', '1']]),
    observe: (one: Seen) => void seen.push(one),
    listensMs,
  };
  const answer = await kindAt(url).intrude?.(seatAt({ session: '9', user: 'eve' }), intrusion, { signal });
  return { answer, seen };
}

const kindAt = (url: string, options: Partial<WebSocketOptions> = {}) =>
  webSocket({ url, dialTimeoutMs: 2_000, ...options }, means());

const isOut: Misbehaviour['frame'] = (socket, { type, thread_id }) => {
  if (type !== 'join') return false;
  socket.send(JSON.stringify({ type: 'error', code: 'not_a_member', message: 'no', thread_id }));
  return true;
};

describe('somebody else who shows the handle of a session', () => {
  it('is handed what that session would be, where nobody asks who it is', async () => {
    await using server = await ChatServer.start();
    await using client = kindAt(server.url).open(seatAt(), () => undefined);
    await client.connect({ signal: forever });
    for (const number of [1, 2, 3]) await client.send(messageOf(number), patient());
    const { answer, seen } = await intruding(server.url);
    expect(answer).toBe('in');
    const handed = seen.flatMap((one) => (one.kind === 'receive' ? [one.message] : []));
    expect(handed).toEqual([messageOf(2).message, messageOf(3).message]);
    expect(seen.map(({ kind }) => kind).filter((kind) => kind !== 'receive')).toEqual([
      ...['connect', 'open', 'join', 'joined', 'ready', 'close'],
    ]);
    expect(seen).toContainEqual({ kind: 'join', room: 'lobby', cursor: '1' });
    await expect.poll(() => server.clients.size).toBe(1);
  });

  it('is kept out where it does not belong to the room', async () => {
    await using server = await ChatServer.start({ frame: isOut });
    const { answer, seen } = await intruding(server.url);
    expect(answer).toBe('out');
    expect(seen.map(({ kind }) => kind)).toEqual(['connect', 'open', 'join', 'refused', 'close']);
    expect(seen).toContainEqual({ kind: 'refused', at: 'join', reason: 'not_a_member: no' });
  });

  it.each([401, 403, 404])('is kept out by an answer of %i', async (status) => {
    await using server = await ChatServer.start({ upgrade: (_, socket) => refuse(socket, status) });
    const { answer, seen } = await intruding(server.url);
    expect(answer).toBe('out');
    expect(seen).toMatchObject([{ kind: 'connect' }, { kind: 'refused', at: 'handshake', status }]);
  });

  it.each([429, 502, 503])('has no answer where the target says %i', async (status) => {
    await using server = await ChatServer.start({ upgrade: (_, socket) => refuse(socket, status) });
    expect((await intruding(server.url)).answer).toBe('no-answer');
  });

  it('has no answer at a dead port, of a target that leaves, or where it is called off', async () => {
    expect((await intruding('ws://127.0.0.1:1/ws')).answer).toBe('no-answer');
    await using leaving = await ChatServer.start({
      frame: (socket) => {
        socket.close(1012);
        return true;
      },
    });
    expect((await intruding(leaving.url)).answer).toBe('no-answer');
    await using silent = await ChatServer.start({ frame: () => true });
    expect((await intruding(silent.url, AbortSignal.timeout(50))).answer).toBe('no-answer');
  });

  it('is not tried where nothing confirms a room, or nothing is resumed', () => {
    const frames: Partial<WebSocketOptions> = {
      send: ({ text }) => ({ text }),
      receive: () => null,
      acknowledge: () => null,
    };
    expect(kindAt('ws://127.0.0.1:1', frames).intrude).toBeUndefined();
    const joins = { ...frames, join: () => ({}), joined: () => null };
    expect(kindAt('ws://127.0.0.1:1', joins).intrude).toBeUndefined();
    expect(kindAt('ws://127.0.0.1:1', { ...joins, resume: true }).intrude).toBeDefined();
  });
});
