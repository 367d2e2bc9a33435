import { expect, onTestFailed } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { tagOf } from '../../../src/history/tag.js';
import type {
  Answer,
  Client,
  ClientKind,
  Credentials,
  Outgoing,
  Seat,
} from '../../../src/observe/client/index.js';
import { createRelay } from '../../../src/observe/network/index.js';
import { digestOf } from '../../../src/observe/record/index.js';
import { Watcher } from '../../observe/client/watcher.js';
import { Gate } from './gate.js';
import type { Harness, Mischief, Served } from './harness.js';

export const run = 'c0000001';
export const forever = new AbortController().signal;
export const digest = (text: string) => digestOf(text, 'exact');
export const means = { run, digest };

const users = ['ada', 'bob'] as const;
type User = (typeof users)[number];

/** One session: its client, what it told, its way to the server, and what it asked its seat for. */
export interface Session {
  readonly user: User;
  readonly seat: Seat;
  readonly client: Client;
  readonly watcher: Watcher;
  readonly gate: Gate;
  /** Labels of the tokens that it was given, and of those that it said were refused. */
  readonly given: string[];
  readonly refused: string[];
  /** Message number `number` of this session. */
  message(number: number, words?: string): Outgoing;
  /** A send that is never called off. */
  say(number: number, words?: string): Promise<Answer>;
}

/** A server and the sessions at it; everything is taken down at its disposal. */
export class Stand implements AsyncDisposable {
  readonly #relay = createRelay();
  readonly #sessions: Session[] = [];
  #served: Served;

  private constructor(
    private readonly harness: Harness,
    private readonly port: number,
    served: Served,
    readonly kind: ClientKind,
  ) {
    this.#served = served;
    onTestFailed(() => {
      for (const { user, watcher } of this.#sessions) console.error(`${user} told`, watcher.events);
    });
  }

  static async at(harness: Harness, mischief: Mischief = {}): Promise<Stand> {
    const served = await harness.serve(0, mischief);
    const { port } = served;
    return new Stand(harness, port, served, harness.kind(port, means));
  }

  get served(): Served {
    return this.#served;
  }

  /** A session that is not connected yet. */
  async seat(user: User): Promise<Session> {
    const gates = new Map<string, Gate>();
    for (const dial of this.kind.dials) {
      const { hostname, port, origin } = new URL(dial);
      gates.set(origin, await Gate.before(await this.#relay.door(user, hostname, Number(port))));
    }
    const [gate] = gates.values();
    if (!gate) throw new RangeError('a client has an address that it dials');
    const session = sessionOf(this.kind, user, gate, (url) => {
      const before = gates.get(new URL(url).origin);
      if (!before) throw new RangeError(`expected one of the addresses in \`dials\`, got ${url}`);
      const through = new URL(url);
      through.host = `127.0.0.1:${before.port}`;
      return through;
    });
    this.#sessions.push(session);
    return session;
  }

  /** A session that is in its room. */
  async enter(user: User): Promise<Session> {
    const session = await this.seat(user);
    await session.client.connect({ signal: forever });
    return session;
  }

  /** Resolves when the server has taken so many messages. */
  async hasTaken(count: number): Promise<void> {
    await expect
      .poll(() => this.#served.taken, { interval: 5, timeout: 10_000 })
      .toBeGreaterThanOrEqual(count);
  }

  stop(): Promise<void> {
    return this.#served.stop();
  }

  /** Starts the server again, on the same port, with nothing of what it knew. */
  async startAgain(): Promise<void> {
    this.#served = await this.harness.serve(this.port, {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.#sessions) await client[Symbol.asyncDispose]();
    await this.#served.stop();
    for (const { gate } of this.#sessions) await gate[Symbol.asyncDispose]();
    await this.#relay[Symbol.asyncDispose]();
  }
}

function sessionOf(kind: ClientKind, user: User, gate: Gate, resolve: (url: string) => URL): Session {
  const watcher = new Watcher();
  const given: string[] = [];
  const refused: string[] = [];
  const session = String(users.indexOf(user) + 1);
  const seat: Seat = {
    ...{ session, user, rooms: ['lobby'], resolve, random: seeded(user) },
    credentials: (): Promise<Credentials> => {
      const token = `${user}-${refused.length + 1}`;
      given.push(token);
      return Promise.resolve({ token, label: token });
    },
    rejected: ({ label }: Credentials) => void refused.push(label),
    origin: (url: string) => new URL(url),
  };
  const client = kind.open(seat, watcher.observe);
  const message = (number: number, words = 'hello') => {
    const id = `${run}.${session}.${number}`;
    return { message: id, room: 'lobby', text: `${tagOf(id)} ${words}` };
  };
  const say = (number: number, words?: string) =>
    client.send(message(number, words), { signal: new AbortController().signal, written: () => undefined });
  return { user, seat, client, watcher, gate, given, refused, message, say };
}
