import type { MessageId } from '../../history/events.js';
import type { Board } from './board.js';
import type { Chat } from './chat.js';
import type { Crew } from './crew.js';
import type { Member } from './member.js';

/**
 * The last messages of a run, two from each room where two can speak: a reader that has them, and lacks what was sent
 * before them, will not get it any more.
 */
export class Canaries {
  readonly #flown: { readonly room: string; readonly sender: Member; readonly message: MessageId }[] = [];

  constructor(
    private readonly parts: {
      readonly chat: Chat;
      readonly board: Board;
      readonly crew: Crew;
      readonly signal: AbortSignal;
    },
  ) {}

  /** Sends them, and waits until every live reader has them or the time is over. */
  async fly(withinMs: number): Promise<void> {
    const { crew, chat, board, signal } = this.parts;
    for (const [room, members] of crew.byRoom(crew.chatters)) {
      const senders = members.filter(({ client }) => client.connected).slice(0, 2);
      for (const sender of senders) {
        const message = chat.send(sender, { purpose: 'canary', room });
        board.follow(message);
        this.#flown.push({ room, sender, message });
      }
    }
    await board.until(() => this.#haveArrived(), withinMs, signal);
  }

  /** The canaries that the target acknowledged in these rooms: a complete log holds them. */
  acknowledgedIn(rooms: readonly string[]): Set<MessageId> {
    const { board } = this.parts;
    const there = this.#flown.filter(
      ({ room, message }) => rooms.includes(room) && board.acknowledged(message),
    );
    return new Set(there.map(({ message }) => message));
  }

  #haveArrived(): boolean {
    const { crew, board } = this.parts;
    const readers = crew.byRoom(crew.connected);
    return this.#flown.every(({ room, sender, message }) =>
      (readers.get(room) ?? [])
        .filter((reader) => reader !== sender && reader.client.connected)
        .every(({ planned }) => board.received(message, planned.session)),
    );
  }
}
