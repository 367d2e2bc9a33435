import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Affliction,
  createRelay,
  endsConnections,
  type Fault,
} from '../../../src/observe/network/index.js';

/** A session's connection through a relay to a real server, and both ends of it. */
interface Ground {
  readonly session: Socket;
  readonly target: Socket;
  afflict(fault: Partial<Fault> & Pick<Fault, 'type'>): Affliction;
  /** Another connection of the session, and its other end where it has one. */
  again(): { readonly session: Socket; readonly target: () => Promise<Socket> };
}

async function ground(): Promise<Ground> {
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket.on('error', () => undefined));
    server.emit('accepted');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = createRelay();
  onTestFinished(async () => {
    await relay[Symbol.asyncDispose]();
    for (const socket of accepted) socket.destroy();
    server.close();
  });
  const door = await relay.door('1', '127.0.0.1', (server.address() as AddressInfo).port);
  const target = async () => {
    while (accepted.length === 0) await once(server, 'accepted');
    return accepted.shift() ?? new Promise<Socket>(() => undefined);
  };
  const dial = () => {
    const session = connect({ host: door.host, port: door.port }).on('error', () => undefined);
    onTestFinished(() => void session.destroy());
    return { session, target };
  };
  const { session } = dial();
  await once(session, 'connect');
  return {
    ...{ session, target: await target(), again: dial },
    afflict: (fault) => door.afflict({ stream: 'downstream', attributes: {}, ...fault } as Fault),
  };
}

/** How a socket ends: `end`, or the code of an error. */
const endOf = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('close', () => resolve('end'));
    socket.resume();
  });

/** What arrives, when; times are ms since the call. */
function listen(socket: Socket) {
  const begun = performance.now();
  const heard: { readonly text: string; readonly at: number }[] = [];
  socket
    .setEncoding('utf8')
    .on('data', (text: string) => heard.push({ text, at: performance.now() - begun }));
  return { heard, text: () => heard.map(({ text }) => text).join('') };
}

describe('latency', () => {
  it('delays what the target says, in its order, and nothing that the session says', async () => {
    const { session, target, afflict } = await ground();
    const fault = afflict({ type: 'latency', attributes: { latency: 150, jitter: 100 } });
    const [there, back] = [listen(target), listen(session)];
    session.write('up');
    await expect.poll(there.text).toBe('up');
    for (const word of ['a', 'b', 'c', 'd', 'e']) {
      target.write(word);
      await new Promise(setImmediate);
    }
    await expect.poll(back.text).toBe('abcde');
    expect(back.heard[0]?.at).toBeGreaterThanOrEqual(40);
    expect(fault.met()).toBe(1);
  });

  it('lets go of what it kept back when it is lifted, and of what comes later at once', async () => {
    const { session, target, afflict } = await ground();
    const back = listen(session);
    const fault = afflict({ type: 'latency', attributes: { latency: 600_000 } });
    target.write('kept ');
    await expect.poll(() => fault.met()).toBe(1);
    fault.lift();
    target.write('back');
    await expect.poll(back.text).toBe('kept back');
  });

  it('in the other direction delays what the session says', async () => {
    const { session, target, afflict } = await ground();
    afflict({ type: 'latency', stream: 'upstream', attributes: { latency: 200 } });
    const there = listen(target);
    session.write('up');
    await expect.poll(there.text).toBe('up');
    expect(there.heard[0]?.at).toBeGreaterThanOrEqual(180);
  });
});

describe('bandwidth', () => {
  it('lets through no more than its rate, and all of it', async () => {
    const { session, target, afflict } = await ground();
    const back = listen(session);
    afflict({ type: 'bandwidth', attributes: { rate: 100 } });
    target.write('x'.repeat(40_000));
    await expect.poll(() => back.text().length).toBe(40_000);
    expect(back.heard.at(-1)?.at).toBeGreaterThanOrEqual(380);
  });
});

describe('slicer', () => {
  it('cuts what passes into pieces, with a delay between them', async () => {
    const { session, target, afflict } = await ground();
    session.setNoDelay(true);
    const back = listen(session);
    const fault = afflict({
      type: 'slicer',
      attributes: { average_size: 3, size_variation: 1, delay: 20_000 },
    });
    target.write('abcdefghijkl');
    await expect.poll(back.text).toBe('abcdefghijkl');
    expect(back.heard.length).toBeGreaterThan(1);
    expect(fault.met()).toBe(1);
  });
});

describe('limit_data', () => {
  it('closes the connection after so many bytes, which arrive', async () => {
    const { session, target, afflict } = await ground();
    const back = listen(session);
    const ended = endOf(session);
    const fault = afflict({ type: 'limit_data', attributes: { bytes: 5 } });
    target.write('abc');
    target.write('defgh');
    expect(await ended).toBe('end');
    expect(back.text()).toBe('abcde');
    expect(fault.met()).toBe(1);
  });
});

describe('timeout', () => {
  it('throws away what the target says, and closes the connection when it is lifted: bytes are missing', async () => {
    const { session, target, afflict } = await ground();
    const back = listen(session);
    const ended = endOf(session);
    const fault = afflict({ type: 'timeout', attributes: { timeout: 0 } });
    target.write('lost');
    await expect.poll(() => fault.met()).toBe(1);
    fault.lift();
    expect(await ended).toBe('end');
    expect(back.text()).toBe('');
  });

  it('closes the connection after its time', async () => {
    const { session, afflict } = await ground();
    afflict({ type: 'timeout', attributes: { timeout: 50 } });
    expect(await endOf(session)).toBe('end');
  });

  it('leaves a connection alone over which nothing was said', async () => {
    const { session, target, afflict } = await ground();
    const fault = afflict({ type: 'timeout', attributes: { timeout: 0 } });
    fault.lift();
    const back = listen(session);
    target.write('still there');
    await expect.poll(back.text).toBe('still there');
    expect(fault.met()).toBe(0);
  });
});

describe('reset_peer', () => {
  it('resets both sides, and new connections as well until it is lifted', async () => {
    const { session, target, afflict, again } = await ground();
    const [there, back] = [endOf(target), endOf(session)];
    const fault = afflict({ type: 'reset_peer', attributes: { timeout: 0 } });
    expect(await Promise.all([there, back])).toEqual(['ECONNRESET', 'ECONNRESET']);
    const second = again();
    expect(await endOf(second.session)).toBe('ECONNRESET');
    fault.lift();
    const third = again();
    const heard = listen(third.session);
    (await third.target()).write('again');
    await expect.poll(heard.text).toBe('again');
  });
});

describe('down', () => {
  it('closes what is open, and lets nobody in until it is lifted', async () => {
    const { session, afflict, again } = await ground();
    const ended = endOf(session);
    const fault = afflict({ type: 'down' });
    await ended;
    const second = again();
    expect(await endOf(second.session)).toBe('ECONNRESET');
    expect(fault.met()).toBe(2);
    fault.lift();
    await expect(again().target()).resolves.toBeDefined();
  });
});

describe('half_open', () => {
  it("takes the target's side away, says nothing to the session, and resets it when the network is back", async () => {
    const { session, target, afflict } = await ground();
    const there = endOf(target);
    const back = listen(session);
    let closed = false;
    session.once('close', () => (closed = true));
    const fault = afflict({ type: 'half_open' });
    await there;
    session.write('is anybody there?');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBe(false);
    expect(back.text()).toBe('');
    const ended = endOf(session);
    fault.lift();
    expect(await ended).toBe('ECONNRESET');
  });
});

describe('slow_close', () => {
  it('passes an end on late', async () => {
    const { session, target, afflict } = await ground();
    const fault = afflict({ type: 'slow_close', attributes: { delay: 200 } });
    const begun = performance.now();
    const ended = once(session.resume(), 'end');
    target.end();
    await ended;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(180);
    expect(fault.met()).toBe(1);
  });
});

describe('which faults end connections', () => {
  it('is known before they are in force', () => {
    expect(
      ['reset_peer', 'down', 'half_open', 'timeout', 'limit_data'].every((type) =>
        endsConnections(type as Fault['type']),
      ),
    ).toBe(true);
    expect(
      ['latency', 'bandwidth', 'slicer', 'slow_close'].some((type) => endsConnections(type as Fault['type'])),
    ).toBe(false);
  });
});
