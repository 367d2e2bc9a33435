import { describe, expect, it } from 'vitest';
import { defineClient } from '../../../../src/config/face.js';
import type { ClientDefinition, ClientKind, ClientSession } from '../../../../src/observe/client/index.js';
import type { Client } from '../../../../src/observe/client/port.js';
import { serve } from '../../../conformance/client/mission-server.js';
import { connect, parrot } from '../../client/custom/parrot.js';
import { validated as validatedAt } from './validated.js';

type Change = (session: ClientSession, right: () => ReturnType<typeof connect>, port: number) => unknown;
type Spoil = (kind: ClientKind) => ClientKind;

/** What came of each rule: a parrot whose author changed something, at a right server that is restarted. */
const validated = (change: Change, spoil: Spoil = (kind) => kind, changes: Partial<ClientDefinition> = {}) =>
  validatedAt({
    serve: (port) => serve(port, {}),
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
    const { broken, kept, said } = await validated((_, right) => right());
    expect([broken, said]).toEqual([[], {}]);
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

/** Passes each message on once. */
function filtered({ tell }: ClientSession): Partial<ClientSession['tell']> {
  const seen = new Set<string>();
  return {
    received: (message) => {
      if ('text' in message && !seen.has(message.text) && seen.add(message.text)) tell.received(message);
    },
  };
}
