import { setTimeout as pause } from 'node:timers/promises';
import { unavailable } from '../../http/refusal.js';
import type { Logger } from '../../logger.js';
import type { Answer, AnswerStore, Page } from './answers.js';
import type { Player } from './playback.js';

/** Parts of one reader in one read, and readers in one read: together they bound what is held in memory. */
const readLimit = 100;
const readersAtOnce = 50;
const retryMs = 250;
/** A comment, now and then, so that nothing between us and the reader takes it for idle. It has no id. */
const aliveMs = 15_000;
const alive = ': still here\n\n';

interface Follower {
  readonly answerId: string;
  readonly sessionId: string;
  readonly player: Player;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  after: number;
}

/** Readers of answers. Each is a cursor over what is stored: live parts and missed ones come the same way. */
export class AnswerStreams {
  readonly #store: AnswerStore;
  readonly #logger: Logger;
  readonly #followers = new Set<Follower>();
  readonly #woken = new Set<Follower>();
  readonly #encoder = new TextEncoder();
  readonly #keepAlive: NodeJS.Timeout;
  #working = false;
  #leaving = false;

  constructor(store: AnswerStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
    this.#keepAlive = setInterval(() => this.#sayAlive(), aliveMs);
    this.#keepAlive.unref();
  }

  /**
   * What the player says of an answer, to its end.
   * @throws Refusal 503 when this instance is leaving: the request may have begun before
   */
  follow({ id: answerId }: Answer, sessionId: string, player: Player): ReadableStream<Uint8Array> {
    if (this.#leaving) throw unavailable('This instance is leaving.');
    let follower: Follower | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        follower = { answerId, sessionId, player, controller, after: player.after };
        this.#followers.add(follower);
      },
      // It takes more: also how a slow reader comes back.
      pull: () => {
        if (follower) this.#wake([follower]);
      },
      cancel: () => {
        if (follower) this.#forget(follower);
      },
    });
  }

  /** There may be something new of these answers. */
  wake(answerIds: ReadonlySet<string>): void {
    this.#wake([...this.#followers].filter(({ answerId }) => answerIds.has(answerId)));
  }

  wakeAll(): void {
    this.#wake(this.#followers);
  }

  /** The sessions whose readers are here. */
  get sessions(): ReadonlySet<string> {
    return new Set([...this.#followers].map(({ sessionId }) => sessionId));
  }

  /** Ends all connections, and lets nobody follow any more: who did would be waited for. */
  leave(): void {
    this.#leaving = true;
    this.close();
  }

  /** Ends the connections of these sessions, or all of them. Their readers come back, and are let in or not. */
  close(sessionIds: ReadonlySet<string> = this.sessions): void {
    for (const follower of this.#followers) {
      if (!sessionIds.has(follower.sessionId)) continue;
      this.#forget(follower);
      follower.controller.close();
    }
    if (this.#followers.size === 0) this.#woken.clear();
  }

  #wake(followers: Iterable<Follower>): void {
    for (const follower of followers) this.#woken.add(follower);
    if (this.#woken.size > 0 && !this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#woken.size > 0) {
      const followers = [...this.#woken].filter((one) => this.#isWritable(one)).slice(0, readersAtOnce);
      for (const one of this.#woken)
        if (followers.includes(one) || !this.#isWritable(one)) this.#woken.delete(one);
      try {
        if (followers.length > 0) await this.#advance(followers);
      } catch (error) {
        this.#logger.warn({ err: error }, 'answers cannot be read just now');
        await pause(retryMs);
        for (const one of followers) this.#woken.add(one);
      }
    }
    this.#working = false;
  }

  /** A reader that takes nothing more just now wakes itself when it does. */
  #isWritable(follower: Follower): boolean {
    return this.#followers.has(follower) && (follower.controller.desiredSize ?? 0) > 0;
  }

  async #advance(followers: readonly Follower[]): Promise<void> {
    const pages = await this.#store.read(followers, readLimit);
    followers.forEach((follower, index) => {
      const page = pages[index];
      // It may have gone while we were reading.
      if (page && this.#followers.has(follower)) this.#hand(follower, page);
    });
  }

  #hand(follower: Follower, { parts, state, head }: Page): void {
    const { player, answerId: id } = follower;
    if (parts.length > 0) this.#say(follower, player.say(parts));
    follower.after = parts.at(-1)?.number ?? follower.after;
    if (follower.after < head) return void this.#woken.add(follower);
    const end = state === 'running' ? undefined : player.end({ id, state });
    if (end === undefined) return;
    this.#say(follower, end);
    this.#forget(follower);
    follower.controller.close();
  }

  #say({ controller }: Follower, text: string): void {
    controller.enqueue(this.#encoder.encode(text));
  }

  #sayAlive(): void {
    for (const follower of this.#followers) if (this.#isWritable(follower)) this.#say(follower, alive);
  }

  #forget(follower: Follower): void {
    this.#followers.delete(follower);
    this.#woken.delete(follower);
  }
}
