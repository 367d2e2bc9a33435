import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  type Closed,
  type Connection,
  type Connector,
  DialFailed,
  reconnecting,
} from '../../../src/observe/client/index.js';
import { forever, messageOf, patient, seatAt } from './seats.js';
import { Watcher } from './watcher.js';

/** A connector without a network: each dial is answered by the test. */
class Scripted implements Connector {
  readonly name = 'scripted';
  readonly dials = ['ws://127.0.0.1:1'];
  readonly lacks = { positions: 'none' };
  readonly admission = 'unseen';
  readonly attempts: Attempt[] = [];
  readonly disposed: number[] = [];

  constructor(
    private readonly answer: (nth: number, attempt: Attempt) => Promise<Closed> | DialFailed | Error,
  ) {}

  dial(attempt: Attempt): Promise<Connection> {
    this.attempts.push(attempt);
    const nth = this.attempts.length;
    const answer = this.answer(nth, attempt);
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({
      claims: 'unstated',
      closed: answer,
      send: () => Promise.resolve({ answer: 'ack', position: String(nth) }),
      [Symbol.asyncDispose]: () => Promise.resolve(void this.disposed.push(nth)),
    });
  }
}

const never = new Promise<Closed>(() => undefined);
const lost: Closed = { by: 'network', code: 1006 };
const backoff = { firstMs: 4, maxMs: 16, factor: 2 };

function open(connector: Connector, seat = seatAt({ random: () => 0.75 })) {
  const watcher = new Watcher();
  const client = reconnecting(connector, { backoff }).open(seat, watcher.observe);
  return { client, watcher, seat };
}

describe('a client that reconnects', () => {
  it('takes its name and what it lacks from its connector', () => {
    const kind = reconnecting(new Scripted(() => never));
    expect(kind).toMatchObject({ name: 'scripted', lacks: { positions: 'none' }, reconnects: 'itself' });
  });

  it('touches nothing before it is connected', () => {
    const connector = new Scripted(() => never);
    const { client, watcher } = open(connector);
    expect([connector.attempts, watcher.events, client.connected]).toEqual([[], [], false]);
  });

  it('counts every attempt as a connection, and waits between them', async () => {
    const connector = new Scripted((nth) => (nth < 3 ? new DialFailed('dial', 'nobody there') : never));
    const { client, watcher } = open(connector);
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.events).toEqual([
      { kind: 'connect', door: 'scripted', token: 's1-1', conn: 1 },
      { kind: 'refused', at: 'dial', reason: 'nobody there', conn: 1 },
      { kind: 'wait', ms: 3, why: 'backoff' },
      { kind: 'connect', door: 'scripted', token: 's1-1', conn: 2 },
      { kind: 'refused', at: 'dial', reason: 'nobody there', conn: 2 },
      { kind: 'wait', ms: 6, why: 'backoff' },
      { kind: 'connect', door: 'scripted', token: 's1-1', conn: 3 },
      { kind: 'ready', claims: 'unstated', conn: 3 },
    ]);
  });

  it('can be sent through from the moment that it says ready', async () => {
    const { client, watcher } = open(new Scripted(() => never));
    await using _ = client;
    const answers: Promise<unknown>[] = [];
    await Promise.all([
      client.connect({ signal: forever }),
      watcher.until(() => {
        if (watcher.of('ready').length === 1) answers.push(client.send(messageOf(1), patient()));
        return answers.length === 1;
      }),
    ]);
    expect(await answers[0]).toEqual({ answer: 'ack', position: '1' });
  });

  it('goes on where its back-off was after a connection that did not last', async () => {
    const { client, watcher } = open(new Scripted((nth) => (nth < 4 ? Promise.resolve(lost) : never)));
    await using _ = client;
    void client.connect({ signal: forever });
    await watcher.next('ready', 4);
    expect(watcher.of('wait').map(({ ms }) => ms)).toEqual([3, 6, 12]);
  });

  it('begins its back-off anew after a connection that lasted', async () => {
    const lasting = new Promise<Closed>((resolve) => setTimeout(() => resolve(lost), 1_050));
    const answers = [new DialFailed('dial', 'no'), new DialFailed('dial', 'no'), lasting];
    const { client, watcher } = open(new Scripted((nth) => answers[nth - 1] ?? never));
    await using _ = client;
    void client.connect({ signal: forever });
    await watcher.next('ready', 2);
    expect(watcher.of('wait').map(({ ms }) => ms)).toEqual([3, 6, 3]);
  });

  it('lets each connection go when it is closed, and says how it was', async () => {
    const closed: Closed = { by: 'target', code: 1012, reason: 'restart' };
    const connector = new Scripted((nth) => (nth === 1 ? Promise.resolve(closed) : never));
    const { client, watcher } = open(connector);
    await using _ = client;
    void client.connect({ signal: forever });
    await watcher.next('ready', 2);
    expect(watcher.of('close')).toEqual([{ kind: 'close', ...closed, conn: 1 }]);
    expect(connector.disposed).toEqual([1]);
  });

  it('asks for another token when the one that it has is no longer good', async () => {
    const revoked: Closed = { by: 'target', code: 4401, unauthorized: true };
    const { client, watcher, seat } = open(
      new Scripted((nth) => (nth === 1 ? Promise.resolve(revoked) : never)),
    );
    await using _ = client;
    void client.connect({ signal: forever });
    await watcher.next('ready', 2);
    expect(seat.refusedTokens).toEqual(['s1-1']);
    expect(watcher.kinds).toEqual(['connect', 'ready', 'close', 'connect', 'ready']);
    expect(watcher.of('connect').map(({ token }) => token)).toEqual(['s1-1', 's1-2']);
  });

  it('carries what one attempt has read to the next, also when it failed half way', async () => {
    const connector = new Scripted((nth, { cursors }) => {
      cursors.set('lobby', String(nth));
      return nth < 3 ? new DialFailed('join', 'half way') : never;
    });
    const before: (string | undefined)[] = [];
    const dial = connector.dial.bind(connector);
    connector.dial = (attempt) => {
      before.push(attempt.cursors.get('lobby'));
      return dial(attempt);
    };
    const { client } = open(connector);
    await using _ = client;
    await client.connect({ signal: forever });
    expect(before).toEqual([undefined, '1', '2']);
  });

  it('ends what had been open with a close, also when it never got ready', async () => {
    const connector = new Scripted((nth, { observe }) => {
      observe({ kind: 'open' });
      return nth === 1
        ? new DialFailed('join', 'code 1013', { status: 1013, closed: { by: 'target', code: 1013 } })
        : never;
    });
    const { client, watcher } = open(connector);
    await using _ = client;
    await client.connect({ signal: forever });
    expect(watcher.events.slice(1, 4)).toEqual([
      { kind: 'open', conn: 1 },
      { kind: 'refused', at: 'join', status: 1013, reason: 'code 1013', conn: 1 },
      { kind: 'close', by: 'target', code: 1013, conn: 1 },
    ]);
  });

  it('takes an error that is none of the port for a failed dial', async () => {
    const { client, watcher } = open(new Scripted((nth) => (nth === 1 ? new TypeError('a bug') : never)));
    await using _ = client;
    await client.connect({ signal: forever });
    expect(await watcher.next('refused')).toEqual({ kind: 'refused', at: 'dial', reason: 'a bug', conn: 1 });
  });

  it('lets go of a connection that came when nobody wanted it any more', async () => {
    let client: AsyncDisposable | null = null;
    const connector = new Scripted(() => {
      void client?.[Symbol.asyncDispose]();
      return never;
    });
    const opened = open(connector);
    client = opened.client;
    await opened.client.connect({ signal: forever }).catch(() => undefined);
    await opened.client[Symbol.asyncDispose]();
    expect(connector.disposed).toEqual([1]);
    expect(opened.watcher.kinds).toEqual(['connect']);
  });
});
