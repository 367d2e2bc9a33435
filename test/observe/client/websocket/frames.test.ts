import { describe, expect, it } from 'vitest';
import { webSocketConnector, type WebSocketOptions } from '../../../../src/observe/client/index.js';
import { ChatServer } from '../chat-server.js';
import { means, opened } from '../opened.js';
import { forever, messageOf, patient } from '../seats.js';

interface Line {
  readonly room?: string;
  readonly say?: string;
  readonly nth?: number;
  readonly entered?: string;
  readonly lines?: readonly Line[];
}

/** A server with other frames: it echoes what is said, and that is its confirmation. */
const echoing = () =>
  ChatServer.start({
    connected: (socket) => {
      let nth = 0;
      socket.on('message', (data) => {
        const { enter, say } = JSON.parse(String(data)) as { enter?: string; say?: string };
        if (enter !== undefined) socket.send(JSON.stringify({ entered: enter }));
        if (say !== undefined) socket.send(JSON.stringify({ lines: [{ room: 'lobby', say, nth: ++nth }] }));
      });
      return true;
    },
  });

const receive = (frame: Line) =>
  (frame.lines ?? []).map(({ room = '', say = '', nth = 0 }) => ({ room, text: say, position: nth }));
// As users write them: `unknown` is what they get, and their own type what they say of it.
const functions = {
  send: ({ room, text }: { room: string; text: string }) => ({ room, say: text }),
  acknowledge: (frame: unknown) => {
    const [line] = (frame as Line).lines ?? [];
    return line ? { text: line.say ?? '', position: line.nth } : null;
  },
  receive: (frame: unknown) => receive(frame as Line),
};

describe('a service with frames of its own', () => {
  it('is spoken to with its own functions; an echo confirms, by the identity in its text', async () => {
    await using server = await echoing();
    const { client, watcher } = opened({ url: server.url, ...functions });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack', position: '1' });
    expect(await watcher.next('receive')).toMatchObject({ message: messageOf(1).message, position: '1' });
  });

  it('is in effect at once where no join is confirmed', async () => {
    await using server = await echoing();
    const { client, watcher } = opened({ url: server.url, ...functions });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.kinds).toEqual(['connect', 'open', 'join', 'joined', 'ready']);
  });

  it('waits for every confirmation where there is one', async () => {
    await using server = await echoing();
    const join = ({ room }: { room: string }) => ({ enter: room });
    const joined = (frame: unknown) => {
      const { entered } = frame as Line;
      return entered === undefined ? null : { room: entered, resumed: false };
    };
    const { client, watcher } = opened(
      { url: server.url, ...functions, join, joined },
      { seat: { rooms: ['a', 'b'] } },
    );
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.of('joined').map(({ room }) => room)).toEqual(['a', 'b']);
    expect(watcher.of('join').every(({ cursor }) => cursor === undefined)).toBe(true);
  });

  it.each([
    [true, 'resumed'],
    [false, 'fresh'],
    [undefined, 'unstated'],
  ] as const)('says that a resumption whose answer is %j is %s', async (resumed, claims) => {
    await using server = await echoing();
    const joined = (frame: unknown) => {
      const { entered: room } = frame as Line;
      return room === undefined ? null : { room, head: 7, ...(resumed === undefined ? {} : { resumed }) };
    };
    const asked: (string | null)[] = [];
    const join = ({ room, after }: { room: string; after: string | null }) => {
      asked.push(after);
      return { enter: room };
    };
    const { client, watcher } = opened({ url: server.url, ...functions, join, joined, resume: true });
    await using _ = client;
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.terminate();
    await watcher.next('ready', 2);
    expect(watcher.of('ready').map((ready) => ready.claims)).toEqual(['fresh', claims]);
    expect(asked).toEqual([null, '7']);
  });

  it('does not call a session resumed of which one room is not', async () => {
    await using server = await echoing();
    const joined = (frame: unknown) => {
      const { entered: room } = frame as Line;
      return room === undefined ? null : { room, head: 7, resumed: room === 'b' };
    };
    const join = ({ room }: { room: string }) => ({ enter: room });
    const options = { url: server.url, ...functions, join, joined, resume: true };
    const { client, watcher } = opened(options, { seat: { rooms: ['a', 'b'] } });
    await using _ = client;
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.terminate();
    expect((await watcher.next('ready', 2)).claims).toBe('fresh');
  });

  it.each<[Partial<WebSocketOptions>, readonly string[], string]>([
    [{}, ['positions', 'resume'], 'acknowledgement'],
    [{ acknowledge: undefined }, ['acknowledgements', 'positions', 'resume'], 'unseen'],
    [{ positions: true }, ['resume'], 'acknowledgement'],
    [{ resume: true }, ['positions', 'resume'], 'acknowledgement'],
    [{ resume: true, join: () => ({}) }, [], 'acknowledgement'],
    [{ resume: true, join: () => ({}), joined: () => null }, [], 'join'],
  ])('lacks what it has no functions for: %j', (changes, lacking, admission) => {
    const connector = webSocketConnector({ url: 'ws://127.0.0.1:1', ...functions, ...changes }, means());
    expect(Object.keys(connector.lacks).sort()).toEqual(lacking);
    expect(connector.admission).toBe(admission);
    for (const reason of Object.values(connector.lacks)) expect(reason).toMatch(/^the client /);
  });

  it('is refused, before anything is touched, when a function is missing that others need', () => {
    for (const some of [{ send: functions.send }, { receive: functions.receive }, { joined: () => null }]) {
      expect(() => webSocketConnector({ url: 'ws://127.0.0.1:1', ...some }, means())).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('`send` and `receive`'),
        }),
      );
    }
  });

  it('is never sure where the protocol has no acknowledgements', async () => {
    await using server = await echoing();
    const { client } = opened({ url: server.url, send: functions.send, receive: functions.receive });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({
      answer: 'unsure',
      reason: 'the protocol has no acknowledgements',
    });
  });
});
