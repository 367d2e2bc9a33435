import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono/tiny';

export interface WebServer {
  readonly server: Server;
  /** The port that was given, or picked when that was 0. */
  readonly port: number;
  /** No new connections; resolves when requests under way are answered. Upgraded connections are not waited for. */
  close(): Promise<void>;
}

/** Listens; rejects when the address is taken. */
export async function listen(application: Hono, host: string, port: number): Promise<WebServer> {
  const server = createServer(getRequestListener(application.fetch, { overrideGlobalObjects: false }));
  const silent = silentSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address ? address.port : port,
    close: () => close(server, silent),
  };
}

function close(server: Server, silent: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    // Kept-alive connections that nobody uses would hold us for their whole idle time.
    server.closeIdleConnections();
    for (const socket of silent) socket.destroy();
  });
}

/** Connections on which nothing was asked yet. Node takes them for busy, so they are not among the idle ones. */
function silentSockets(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('data', () => silent.delete(socket));
    socket.once('close', () => silent.delete(socket));
  });
  return silent;
}
