import { describe, expect, it } from 'vitest';
import { atLeastOnce } from '../../../../src/contract/contracts.js';
import type { Event, Header, Role } from '../../../../src/history/events.js';
import type { Client, SocketIoOptions } from '../../../../src/observe/client/index.js';
import { createRelay, type RelayDoor } from '../../../../src/observe/network/index.js';
import { judge, resultOf, Story } from '../../../judge/story.js';
import { forever, messageOf, run } from '../seats.js';
import type { Watcher } from '../watcher.js';
import { type Misbehaviour, SocketIoChat } from './chat-server.js';
import { opened } from './opened.js';

/** Without a log behind it: who is away misses what is said. */
const forgetful = {
  resume: false,
  recovery: true,
  join: ({ room }) => ['join', room, null],
} satisfies Partial<SocketIoOptions>;
const slow = { backoff: { firstMs: 400, maxMs: 400, jitter: 0 } } satisfies Partial<SocketIoOptions>;

interface Actor {
  readonly client: Client;
  readonly watcher: Watcher;
  readonly door: RelayDoor;
  say(number: number, purpose?: 'canary'): Promise<void>;
}

/** Real clients at a real server, and the history of what they tell. */
class Scene implements AsyncDisposable {
  readonly #events: Event[] = [];
  readonly #began = performance.now();
  readonly #relay = createRelay();
  readonly #roles = new Map<string, Role>();
  readonly #clients: Client[] = [];

  private constructor(public server: SocketIoChat) {}

  static async open(misbehaviour: Misbehaviour = {}): Promise<Scene> {
    return new Scene(await SocketIoChat.start({ options: { connectionStateRecovery: {} }, ...misbehaviour }));
  }

  tell(event: object): void {
    this.#events.push({ t: performance.now() - this.#began, ...event } as Event);
  }

  async enter(session: string, role: Role, options: Partial<SocketIoOptions>): Promise<Actor> {
    this.#roles.set(session, role);
    const door = await this.#relay.door(session, '127.0.0.1', this.server.port);
    const seating = { session, resolve: () => new URL(`http://127.0.0.1:${door.port}`) };
    const { client, watcher } = opened(
      { url: this.server.url, transports: ['websocket'], ...options },
      seating,
    );
    this.#clients.push(client);
    watcher.events.push = (...seen) => {
      for (const one of seen) this.tell({ ...one, session });
      return Array.prototype.push.apply(watcher.events, seen);
    };
    await client.connect({ signal: forever });
    return { client, watcher, door, say: (number, purpose) => this.#say(session, client, number, purpose) };
  }

  /** Killed, and started again with or without what it knew. */
  async crash(
    misbehaviour: Misbehaviour = {},
    meanwhile = async (): Promise<void> => undefined,
  ): Promise<void> {
    const about = { kind: 'disruption', disruption: 0, type: 'restart', service: 'backend' };
    this.tell({ ...about, step: 'begin' });
    this.tell({ ...about, step: 'signal', signal: 'SIGKILL' });
    const { port, log } = this.server;
    await this.server.kill();
    this.tell({ ...about, step: 'exited', exitCode: null, killed: true });
    this.tell({ ...about, step: 'port-closed' });
    await meanwhile();
    this.tell({ ...about, step: 'started' });
    this.server = await SocketIoChat.start(
      { options: { connectionStateRecovery: {} }, ...misbehaviour },
      port,
      log,
    );
    this.tell({ ...about, step: 'ready' });
    this.tell({ ...about, step: 'end' });
  }

  verdict(order: 'none' | 'sender' = 'none') {
    this.tell({ kind: 'end', how: 'completed' });
    const { header } = new Story({ contract: atLeastOnce({ order, pipelining: false }) });
    const sessions = [...this.#roles].map(([session, role]) => ({ session, role, rooms: ['lobby'] }));
    const ours: Header = { ...header, run, plan: { ...header.plan, sessions } };
    return judge({ header: ours, events: this.#events });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.#relay[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }

  async #say(session: string, client: Client, number: number, purpose?: 'canary'): Promise<void> {
    const outgoing = messageOf(number, 'hello', session);
    const { message, room, text } = outgoing;
    const about = { kind: 'send', session, message, room, due: performance.now() - this.#began };
    this.tell({ ...about, digest: `digest of ${text.length}`, ...(purpose ? { purpose } : {}) });
    let attempt = 0;
    const written = () => this.tell({ kind: 'written', session, message, attempt: ++attempt });
    const { answer, ...more } = await client.send(outgoing, { signal: forever, written });
    this.tell({ kind: answer, session, message, ...more });
  }
}

/** Answers each message at once, and passes on two together to everyone, in the room or not yet, the later one first. */
function backwards(): Misbehaviour {
  const kept: { readonly text: string; readonly number: number }[] = [];
  return {
    said: (socket, { room, text }, answer) => {
      const number = kept.unshift({ text, number: kept.length + 1 });
      answer({ number });
      if (number === 2) for (const one of kept) socket.nsp.emit('said', room, one.text, 'ada', one.number);
      return true;
    },
  };
}

/** A speaker, a reader who is slow to come back, and one whose network is away during the crash. */
async function flushing(options: Partial<SocketIoOptions>) {
  const scene = await Scene.open();
  const speaker = await scene.enter('1', 'chatter', options);
  const reader = await scene.enter('2', 'chatter', { ...options, ...slow });
  const absentee = await scene.enter('3', 'absentee', options);
  await speaker.say(1);
  scene.tell({ kind: 'cut', session: '3' });
  absentee.door.cut();
  await absentee.watcher.next('close');
  await speaker.say(2);
  let kept: Promise<void> | undefined;
  await scene.crash({}, async () => {
    await Promise.all([speaker, reader].map(({ watcher }) => watcher.next('close')));
    // Nobody is there: the library keeps it, and sends it before the reader is back.
    kept = speaker.say(3);
  });
  await kept;
  scene.tell({ kind: 'uncut', session: '3' });
  absentee.door.restore();
  const returned = [reader, absentee].map(({ watcher }) =>
    watcher.until(() => watcher.of('ready').length > 1),
  );
  await Promise.all(returned);
  const spoken = [speaker.say(4), speaker.say(5, 'canary'), reader.say(1, 'canary')];
  await Promise.all(spoken);
  const last = messageOf(5, 'hello', '1').message;
  const hears = ({ watcher }: Actor) =>
    watcher.until(() => watcher.of('receive').some(({ message }) => message === last));
  await Promise.all([reader, absentee].map(hears));
  return { scene, speaker, reader, absentee };
}

describe('what the library keeps and sends when it is back', () => {
  it('is lost for whoever is not back yet, beside what the absentee always loses, where nothing is replayed', async () => {
    const { scene } = await flushing(forgetful);
    await using _ = scene;
    const verdict = scene.verdict();
    // Message 2 at the absentee; 3, which left after the crash, at both.
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({ outcome: 'fail', figures: { lost: 3 } });
    expect(resultOf(verdict, 'messages-lost').summary).toContain('session 3 never received 2 messages');
  });

  it('is no loss and no false alarm where everybody is given what was missed', async () => {
    const { scene, speaker } = await flushing({});
    await using _ = scene;
    const verdict = scene.verdict();
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({ outcome: 'pass', figures: { lost: 0 } });
    expect(resultOf(verdict, 'messages-duplicated').outcome).toBe('pass');
    expect(resultOf(verdict, 'messages-phantom').outcome).toBe('pass');
    expect(resultOf(verdict, 'resumed-honestly').outcome).toBe('pass');
    expect(verdict.figures.messages).toMatchObject({ sent: 6, acknowledged: 6, unoffered: 0, unsure: 0 });
    expect(speaker.watcher.of('unsure')).toEqual([]);
  });
});

describe('connection state recovery', () => {
  it('is no false "resumed" where a publisher that had heard nothing is never recovered', async () => {
    const { scene, speaker } = await flushing(forgetful);
    await using _ = scene;
    expect(speaker.watcher.of('ready').map(({ claims }) => claims)).toEqual(['fresh', 'fresh']);
    expect(resultOf(scene.verdict(), 'resumed-honestly').outcome).not.toBe('fail');
  });
});

describe('zero loss', () => {
  it('is not known where a reader never came back', async () => {
    await using scene = await Scene.open();
    const speaker = await scene.enter('1', 'chatter', {});
    await scene.enter('2', 'chatter', { auth: (token) => ({ token, user: 'bob' }) });
    await speaker.say(1);
    await scene.crash({
      refuse: ({ handshake }) => (handshake.auth['user'] === 'bob' ? new Error('who are you?') : undefined),
    });
    await speaker.watcher.next('ready', 2);
    await speaker.say(2);
    await speaker.say(3, 'canary');
    const verdict = scene.verdict();
    expect(resultOf(verdict, 'messages-lost').outcome).toBe('unknown');
    expect(resultOf(verdict, 'reconnected').outcome).toBe('fail');
    expect(verdict.outcome).toBe('fail');
  });

  it('is not known where nothing was acknowledged afterwards', async () => {
    await using scene = await Scene.open();
    const speaker = await scene.enter('1', 'chatter', {});
    const reader = await scene.enter('2', 'chatter', {});
    await speaker.say(1);
    await reader.watcher.next('receive');
    await scene.crash({ said: () => true });
    await Promise.all([speaker, reader].map(({ watcher }) => watcher.next('ready', 2)));
    void speaker.say(2);
    await scene.server.hasTaken(1);
    const lost = resultOf(scene.verdict(), 'messages-lost');
    expect(lost).toMatchObject({ outcome: 'unknown', figures: { lost: 0 } });
    expect(lost.summary).toBe('Nothing is missing, but nothing was acknowledged after the restart either');
  });
});

describe('shown loss', () => {
  it('is a failure, though another reader never came back', async () => {
    await using scene = await Scene.open();
    const speaker = await scene.enter('1', 'chatter', forgetful);
    await scene.enter('2', 'chatter', { ...forgetful, auth: (token) => ({ token, user: 'bob' }) });
    const absentee = await scene.enter('3', 'absentee', forgetful);
    await speaker.say(1);
    scene.tell({ kind: 'cut', session: '3' });
    absentee.door.cut();
    await absentee.watcher.next('close');
    await speaker.say(2);
    await scene.crash({
      refuse: ({ handshake }) => (handshake.auth['user'] === 'bob' ? new Error('who are you?') : undefined),
    });
    scene.tell({ kind: 'uncut', session: '3' });
    absentee.door.restore();
    await Promise.all([speaker, absentee].map(({ watcher }) => watcher.next('ready', 2)));
    await speaker.say(3);
    await speaker.say(4, 'canary');
    const last = messageOf(4, 'hello', '1').message;
    const { watcher } = absentee;
    await watcher.until(() => watcher.of('receive').some(({ message }) => message === last));
    const verdict = scene.verdict();
    expect(resultOf(verdict, 'reconnected')).toMatchObject({ outcome: 'fail' });
    expect(resultOf(verdict, 'messages-lost')).toMatchObject({ outcome: 'fail', figures: { lost: 1 } });
    expect(resultOf(verdict, 'messages-lost').summary).toContain('session 3 never received 1 message');
  });
});

describe('the order of one sender', () => {
  const heard = ({ watcher }: Actor) => watcher.next('receive', 2);

  it('is not judged among what the library had kept: neither was answered before the other left', async () => {
    await using scene = await Scene.open();
    const speaker = await scene.enter('1', 'chatter', { resume: false });
    const reader = await scene.enter('2', 'chatter', { resume: false });
    let said: Promise<unknown> | undefined;
    await scene.crash(backwards(), async () => {
      await Promise.all([speaker, reader].map(({ watcher }) => watcher.next('close')));
      said = Promise.all([speaker.say(1), speaker.say(2)]);
    });
    await said;
    await heard(speaker);
    expect(speaker.watcher.of('receive').map(({ position }) => position)).toEqual(['2', '1']);
    expect(resultOf(scene.verdict('sender'), 'messages-reordered').outcome).not.toBe('fail');
  });

  it('is judged where one was answered before the next was said', async () => {
    await using scene = await Scene.open(backwards());
    const speaker = await scene.enter('1', 'chatter', { resume: false });
    const reader = await scene.enter('2', 'chatter', { resume: false });
    await speaker.say(1);
    await speaker.say(2);
    await heard(reader);
    expect(resultOf(scene.verdict('sender'), 'messages-reordered')).toMatchObject({ outcome: 'fail' });
  });
});

describe('the time of a reconnect', () => {
  it('is split, so that the waits of the library are not the time of the target', async () => {
    await using scene = await Scene.open();
    const patient = { backoff: { firstMs: 1_500, maxMs: 1_500, jitter: 0 } };
    const actors = [
      await scene.enter('1', 'chatter', patient),
      await scene.enter('2', 'chatter', patient),
    ] as const;
    await actors[0].say(1);
    await scene.crash();
    await Promise.all(actors.map(({ watcher }) => watcher.next('ready', 2)));
    await actors[0].say(2, 'canary');
    const [disruption] = scene.verdict().disruptions;
    const { down = 0, waiting = 0, handshake = 0, joined = 0 } = disruption?.reconnectSplitMs ?? {};
    // It was there again long before anybody asked.
    expect(waiting).toBeGreaterThan(0);
    expect(down + waiting).toBeGreaterThanOrEqual(1_450);
    expect(down + waiting + handshake + joined).toBeCloseTo(disruption?.reconnectMs?.p50 ?? 0, 0);
  });
});
