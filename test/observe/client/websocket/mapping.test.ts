import { describe, expect, it } from 'vitest';
import { errorCodes, type OutlastError } from '../../../../src/base/errors.js';
import { tagOf } from '../../../../src/history/tag.js';
import { webSocket, type WebSocketOptions } from '../../../../src/observe/client/index.js';
import { ChatServer } from '../chat-server.js';
import { means, opened } from '../opened.js';
import { forever, messageOf, patient, seatAt } from '../seats.js';
import { Watcher } from '../watcher.js';

type Functions = Partial<Omit<WebSocketOptions, 'url'>>;

/** A server that says the same frames to everyone who comes in. */
const saying = (...frames: readonly unknown[]) =>
  ChatServer.start({
    connected: (socket) => {
      for (const frame of frames) socket.send(JSON.stringify(frame));
      return true;
    },
  });

/** Functions that are right, and take every frame for none of theirs. */
const deaf = { send: ({ text }: { text: string }) => ({ text }), receive: () => null };

/** As users write them, who need not heed the types. */
const given = (name: string, value: (...given: never[]) => unknown): Functions => ({ [name]: value });

/** Connects a client with these functions, has it send a message when it can, and gives the first fault that it tells. */
async function faultOf(server: ChatServer, functions: Functions): Promise<OutlastError> {
  let told: (error: OutlastError) => void = () => undefined;
  const fault = new Promise<OutlastError>((resolve) => (told = resolve));
  const options = { url: server.url, ...deaf, ...functions };
  const kind = webSocket(options, { ...means(), broken: (error) => told(error) });
  await using client = kind.open(seatAt(), () => undefined);
  void client.connect({ signal: forever }).then(
    () => client.send(messageOf(1), patient()),
    () => undefined,
  );
  return await fault;
}

const threw = (error: unknown) => () => {
  throw error;
};

describe('a function of the config that fails', () => {
  it('is the fault of the config, and not of the target', () => {
    expect(errorCodes.MAPPING_FAILED).toBe('usage');
  });

  it.each<[string, Functions, string]>([
    [
      '`receive` throws',
      given('receive', threw(new TypeError("Cannot read properties of undefined (reading 'id')"))),
      'expected `receive` of the client to take every frame; it threw a TypeError (Cannot read properties of undefined (reading \'id\')) on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` throws an Error',
      given('receive', threw(new Error('unknown frame'))),
      'expected `receive` of the client to take every frame; it threw an Error (unknown frame) on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` throws something that is no error',
      given('receive', threw('no')),
      'expected `receive` of the client to take every frame; it threw "no" on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` returns a field of another name',
      given('receive', () => ({ thread: 'lobby', text: 'hi' })),
      'expected `receive` of the client to return { room, text }, a list of them or null; it returned {"thread":"lobby","text":"hi"} on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` returns true',
      given('receive', () => true),
      'expected `receive` of the client to return { room, text }, a list of them or null; it returned true on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` returns a list of which one is no message',
      given('receive', () => [{ room: 'lobby', text: 'hi' }, null]),
      'expected `receive` of the client to return { room, text }, a list of them or null; it returned [{"room":"lobby","text":"hi"},null] on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`receive` is async',
      given('receive', () => Promise.reject(new Error('late'))),
      'expected `receive` of the client to return { room, text }, a list of them or null; it returned a promise (it must not be async) on the frame {"type":"hello"}. Return null for frames that are not messages',
    ],
    [
      '`acknowledge` returns a text',
      given('acknowledge', () => 'an id'),
      'expected `acknowledge` of the client to return { id }, { text } or null; it returned "an id" on the frame {"type":"hello"}. Return null for frames that answer no message',
    ],
    [
      '`joined` throws',
      { join: () => ({}), ...given('joined', threw(new RangeError(''))) },
      'expected `joined` of the client to take every frame; it threw a RangeError on the frame {"type":"hello"}. Return null for frames that confirm no room',
    ],
    [
      '`join` throws',
      given('join', threw(new SyntaxError('no room'))),
      'expected `join` of the client to take every room; it threw a SyntaxError (no room) on the room {"room":"lobby","after":null}. Return something that can be written as JSON',
    ],
    [
      '`join` returns nothing',
      given('join', () => undefined),
      'expected `join` of the client to return a frame; it returned undefined on the room {"room":"lobby","after":null}. Return something that can be written as JSON',
    ],
    [
      '`token.firstFrame` throws, whose token is not shown',
      { token: { firstFrame: (token) => threw(new Error(`bad ${token}`))() } },
      'expected `token.firstFrame` of the client to take every token; it threw an Error (bad [redacted]). Return something that can be written as JSON',
    ],
    [
      '`token.firstFrame` returns nothing',
      { token: { firstFrame: () => undefined } },
      'expected `token.firstFrame` of the client to return a frame; it returned undefined. Return something that can be written as JSON',
    ],
    [
      '`token.subprotocol` returns no list',
      { token: { subprotocol: (token) => token as never } },
      'expected `token.subprotocol` of the client to return a list of names; it returned "[redacted]". Return a list of texts: [name, …]',
    ],
  ])('ends the run with words for its author: %s', async (_, functions, message) => {
    await using server = await saying({ type: 'hello' });
    expect(await faultOf(server, functions)).toMatchObject({ code: 'MAPPING_FAILED', message });
  });

  it.each<[string, () => unknown, string]>([
    ['throws', threw(new TypeError('no text')), 'take every message; it threw a TypeError (no text)'],
    ['gives nothing', () => undefined, 'return a frame; it returned undefined'],
    ['gives what is no JSON', () => ({ self: 1n }), 'take every message; it threw a TypeError (Do not know'],
    ['is async', () => Promise.resolve({}), 'return a frame; it returned a promise'],
  ])('offers nothing when `send` %s', async (_, send, said) => {
    await using server = await saying();
    const { client, faults } = opened({ url: server.url, ...deaf, send });
    await using _client = client;
    await client.connect({ signal: forever });
    const written = () => expect.unreachable('nothing is written');
    const answer = await client.send(messageOf(1), { signal: forever, written });
    expect(answer).toEqual({ answer: 'unoffered', reason: 'the function `send` failed' });
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining(`expected \`send\` of the client to ${said}`),
    ]);
    expect(faults[0]?.message).toContain(`on the message {"id":"${messageOf(1).message}","room":"lobby"`);
  });

  it('is told once, whatever else fails and however often, and is no note', async () => {
    await using server = await saying({ nth: 1 }, { nth: 2 });
    const broken = given('receive', threw(new Error('no')));
    const { client, watcher, faults, notes } = opened({
      url: server.url,
      ...deaf,
      ...broken,
      ...given('acknowledge', () => 7),
    });
    await using _ = client;
    await client.connect({ signal: forever });
    // What was said before the close was read before it.
    for (const socket of server.clients) socket.close(1012);
    await watcher.next('close');
    expect(faults).toHaveLength(1);
    expect(notes).toEqual([]);
  });

  it('is a note where nobody can end the run', async () => {
    await using server = await saying({ type: 'hello' });
    const notes: string[] = [];
    const watcher = new Watcher();
    const { broken: _, ...rest } = means(notes);
    const kind = webSocket({ url: server.url, ...deaf, ...given('receive', () => true) }, rest);
    await using client = kind.open(seatAt(), watcher.observe);
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.close(1012);
    await watcher.next('close');
    expect(notes).toEqual([expect.stringMatching(/^websocket: expected `receive` of the client to return/)]);
  });

  it('shows no more than the beginning of a frame, without the token, even where the token is cut', async () => {
    const filler = 'x'.repeat(170);
    await using server = await saying({ filler, echo: 'token-1 token-1 token-1', more: filler });
    const { message } = await faultOf(server, given('receive', threw(new Error('about token-1'))));
    const [, frame = ''] = /on the frame (.*)\. Return null/.exec(message) ?? [];
    expect(frame).toHaveLength(200);
    expect(frame).toMatch(/^\{"filler":"x+","echo":"\[re.*…$/);
    expect(message).toContain('about [redacted]');
    expect(message).not.toContain('token-');
  });

  it('leaves the reason of a close to the target', async () => {
    await using server = await saying({ type: 'hello' });
    const { client, watcher } = opened({ url: server.url, ...deaf, ...given('receive', () => true) });
    await using _ = client;
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.close(1012, 'restart');
    expect((await watcher.next('close')).reason).toBe('restart');
    expect(watcher.of('receive')).toEqual([]);
  });

  it('fails the dial when `join` throws, and names the function', async () => {
    await using server = await saying();
    const { client, watcher } = opened({
      url: server.url,
      ...deaf,
      ...given('join', threw(new Error('no'))),
    });
    await using _ = client;
    client.connect({ signal: forever }).catch(() => undefined);
    expect(await watcher.next('refused')).toMatchObject({
      at: 'join',
      reason: expect.stringMatching(/^the function `join` failed/),
    });
  });
});

describe('an acknowledgement', () => {
  const acknowledging = async (id: unknown) => {
    await using server = await saying({ id }, { id });
    const acknowledge = (frame: unknown) => frame as never;
    const { client, watcher, notes, faults } = opened({ url: server.url, ...deaf, acknowledge });
    await using _ = client;
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.close(1012);
    await watcher.next('close');
    return { notes, faults };
  };

  it.each<[unknown, string]>([
    ['lobby', "'lobby'"],
    ['m-\u001b[2J', "'m-\\x1b[2J'"],
    ['token-1', "'[redacted]'"],
    [7, '7'],
    [undefined, 'undefined'],
  ])('of what nobody sent is noted once: %j', async (id, example) => {
    const { notes, faults } = await acknowledging(id);
    expect(notes).toEqual([`websocket: \`acknowledge\` gave an id that nobody sent, such as ${example}`]);
    expect(faults).toEqual([]);
  });

  it.each([messageOf(1).message, messageOf(1, '', '2').message, 'zzzzzzzz.1.1'])(
    'of what another session or another run may have sent is passed over: %s',
    async (id) => {
      expect((await acknowledging(id)).notes).toEqual([]);
    },
  );

  it('by a text that holds no identity is passed over: others speak there too', async () => {
    await using server = await saying({ text: 'hi' }, { text: null }, { text: tagOf('zzzzzzzz.1.1') });
    const acknowledge = (frame: unknown) => frame as never;
    const { client, watcher, notes, faults } = opened({ url: server.url, ...deaf, acknowledge });
    await using _ = client;
    await client.connect({ signal: forever });
    for (const socket of server.clients) socket.close(1012);
    await watcher.next('close');
    expect([...notes, ...faults]).toEqual([]);
  });
});
