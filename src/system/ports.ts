import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { OutlastError } from '../base/errors.js';

// Below the range from which systems take the near ends of outgoing connections (32768 on Linux, 49152 elsewhere). A port of
// that range could be taken by any client while its service is being restarted, and a connection to it while it is closed may
// even meet itself.
const lowest = 15_000;
const highest = 32_000;
const handedOut = new Set<number>();

/** A port at which nothing listens now, never the same one twice. Throws `INTERNAL` when none is to be found. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(lowest, highest);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (!(await portTaken('127.0.0.1', port))) return port;
  }
  throw new OutlastError(
    'INTERNAL',
    `expected a free port between ${lowest} and ${highest}; 200 attempts found none`,
  );
}

/** Does something listen at this address of this machine? Who it is cannot be told. */
export async function portTaken(host: string, port: number): Promise<boolean> {
  return (await answers(host, port)) || !(await listens(host, port));
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_000 });
  try {
    await Promise.race([once(socket, 'connect'), once(socket, 'timeout')]);
    return !isOwnEcho(socket);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Did a connection meet itself? TCP allows it on loopback: a closed port in the range of outgoing connections may be picked as
 * the near end of the connection to it, which then "opens" although nobody listens.
 */
export function isOwnEcho(socket: {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly remoteAddress?: string | undefined;
}): boolean {
  return (
    socket.localPort !== undefined &&
    socket.localPort === socket.remotePort &&
    socket.localAddress === socket.remoteAddress
  );
}

/** Can we listen there? An address that is not this machine's counts as free: nothing of ours will listen there. */
async function listens(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen({ host, port, exclusive: true });
    await listening;
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
