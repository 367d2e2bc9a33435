import { setTimeout as pause } from 'node:timers/promises';
import type { BackendConfiguration } from '../configuration.js';
import { listen, type WebServer } from '../http/server.js';
import type { Service } from '../lifecycle.js';
import type { Logger } from '../logger.js';
import { Listener } from '../storage/listener.js';
import { revokedChannel } from '../auth/sessions.js';
import { Maker } from './answers/maker.js';
import { answersChannel } from './answers/stored-answers.js';
import { AnswerStreams } from './answers/streams.js';
import { createBackendApplication } from './application.js';
import { standardLimits, type Limits } from './connection.js';
import { Delivery } from './delivery.js';
import { Gate } from './gate.js';
import { Inbox } from './inbox.js';
import { admit, type BackendParts } from './parts.js';
import { messagesChannel } from './stored-log.js';

export interface BackendOptions {
  readonly boot: string;
  readonly logger: Logger;
  readonly limits?: Partial<Limits>;
}

export interface RunningBackend extends Service {
  readonly port: number;
}

const pollMs = 1_000;

/** Composes the parts, and resolves once the service is usable: it listens, hears the database, and can verify tokens. */
export async function startBackend(
  parts: BackendParts,
  configuration: BackendConfiguration,
  options: BackendOptions,
): Promise<RunningBackend> {
  const { boot, logger } = options;
  const { gate, hints, maker, streams } = compose(parts, configuration, options);
  // The last of them only so that whoever asks first, whether we are ready, need not wait for a connection.
  await Promise.all([hints.start(), parts.door.ready(), answers(parts)]);
  const isReady = async () =>
    !gate.isClosing && hints.areHeard && parts.door.isReady() && (await answers(parts));
  const application = createBackendApplication(parts, configuration, {
    service: 'backend',
    boot,
    logger,
    isReady,
    answering: { streams, asked: () => maker.wake() },
  });
  const web = await listen(application, configuration.HOST, configuration.PORT);
  web.server.on('upgrade', (request, socket, head) => void gate.upgrade(request, socket, head));
  maker.start();
  logger.info({ port: web.port }, 'backend is ready');
  const running = { web, gate, hints, maker, streams, parts, lameDuckMs: configuration.LAME_DUCK_MS };
  return { port: web.port, drain: (signal) => leave(running, signal) };
}

function compose(parts: BackendParts, { DATABASE_URL: url }: BackendConfiguration, options: BackendOptions) {
  const { boot, logger } = options;
  const inbox = new Inbox(parts.log, parts.membership, logger);
  const delivery = new Delivery(parts.delivered(parts.log), parts.membership, logger);
  const limits = { ...standardLimits, ...options.limits };
  const gate = new Gate({
    ...parts,
    boot,
    logger,
    inbox,
    delivery,
    limits,
    admit: (token) => admit(parts, token),
  });
  const streams = new AnswerStreams(parts.answers, logger);
  const maker = new Maker(boot, parts.answers, parts.assistant, logger);
  return { gate, maker, streams, hints: new Hints(url, { gate, delivery, streams, parts, logger }) };
}

interface Running {
  readonly web: WebServer;
  readonly gate: Gate;
  readonly hints: Hints;
  readonly maker: Maker;
  readonly streams: AnswerStreams;
  readonly parts: BackendParts;
  readonly lameDuckMs: number;
}

/** The order matters: nobody comes in, what was begun is answered, everyone is let go, and only then the database. */
async function leave(running: Running, signal: AbortSignal): Promise<void> {
  const { web, gate, hints, maker, streams, parts, lameDuckMs } = running;
  gate.closeToNewcomers();
  // Balancers look at readiness: they get the time to see it before the door closes.
  await pause(lameDuckMs, undefined, { signal });
  const closed = web.close();
  await maker.leave();
  streams.leave();
  await gate.drain();
  await closed;
  await hints.close();
  await parts.log.close();
  parts.door.close();
  await parts.pool.end();
}

const answers = ({ pool }: BackendParts): Promise<boolean> =>
  pool.query('SELECT 1').then(
    () => true,
    () => false,
  );

interface Woken {
  readonly gate: Gate;
  readonly delivery: Delivery;
  readonly streams: AnswerStreams;
  readonly parts: Pick<BackendParts, 'revocations'>;
  readonly logger: Logger;
}

/** Turns what the database notifies into looks at the database; and looks every second besides. */
class Hints {
  readonly #woken: Woken;
  readonly #listener: Listener;
  #poll: NodeJS.Timeout | undefined;

  constructor(url: string, woken: Woken) {
    this.#woken = woken;
    this.#listener = new Listener({
      url,
      logger: woken.logger,
      channels: [messagesChannel, answersChannel, revokedChannel],
      onNotification: (channel, payload) => this.#hear(channel, payload),
      onListening: () => this.#lookEverywhere(),
    });
  }

  get areHeard(): boolean {
    return this.#listener.isListening;
  }

  async start(): Promise<void> {
    await this.#listener.start();
    this.#poll = setInterval(() => {
      this.#quietly(this.#woken.delivery.poll());
      this.#woken.streams.wakeAll();
      this.#quietly(this.#closeRevoked());
    }, pollMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    this.#woken.delivery.close();
    await this.#listener.close();
  }

  #hear(channel: string, payload: string): void {
    const { gate, delivery, streams } = this.#woken;
    if (channel === revokedChannel) {
      streams.close(new Set([payload]));
      this.#quietly(gate.closeRevoked([payload]));
    } else if (channel === answersChannel) {
      if (payload === '*') streams.wakeAll();
      else streams.wake(new Set(payload.split(',')));
    } else if (payload === '*') delivery.wakeAll();
    else delivery.wake(payload.split(','));
  }

  #lookEverywhere(): void {
    this.#woken.delivery.wakeAll();
    this.#woken.streams.wakeAll();
    this.#quietly(this.#closeRevoked());
  }

  async #closeRevoked(): Promise<void> {
    const { gate, streams, parts } = this.#woken;
    const sessions = [...streams.sessions];
    if (sessions.length > 0) streams.close(await parts.revocations.among(sessions));
    await gate.closeRevoked();
  }

  /** The next second asks again. */
  #quietly(look: Promise<void>): void {
    look.catch((error: unknown) => this.#woken.logger.warn({ err: error }, 'could not look at the database'));
  }
}
