import pg from 'pg';
import type { Logger } from '../logger.js';

export interface ListenerOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly logger: Logger;
  /** A hint only: it may be missing, doubled or late. */
  onNotification(channel: string, payload: string): void;
  /** LISTEN is committed, for the first time or again: whatever was notified before this moment may have been missed. */
  onListening(): void;
}

const heartbeatMs = 5_000;
const retryMs = 200;

/** One connection of its own, never pooled, that hears what the database notifies and comes back by itself. */
export class Listener {
  readonly #options: ListenerOptions;
  #client: pg.Client | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #listening = false;
  #closed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  get isListening(): boolean {
    return this.#listening;
  }

  /** Resolves when the first LISTEN is committed or has failed; in that case it is tried again. */
  async start(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.#lost(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const { url, channels } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', (error) => this.#lost(error, client));
    client.on('end', () => this.#lost(new Error('the connection ended'), client));
    client.on('notification', ({ channel, payload }) => this.#options.onNotification(channel, payload ?? ''));
    await client.connect();
    await client.query(channels.map((channel) => `LISTEN ${channel}`).join('; '));
    this.#heartbeat = setInterval(() => {
      client.query('SELECT 1').catch((error: unknown) => this.#lost(error, client));
    }, heartbeatMs);
    this.#listening = true;
    this.#options.onListening();
  }

  #lost(error: unknown, client = this.#client): void {
    // The same loss is told in several ways, and an old connection may speak after a new one is made.
    if (this.#closed || client !== this.#client) return;
    this.#options.logger.warn({ err: error }, 'not listening to the database; will try again');
    clearInterval(this.#heartbeat);
    this.#listening = false;
    this.#client = undefined;
    client?.end().catch(() => undefined);
    this.#retry = setTimeout(() => void this.start(), retryMs);
  }
}
