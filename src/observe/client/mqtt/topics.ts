import { attempted, MappingFailure } from '../shared/mapping.js';

/** The longest topic that the protocol can carry, in bytes of UTF-8. Source: MQTT 3.1.1, 1.5.3. */
const longest = 65_535;

/** Which topic stands for which room, the same for all sessions. */
export class Topics {
  readonly #topics = new Map<string, string>();
  readonly #rooms = new Map<string, string>();

  constructor(private readonly map: (room: string) => string = (room) => `outlast/${room}`) {}

  /** Throws `MappingFailure` for a topic that cannot be published to, or that is another room's as well. */
  of(room: string): string {
    const known = this.#topics.get(room);
    if (known !== undefined) return known;
    const topic: unknown = attempted('topic', () => this.map(room), room);
    if (!isTopicName(topic) || this.#rooms.has(topic))
      throw new MappingFailure('topic', { gave: topic }, room);
    this.#topics.set(room, topic);
    this.#rooms.set(topic, room);
    return topic;
  }

  /** The room of a topic; the topic itself where no room was asked for under it. */
  roomOf(topic: string): string {
    return this.#rooms.get(topic) ?? topic;
  }
}

/**
 * A name that messages can be published to, not a filter. What begins with `$` is the broker's own. Source: MQTT 3.1.1,
 * 4.7.1 and 4.7.2.
 */
function isTopicName(topic: unknown): topic is string {
  if (typeof topic !== 'string' || topic === '' || topic.startsWith('$')) return false;
  return !/[+#\0]/.test(topic) && Buffer.byteLength(topic) <= longest;
}
