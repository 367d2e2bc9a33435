import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

type Creating = Parameters<http.Agent['createConnection']>;

/**
 * The TCP connections below one session. They go to where the seat says, past a relay, while the library speaks to the
 * target by its own name; and they are ended with the session, which the library cannot do where a peer has fallen silent.
 */
export class Wires {
  readonly agent: http.Agent;
  readonly #open = new Set<Duplex>();

  /** `origin`: the target by its own name; `through`: where to dial. */
  constructor(
    origin: URL,
    private readonly through: URL,
  ) {
    this.agent = isSecure(origin) ? new https.Agent() : new http.Agent();
    this.#divert(this.agent);
  }

  /** Resolves when all are closed; after `patienceMs` they are torn down. */
  async closed(patienceMs: number): Promise<void> {
    const ends = [...this.#open].map(
      (wire) => new Promise<void>((resolve) => wire.once('close', () => resolve())),
    );
    const timer = setTimeout(() => {
      for (const wire of this.#open) wire.destroy();
    }, patienceMs);
    await Promise.all(ends);
    clearTimeout(timer);
    this.agent.destroy();
  }

  #divert(agent: http.Agent): void {
    const create = agent.createConnection.bind(agent);
    const place = { host: this.through.hostname.replace(/^\[|\]$/g, ''), port: portOf(this.through) };
    agent.createConnection = (...[options, told]: Creating) => {
      const wire = create({ ...options, ...place }, told);
      if (wire) {
        this.#open.add(wire);
        wire.once('close', () => this.#open.delete(wire));
      }
      return wire;
    };
  }
}

const isSecure = ({ protocol }: URL) => protocol === 'https:' || protocol === 'wss:';
const portOf = (url: URL) => Number(url.port === '' ? (isSecure(url) ? 443 : 80) : url.port);
