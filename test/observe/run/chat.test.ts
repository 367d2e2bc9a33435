import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { exactlyOnce, type ContractChanges } from '../../../src/contract/contracts.js';
import type { Event, Kind } from '../../../src/history/events.js';
import { createKeeper } from '../../../src/observe/identity/index.js';
import { createRecorder, type Recorder } from '../../../src/observe/record/index.js';
import { Chat } from '../../../src/observe/run/chat.js';
import type { Member } from '../../../src/observe/run/member.js';
import { type ClientKind, webSocket } from '../../../src/observe/client/index.js';
import { ChatServer, type Frame, type Misbehaviour } from '../client/chat-server.js';
import { means } from '../client/opened.js';
import { forever, run, seatAt } from '../client/seats.js';

let folder = '';
let recorder: Recorder;
let server: ChatServer;
const events: Event[] = [];
const waiting = new Set<() => void>();

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chat-test-'));
  recorder = createRecorder({ file: path.join(folder, 'history.ndjson') });
  events.length = 0;
  recorder.watch((event) => {
    events.push(event);
    for (const look of waiting) look();
  });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const of = (kind: Kind) => events.filter((event) => event.kind === kind);
const until = (holds: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!holds()) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });

async function chatting(
  misbehaviour: Misbehaviour = {},
  changes: ContractChanges = {},
  library: Partial<Pick<ClientKind, 'offlineSend' | 'resends'>> = {},
) {
  server = await ChatServer.start(misbehaviour);
  const kind = webSocket({ url: server.url, resume: true }, means(), {
    backoff: { firstMs: 1, maxMs: 5, factor: 2 },
  });
  const observe = recorder.session('1');
  const seat = seatAt();
  const keeper = createKeeper({
    ...{ session: '1', observe, redactor: recorder.redactor, user: { id: '1', name: 'ada', secret: '' } },
    signIn: { name: 'fixed', lacks: {}, signIn: () => Promise.resolve({ token: 'token-1' }) },
  });
  const client = kind.open(seat, observe);
  const member: Member = {
    ...{ seat, keeper, client, observe, user: { id: '1', name: 'ada', secret: '' } },
    planned: { session: '1', role: 'chatter', rooms: ['lobby'] },
  };
  await client.connect({ signal: forever });
  const chat = new Chat({
    ...{ run, recorder, digest: (text: string) => `${text.length}`, signal: forever, random: seeded('chat') },
    client: { ...kind, ...library },
    ...{ contract: exactlyOnce(changes), messagesPerSecond: 200, maxLength: 200, answerWithinMs: 60_000 },
  });
  return { chat, member };
}

/** Takes the first message, says nothing and hangs up. */
function hangsUpOnce(): Misbehaviour {
  let hungUp = false;
  return {
    frame: (socket, { type }: Frame) => {
      if (hungUp || type !== 'chat_message') return false;
      hungUp = true;
      socket.terminate();
      return true;
    },
  };
}

describe('the chat', () => {
  it('writes a send and its attempt down before the answer, and the answer as it came', async () => {
    const { chat, member } = await chatting();
    const message = chat.send(member);
    await until(() => of('ack').length === 1);
    const story = events.filter((event) => 'message' in event && event.message === message);
    expect(story.map(({ kind }) => kind).filter((kind) => kind !== 'receive')).toEqual([
      'send',
      'written',
      'ack',
    ]);
    expect(chat.outstanding).toBe(0);
  });

  it('writes the same texts whether or not something is said out of turn between them', async () => {
    const texts = async (says: (chat: Chat, member: Member) => void) => {
      const said: string[] = [];
      const { chat, member } = await chatting();
      member.client.send = ({ text }) => {
        said.push(text.slice(text.indexOf(' ')));
        return Promise.resolve({ answer: 'ack' });
      };
      says(chat, member);
      await member.client[Symbol.asyncDispose]();
      return said;
    };
    const [first, second] = await texts((chat, member) => {
      chat.send(member);
      chat.send(member);
    });
    await server[Symbol.asyncDispose]();
    const disturbed = await texts((chat, member) => {
      chat.send(member);
      chat.send(member, { outOfTurn: true });
      chat.send(member);
    });
    expect(disturbed).toEqual([first, expect.any(String), second]);
    expect(disturbed[1]).not.toBe(second);
  });

  it('queues nothing while there is no connection: the message is unoffered', async () => {
    const { chat, member } = await chatting();
    await server[Symbol.asyncDispose]();
    await until(() => of('close').length === 1);
    const message = chat.send(member);
    expect(of('unoffered')).toMatchObject([{ message }]);
    expect(of('written')).toEqual([]);
    expect(chat.outstanding).toBe(0);
  });

  it('hands a message to a library that buffers, connection or none: what becomes of it is for the library to tell', async () => {
    const { chat, member } = await chatting({}, {}, { offlineSend: 'buffered' });
    const handed: string[] = [];
    await server[Symbol.asyncDispose]();
    await until(() => of('close').length === 1);
    const { client } = member;
    client.send = ({ message }) => {
      handed.push(message);
      return Promise.resolve({ answer: 'unsure', reason: 'kept by the library' });
    };
    const message = chat.send(member);
    await until(() => of('unsure').length === 1);
    expect(handed).toEqual([message]);
    expect(of('unoffered')).toEqual([]);
    chat.stop();
  });

  it('leaves what is unsure to a library that sends it again by itself', async () => {
    const { chat, member } = await chatting(hangsUpOnce(), {}, { resends: 'library' });
    chat.send(member);
    await until(() => of('ready').length === 2);
    const second = chat.send(member);
    await until(() => of('ack').length === 1);
    expect(of('ack')).toMatchObject([{ message: second }]);
    expect(of('written')).toHaveLength(2);
  });

  it('sends again under the same id what is unsure, once its sender is back', async () => {
    const { chat, member } = await chatting(hangsUpOnce());
    const message = chat.send(member);
    await until(() => of('ack').length === 1);
    expect(of('unsure')).toMatchObject([{ message }]);
    expect(of('written')).toMatchObject([
      { message, attempt: 1, conn: 1 },
      { message, attempt: 2, conn: 2 },
    ]);
    expect(of('send')).toHaveLength(1);
  });

  it('leaves what is unsure as it is where a repeat would be a second message', async () => {
    const { chat, member } = await chatting(hangsUpOnce(), { idempotent: false });
    chat.send(member);
    await until(() => of('ready').length === 2);
    const second = chat.send(member);
    await until(() => of('ack').length === 1);
    expect(of('ack')).toMatchObject([{ message: second }]);
    expect(of('written')).toHaveLength(2);
    expect(chat.outstanding).toBe(0);
  });

  it('repeats the acknowledged message that it was asked to remember, not a later one', async () => {
    const { chat, member } = await chatting();
    const remembered = chat.send(member);
    await until(() => of('ack').length === 1);
    chat.remember();
    chat.send(member);
    await until(() => of('ack').length === 2);
    chat.repeatRemembered();
    await until(() => of('ack').length === 3);
    expect(of('written').at(-1)).toMatchObject({ message: remembered, attempt: 2 });
  });

  it('keeps its schedule while the target answers nothing: it waits for nobody', async () => {
    const { chat, member } = await chatting({ frame: (_, { type }) => type === 'chat_message' });
    chat.start([member]);
    await until(() => of('send').length === 20);
    chat.stop();
    const dues = of('send').flatMap((event) => (event.kind === 'send' ? [event.due] : []));
    const gaps = dues.slice(1).map((due, index) => Math.round(due - (dues[index] ?? 0)));
    expect(new Set(gaps)).toEqual(new Set([5]));
    expect(of('ack')).toEqual([]);
  });
});
