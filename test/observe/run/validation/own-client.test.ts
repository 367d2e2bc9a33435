import { describe, expect, it } from 'vitest';
import { defineClient } from '../../../../src/config/face.js';
import type { ClientDefinition, ClientKind, ClientSession } from '../../../../src/observe/client/index.js';
import type { Client } from '../../../../src/observe/client/port.js';
import { serve } from '../../../conformance/client/mission-server.js';
import { ChatServer } from '../../client/chat-server.js';
import { connect, parrot } from '../../client/custom/parrot.js';
import { type Served, validated as validatedAt } from './validated.js';

type Change = (session: ClientSession, right: () => ReturnType<typeof connect>, port: number) => unknown;
type More = Partial<ClientDefinition> & { readonly at?: typeof right };
type Spoil = (kind: ClientKind) => ClientKind;

const right = (port: number): Promise<Served> => serve(port, {});

/** What came of each rule: a parrot whose author changed something, at a right server that is restarted. */
const validated = (change: Change, spoil: Spoil = (kind) => kind, { at = right, ...changes }: More = {}) =>
  validatedAt({
    serve: at,
    client: (port) => {
      const changed = (session: ClientSession) =>
        change(session, () => connect(session, true), port) as ReturnType<typeof connect>;
      return defineClient(parrot(port, 'itself', { connect: changed, ...changes }));
    },
    spoil,
  });

/** What is told, changed on its way. */
function telling(session: ClientSession, changes: Partial<ClientSession['tell']>): ClientSession {
  return { ...session, tell: { ...session.tell, ...changes } };
}

describe.concurrent('an exercise', () => {
  it('finds nothing wrong with a right client, and exercises every rule', async ({ expect }) => {
    const { broken, kept, said, hints } = await validated((_, right) => right());
    expect([broken, said, hints]).toEqual([[], {}, []]);
    expect(kept).toHaveLength(20);
  });

  const wrong: readonly [name: string, rules: readonly string[], change: Change][] = [
    [
      'never gets ready',
      ['enters'],
      (session) => connect(telling(session, { ready: () => undefined }), true),
    ],
    [
      'dials past the relay',
      ['dials-through'],
      (session, _, port) => connect({ ...session, url: `ws://127.0.0.1:${port}/ws` }, true),
    ],
    [
      'never tells a loss',
      ['tells-loss'],
      (session) => connect(telling(session, { closed: () => undefined }), true),
    ],
    ['does not come back', ['comes-back'], (session) => connect(session, false)],
    ['hears nothing', ['hears'], (session) => connect(telling(session, { received: () => undefined }), true)],
    ['filters repeats', ['filters-nothing'], (session) => connect(telling(session, filtered(session)), true)],
    ['never answers', ['answers'], (_, right) => ({ ...right(), send: () => new Promise(() => undefined) })],
    ['leaves its connection open', ['leaves-clean'], (_, right) => ({ ...right(), close: () => undefined })],
    [
      'shows no positions, and does not say so',
      ['says-what-it-lacks'],
      (session) => {
        const { received } = session.tell;
        const without: typeof received = (message) => {
          if ('text' in message) received({ room: message.room, text: message.text });
        };
        return connect(telling(session, { received: without }), true);
      },
    ],
  ];
  it('hints to one that comes back and never says that it tries', async ({ expect }) => {
    const tokens = (tries: (session: ClientSession) => void) => (session: ClientSession) =>
      connect({ ...session, token: () => Promise.resolve(tries(session)).then(() => '') }, true);
    const { broken, hints } = await validated(tokens(() => undefined));
    expect([broken, hints]).toEqual([[], [expect.stringMatching(/Call `tell\.connecting\(\)` where/)]]);
    expect((await validated(tokens(({ tell }) => tell.connecting()))).hints).toEqual([]);
  });

  it('says of repeats only what it saw, where the target makes none, and that nothing is to be done', async ({
    expect,
  }) => {
    const { broken, notExercised } = await validated((_, right) => right(), undefined, { at: sayingOnce });
    expect(broken).toEqual([]);
    expect(notExercised).toEqual({
      'filters-nothing':
        'the target delivered once what was sent twice, and sent nothing again that session 1 had when it came back. ' +
        'Nothing is to be done: it depends on the target. If the library can filter repeats, see that it does not',
    });
  });

  it('says what to do about rules that it did not come to', async ({ expect }) => {
    const { notExercised } = await validated((session) =>
      connect(telling(session, { ready: () => undefined }), true),
    );
    expect(notExercised['hears']).toBe(
      'the exercise did not come to it. Mend what is broken, and validate again',
    );
  });

  const codeless = (session: ClientSession) =>
    connect(
      telling(session, { closed: ({ reason } = {}) => session.tell.closed(reason ? { reason } : {}) }),
      true,
    );

  it('finds out a client that tells no close codes and does not say so, and says what to write', async ({
    expect,
  }) => {
    const { broken, said } = await validated(codeless);
    expect(broken).toEqual(['says-what-it-lacks']);
    expect(said['says-what-it-lacks']).toEqual([
      expect.stringMatching(/told no code .*lacks: \{ 'close-codes': 'the library shows none' \}/),
    ]);
  });

  it('asks for no code where there is none by nature, and takes whose end it was for one', async ({
    expect,
  }) => {
    const lacks = { instance: 'it shows none', 'close-codes': 'the protocol has none' };
    const silent = await validated(codeless, undefined, { lacks });
    expect([silent.broken, silent.said]).toEqual([[], {}]);
    const sided = await validated((session) =>
      connect(telling(session, { closed: () => session.tell.closed({ by: 'target' }) }), true),
    );
    expect([sided.broken, sided.said]).toEqual([[], {}]);
  });

  it.each(wrong)('finds out a client that %s', async (_name, rules, change) => {
    const { broken, said } = await validated(change);
    expect(broken, JSON.stringify(said)).toEqual(expect.arrayContaining([...rules]));
  });

  it('finds out a client that throws, and says what', async ({ expect }) => {
    let isFirst = true;
    const { broken, said } = await validated((_, right) => {
      if (!isFirst) return right();
      isFirst = false;
      throw new Error('no such option');
    });
    expect(broken).toEqual(expect.arrayContaining(['throws-nothing', 'enters']));
    expect(said['throws-nothing']).toEqual(['failed in `connect` with no such option']);
  });

  it('finds out a client that goes on telling after it was closed', async ({ expect }) => {
    const { broken, said } = await validated(({ rooms: [room = ''], tell }, right) => {
      const { send, close } = right();
      const late = () => tell.received({ room, text: 'from an inbox that was not emptied' });
      return { send, close: () => close().then(() => void setImmediate(late)) };
    });
    expect(broken).toEqual(['silent-afterwards']);
    expect(said['silent-afterwards']).toEqual([
      'called `tell.received` afterwards, in session 1',
      'called `tell.received` afterwards, in session 2',
    ]);
  });

  it.each<[string, Spoil, string]>([
    [
      'has connected before it is ready',
      overClients((client) => ({
        connect: (call) => {
          client.connect(call).catch(() => undefined);
          return Promise.resolve();
        },
      })),
      'resolved `connect` before it was ready',
    ],
    [
      'says that it is connected before it is ready',
      overClients(() => ({ connected: true })),
      'said that it is connected before it was ready',
    ],
    [
      'does not say that it is connected when it is ready',
      overClients(() => ({ connected: false })),
      'was ready, and did not say that it is connected',
    ],
  ])('finds out a client that %s', async (_name, spoil, did) => {
    const { broken, said } = await validated((_, right) => right(), spoil);
    expect(broken).toContain('connects-when-ready');
    expect(said['connects-when-ready']?.[0]).toBe(`${did}, in session 1`);
  });

  it('finds out a client whose sessions share one connection', async ({ expect }) => {
    const all = new Set<() => void>();
    const { broken } = await validated((session) => {
      all.add(() => session.tell.closed({ code: 1006 }));
      const closed = () => all.forEach((close) => close());
      return connect(telling(session, { closed }), true);
    });
    expect(broken).toContain('keeps-apart');
  });
});

/** The clients that a kind opens, with something of theirs changed. */
function overClients(change: (client: Client) => Partial<Pick<Client, 'connect' | 'connected'>>): Spoil {
  return (kind) => ({
    ...kind,
    open: (seat, observe) => {
      const client = kind.open(seat, observe);
      const { connect, connected } = change(client);
      return {
        get connected() {
          return connected ?? client.connected;
        },
        connect: connect ?? ((call) => client.connect(call)),
        send: (message, call) => client.send(message, call),
        [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
      };
    },
  });
}

/** A right server that knows what is sent again, and replays nothing. */
async function sayingOnce(port: number) {
  const server = await ChatServer.start(
    {
      frame: (socket, { type, id = '', thread_id }) => {
        const say = (frame: object) => void socket.send(JSON.stringify({ thread_id, ...frame }));
        const known = server.log.find((one) => one.id === id);
        if (type === 'join') say({ type: 'joined', head: server.log.length });
        else if (known) say({ type: 'ack', id, number: known.number });
        return type === 'join' || known !== undefined;
      },
    },
    port,
  );
  return { port: server.port, stop: () => server[Symbol.asyncDispose]() };
}

/** Passes each message on once. */
function filtered({ tell }: ClientSession): Partial<ClientSession['tell']> {
  const seen = new Set<string>();
  return {
    received: (message) => {
      if ('text' in message && !seen.has(message.text) && seen.add(message.text)) tell.received(message);
    },
  };
}
