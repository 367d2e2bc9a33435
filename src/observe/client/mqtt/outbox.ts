import type { Publish } from './packets.js';

/** A message that the library was given. */
export interface Letter {
  readonly key: string;
  readonly written: () => void;
  isWritten: boolean;
  /** The identifier of its packet, once it was written with one. */
  packet: number | null;
}

/**
 * What the library was given and has not answered for: it keeps messages, and writes them when it will, also more than
 * once. Packets are known by their identifier, and at first by what is in them.
 */
export class Outbox {
  /** In the order in which they were given. */
  readonly #unwritten = new Map<string, Letter[]>();
  readonly #byPacket = new Map<number, Letter>();

  add(topic: string, payload: string, written: () => void): Letter {
    const letter: Letter = { key: keyOf(topic, payload), written, isWritten: false, packet: null };
    this.#unwritten.set(letter.key, [...(this.#unwritten.get(letter.key) ?? []), letter]);
    return letter;
  }

  /** The library is about to write this packet: for the first time, or again after a loss. */
  writes({ topic, payload, qos, messageId = 0 }: Publish): void {
    const key = keyOf(topic, String(payload));
    const known = qos === 0 ? undefined : this.#byPacket.get(messageId);
    const letter = known?.key === key ? known : this.#first(key);
    if (!letter) return;
    if (qos > 0) this.#bind(letter, messageId);
    letter.isWritten = true;
    letter.written();
  }

  /** The library has answered, and will not write it again. */
  remove(letter: Letter): void {
    const others = this.#unwritten.get(letter.key)?.filter((other) => other !== letter) ?? [];
    if (others.length === 0) this.#unwritten.delete(letter.key);
    else this.#unwritten.set(letter.key, others);
    if (letter.packet !== null && this.#byPacket.get(letter.packet) === letter)
      this.#byPacket.delete(letter.packet);
  }

  #bind(letter: Letter, packet: number): void {
    letter.packet = packet;
    this.#byPacket.set(packet, letter);
  }

  #first(key: string): Letter | undefined {
    const letters = this.#unwritten.get(key);
    const letter = letters?.shift();
    if (letters?.length === 0) this.#unwritten.delete(key);
    return letter;
  }
}

const keyOf = (topic: string, payload: string) => `${topic}\n${payload}`;
