import type { Suback, Subscribe } from './packets.js';
import type { Observe } from '../port.js';
import { isFailure } from './codes.js';

/** A subscription that the broker refused. */
export interface RefusedRoom {
  readonly room: string;
  readonly code: number;
}

/** Which of its rooms a session is in: what the broker has confirmed, and keeps as long as it keeps the session. */
export class Rooms {
  readonly #inEffect = new Set<string>();
  /** The topics of each packet that was sent, in its order. */
  readonly #asked = new Map<number, readonly string[]>();

  constructor(
    /** Rooms by their topics. */
    private readonly topics: ReadonlyMap<string, string>,
    private readonly observe: Observe,
  ) {}

  /** A new connection. `isPresent`: the broker has kept the session, and with it what it confirmed. */
  opened(isPresent: boolean): void {
    this.#asked.clear();
    if (!isPresent) this.#inEffect.clear();
    for (const topic of this.#inEffect) {
      const room = this.topics.get(topic) ?? topic;
      this.observe({ kind: 'join', room });
      this.observe({ kind: 'joined', room });
    }
  }

  /** The topics that are still to be subscribed to. */
  get missing(): readonly string[] {
    return [...this.topics.keys()].filter((topic) => !this.#inEffect.has(topic));
  }

  asks({ messageId = 0, subscriptions }: Subscribe): void {
    const topics = subscriptions.map(({ topic }) => topic);
    this.#asked.set(messageId, topics);
    for (const topic of topics) this.observe({ kind: 'join', room: this.topics.get(topic) ?? topic });
  }

  /** `lesser` is told the QoS of a subscription that was granted less than was asked for. Returns the first refusal. */
  granted({ messageId = 0, granted }: Suback, qos: number, lesser: (qos: number) => void) {
    const topics = this.#asked.get(messageId) ?? [];
    this.#asked.delete(messageId);
    const refused: RefusedRoom[] = [];
    for (const [index, topic] of topics.entries()) {
      const code = Number(granted[index] ?? 128);
      const room = this.topics.get(topic) ?? topic;
      if (isFailure(code)) refused.push({ room, code });
      else this.#enter(topic, room);
      if (code < qos) lesser(code);
    }
    return refused[0] ?? null;
  }

  /** For messages: the rooms that are not confirmed. */
  toString(): string {
    return this.missing.map((topic) => this.topics.get(topic)).join(', ');
  }

  #enter(topic: string, room: string): void {
    this.#inEffect.add(topic);
    this.observe({ kind: 'joined', room });
  }
}
