import { createServer, type Server } from 'node:http';
import type { BalancerConfiguration } from '../configuration.js';
import type { Service } from '../lifecycle.js';
import type { Logger } from '../logger.js';
import { Passage } from './passage.js';
import { leastHeld, Pool, type Choice } from './pool.js';

/** What the balancer is made of. */
export interface BalancerParts {
  readonly pool: Pool;
  readonly choose: Choice;
  readonly idleMs: number;
  /** What becomes of those inside when the list of ready replicas changes. */
  readonly changed: (passage: Passage) => void;
}

export interface RunningBalancer extends Service {
  readonly port: number;
}

/** Where it says whether it has a replica to send anyone to. */
const ownReadiness = '/-/ready';
/** How often it is looked whether everyone has left. */
const leavingMs = 20;

export const balancerParts = (configuration: BalancerConfiguration, logger: Logger): BalancerParts => ({
  pool: new Pool({ replicas: configuration.REPLICAS, checkMs: configuration.CHECK_MS, logger }),
  choose: leastHeld,
  idleMs: configuration.IDLE_SECONDS * 1_000,
  // They stay: a replica that leaves lets go of its own itself.
  changed: () => undefined,
});

/** Resolves once it listens. */
export async function startBalancer(
  { pool, choose, idleMs, changed }: BalancerParts,
  { HOST, PORT }: BalancerConfiguration,
  logger: Logger,
): Promise<RunningBalancer> {
  const passage = new Passage({ pool, choose, idleMs, logger });
  await pool.start();
  pool.onChange = () => changed(passage);
  const server = createServer((request, response) => {
    if (request.url !== ownReadiness) return void passage.request(request, response);
    response.writeHead(pool.isReady ? 200 : 503).end();
  });
  server.on('upgrade', (request, socket, head) => void passage.upgrade(request, socket, head));
  const port = await listening(server, HOST, PORT);
  logger.info({ port }, 'balancer is ready');
  return { port, drain: (signal) => leave(server, passage, pool, signal) };
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Takes nothing new, and waits for those inside to leave by themselves, as long as it may. */
async function leave(server: Server, passage: Passage, pool: Pool, signal: AbortSignal): Promise<void> {
  server.close();
  server.closeIdleConnections();
  while (passage.tunnels > 0 && !signal.aborted)
    await new Promise((resolve) => setTimeout(resolve, leavingMs));
  passage.cut();
  pool.close();
}
