import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutlastError } from '../../../../src/base/errors.js';
import { custom, type ClientDefinition, type ClientSession } from '../../../../src/observe/client/index.js';
import type { Breach } from '../../../../src/observe/client/validate/rules.js';
import { ChatServer } from '../chat-server.js';
import { means } from '../opened.js';
import { forever, messageOf, patient, seatAt } from '../seats.js';
import { Watcher } from '../watcher.js';
import { connect, parrot } from './parrot.js';

const servers: ChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

/** A parrot whose author changed something, at a right server. */
async function opened(reconnects: 'itself' | 'us', change: Change) {
  const server = await ChatServer.start();
  servers.push(server);
  const breaches: Breach[] = [];
  const definition = parrot(server.port, reconnects, {
    connect: (session) => change(session, () => connect(session, reconnects === 'itself')),
  });
  const kind = custom(definition, { ...means(), breached: (breach) => void breaches.push(breach) });
  const watcher = new Watcher();
  const client = kind.open(seatAt(), watcher.observe);
  return { client, kind, watcher, breaches, rules: () => breaches.map(({ rule }) => rule), server };
}
type Change = (
  session: ClientSession,
  right: () => ReturnType<typeof connect>,
) => ReturnType<ClientDefinition['connect']>;

const families = ['itself', 'us'] as const;

describe.each(families)('what the author of a client does wrong (reconnects: %s)', (family) => {
  it('is nothing with the right one', async () => {
    const { client, breaches } = await opened(family, (_, right) => right());
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toMatchObject({ answer: 'ack', position: '1' });
    await client[Symbol.asyncDispose]();
    expect(breaches).toEqual([]);
  });

  it('acknowledges twice: from `send` and by telling', async () => {
    const { client, breaches } = await opened(family, ({ tell }, right) => {
      const { send, close } = right();
      const both = async (message: Parameters<typeof send>[0]) => {
        tell.acknowledged({ id: message.id });
        return send(message);
      };
      return { send: both, close };
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await client.send(messageOf(1), patient())).toEqual({ answer: 'ack' });
    await expect
      .poll(() => breaches[0])
      .toEqual({
        rule: 'acknowledges-once',
        did: 'answered r0000001.1.1 of session 1 once more than it was sent',
      });
  });

  it('acknowledges what was not sent', async () => {
    const { client, rules } = await opened(family, ({ tell }, right) => {
      const handles = right();
      const { send } = handles;
      return {
        ...handles,
        send: (message) => {
          tell.acknowledged({ id: `${message.id}0` });
          return send(message);
        },
      };
    });
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send(messageOf(1), patient());
    expect(rules()).toEqual(['acknowledges-what-was-sent']);
  });

  it('receives before it is open, which is not passed on', async () => {
    const { client, breaches, watcher } = await opened(family, ({ tell }, right) => {
      const handles = right();
      tell.received({ room: 'lobby', text: 'early' });
      return handles;
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(breaches).toEqual([
      {
        rule: 'opens-first',
        did: expect.stringMatching(
          /^told of a message after .*, and before its `tell\.opened\(\)`, in session 1$/,
        ),
      },
    ]);
    expect(watcher.of('receive')).toEqual([]);
  });

  it.each(['closed', 'refused'] as const)('receives after `%s`, which is not passed on', async (ended) => {
    const { client, breaches } = await opened(family, (session, right) => {
      const { tell } = session;
      // It never gets in: the first thing that is told is its end.
      Object.assign(tell, { opened: () => [tell[ended](), tell.received({ room: 'lobby', text: 'late' })] });
      return right();
    });
    await using _ = client;
    const call = new AbortController();
    const connecting = client.connect({ signal: call.signal }).catch(() => undefined);
    await vi.waitFor(() => expect(breaches).not.toEqual([]), 20_000);
    call.abort();
    await connecting;
    expect(breaches[0]).toEqual({
      rule: 'opens-first',
      did: `told of a message between \`tell.${ended}()\` and the next \`tell.opened()\`, in session 1`,
    });
  });

  it('is ready twice', async () => {
    const { client, rules, watcher } = await opened(family, (session, right) => {
      const { tell } = session;
      const ready = tell.ready.bind(tell);
      Object.assign(tell, { ready: () => [ready(), ready()] });
      return right();
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect([rules(), watcher.of('ready').length]).toEqual([['ready-once'], 1]);
  });

  it('tells what is no message', async () => {
    const { client, breaches } = await opened(family, ({ tell }, right) => {
      const handles = right();
      const { send } = handles;
      return {
        ...handles,
        send: (message) => {
          tell.received({ room: 'lobby', body: message.text } as never);
          return send(message);
        },
      };
    });
    await using _ = client;
    await client.connect({ signal: forever });
    await client.send(messageOf(1), patient());
    expect(breaches).toEqual([
      { rule: 'tells-messages', did: expect.stringMatching(/^told \{"room":"lobby","body":/) },
    ]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no answer')), /failed in `send` with no answer/],
    ['throws', () => raise('a bug'), /failed in `send` with a bug/],
    ['resolves to anything', () => Promise.resolve('ok' as never), /resolved `send` to something/],
  ])('fails in `send`: it %s', async (_name, send, did) => {
    const { client, breaches } = await opened(family, (_, right) => ({ ...right(), send }));
    await using _ = client;
    await client.connect({ signal: forever });
    const call = { signal: AbortSignal.timeout(50), written: () => undefined };
    expect(await client.send(messageOf(1), call)).toMatchObject({ answer: 'unsure' });
    expect(breaches).toEqual([{ rule: 'answers', did: expect.stringMatching(did) }]);
  });

  it('holds everything up', async () => {
    const { client, breaches } = await opened(family, (_, right) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 520);
      return right();
    });
    await using _ = client;
    await client.connect({ signal: forever });
    expect(breaches).toEqual([
      { rule: 'never-blocks', did: expect.stringMatching(/held everything up for \d+ ms in `connect`/) },
    ]);
  });

  it('gives nothing that can be used', async () => {
    const { client, breaches } = await opened(family, (_, right) => {
      void right().close();
      return { send: () => undefined } as never;
    });
    await using _ = client;
    const connected = client.connect({ signal: AbortSignal.timeout(200) });
    await expect(connected).rejects.toThrow();
    expect(breaches[0]).toEqual({ rule: 'hands-over', did: 'gave something without `close`' });
  });

  it('tells of messages after it was closed', async () => {
    let late: ClientSession['tell'] | undefined;
    const { client, rules, watcher } = await opened(family, ({ tell }, right) => {
      late = tell;
      return right();
    });
    await client.connect({ signal: forever });
    await client[Symbol.asyncDispose]();
    const told = watcher.events.length;
    late?.closed({ code: 1000 });
    expect(rules()).toEqual([]);
    late?.received({ room: 'lobby', text: 'late' });
    expect(rules()).toEqual(['silent-afterwards']);
    expect(watcher.events.length).toBe(told);
  });

  it('fails at its end', async () => {
    const { client, breaches } = await opened(family, (_, right) => {
      const { send, close } = right();
      return { send, close: () => close().then(() => raise('closed already')) };
    });
    await client.connect({ signal: forever });
    await client[Symbol.asyncDispose]();
    expect(breaches).toEqual([{ rule: 'leaves-clean', did: 'failed in `close` with closed already' }]);
  });

  it('gives two sessions one object', async () => {
    let shared: ReturnType<typeof connect> | undefined;
    const { client, kind, rules } = await opened(family, (_, right) => (shared ??= right()));
    const other = kind.open(seatAt({ session: '2' }), () => undefined);
    await using _ = client;
    await using _other = other;
    await client.connect({ signal: forever });
    await other.connect({ signal: AbortSignal.timeout(100) }).catch(() => undefined);
    expect(rules()[0]).toBe('keeps-apart');
  });

  it('ends a run with an error that is the config’s', async () => {
    const faults: OutlastError[] = [];
    const definition = parrot(9, family, { connect: () => 'nothing' as never });
    const client = custom(definition, means([], faults)).open(seatAt(), () => undefined);
    await using _ = client;
    await client.connect({ signal: AbortSignal.timeout(50) }).catch(() => undefined);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code: 'CLIENT_MISBEHAVED', blame: 'usage' });
    expect(faults[0]?.message).toMatch(
      /^expected the client parrot to give \{ send, close \} from `connect`; it gave a string \(hands-over\)\. /,
    );
  });
});

function raise(text: string): never {
  throw new Error(text);
}
