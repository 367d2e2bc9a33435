import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address ? address.port : port,
    close: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Kept-alive connections that nobody uses would hold us for their whole idle time.
    server.closeIdleConnections();
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.once('close', () => clearInterval(sweep));
  });
}
