import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { encode, messageFrame } from './frames.js';
import type { Membership } from './membership.js';
import type { MessageLog, Position } from './messages.js';

/** Someone who follows threads. */
export interface Reader {
  readonly userId: string;
  /** Whether it takes more just now. One that did not must call `wake` once it does. */
  isWritable(): boolean;
  send(frame: string): void;
  /** It is no longer a member, and follows the thread no more. */
  dismissed(threadId: string): void;
}

interface Cursor {
  readonly reader: Reader;
  readonly threadId: string;
  after: number;
}

/** Messages of one position in one read, and positions in one read: together they bound what is held in memory. */
const readLimit = 100;
const positionLimit = 50;
const retryMs = 250;

/**
 * A reader is a cursor over the log; live delivery and replay are one mechanism. Being woken is only a hint to look, and
 * one that comes while we look makes us look again.
 */
export class Delivery {
  readonly #log: MessageLog;
  readonly #membership: Membership;
  readonly #logger: Logger;
  readonly #threads = new Map<string, Map<Reader, Cursor>>();
  readonly #followed = new Map<Reader, Set<string>>();
  readonly #woken = new Set<string>();
  #working = false;
  #closed = false;

  constructor(log: MessageLog, membership: Membership, logger: Logger) {
    this.#log = log;
    this.#membership = membership;
    this.#logger = logger;
  }

  /** From now on the reader gets what stands after the position; a thread that it follows already, from there again. */
  follow(reader: Reader, { threadId, after }: Position): void {
    const cursors = this.#threads.get(threadId) ?? new Map<Reader, Cursor>();
    this.#threads.set(threadId, cursors.set(reader, { reader, threadId, after }));
    this.#followed.set(reader, (this.#followed.get(reader) ?? new Set()).add(threadId));
    this.wake([threadId]);
  }

  leave(reader: Reader): void {
    for (const threadId of this.#followed.get(reader) ?? []) this.#unfollow(reader, threadId);
    this.#followed.delete(reader);
  }

  /** There may be something new in these threads. */
  wake(threadIds: Iterable<string>): void {
    for (const threadId of threadIds) if (this.#threads.has(threadId)) this.#woken.add(threadId);
    if (this.#woken.size > 0 && !this.#working) void this.#work();
  }

  wakeAll(): void {
    this.wake(this.#threads.keys());
  }

  wakeReader(reader: Reader): void {
    this.wake(this.#followed.get(reader) ?? []);
  }

  /** Looks at the heads, in case a hint was lost. */
  async poll(): Promise<void> {
    const followed = [...this.#threads.keys()];
    if (followed.length === 0) return;
    const heads = await this.#log.heads(followed);
    this.wake(followed.filter((threadId) => this.#isBehind(threadId, heads.get(threadId) ?? 0)));
  }

  close(): void {
    this.#closed = true;
    this.#threads.clear();
    this.#followed.clear();
    this.#woken.clear();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#woken.size > 0) {
      const threads = [...this.#woken];
      this.#woken.clear();
      try {
        await this.#advance(this.#cursorsByPosition(threads));
      } catch (error) {
        if (this.#closed) break;
        this.#logger.warn({ err: error }, 'the log cannot be read just now');
        await pause(retryMs);
        for (const threadId of threads) this.#woken.add(threadId);
      }
    }
    this.#working = false;
  }

  /** Readers that have seen the same share one read. Those beyond the limit have their turn next. */
  #cursorsByPosition(threadIds: readonly string[]): readonly (readonly Cursor[])[] {
    const groups = new Map<string, Cursor[]>();
    for (const threadId of threadIds) {
      for (const cursor of this.#threads.get(threadId)?.values() ?? []) {
        if (!cursor.reader.isWritable()) continue;
        const key = `${cursor.after} ${threadId}`;
        const group = groups.get(key);
        if (group) group.push(cursor);
        else if (groups.size < positionLimit) groups.set(key, [cursor]);
        else this.#woken.add(threadId);
      }
    }
    return [...groups.values()];
  }

  async #advance(groups: readonly (readonly Cursor[])[]): Promise<void> {
    const positions = groups.flatMap(([first]) =>
      first ? [{ threadId: first.threadId, after: first.after }] : [],
    );
    if (positions.length === 0) return;
    const readings = await this.#log.read(positions, readLimit);
    const due: Due[] = [];
    readings.forEach(({ messages, next }, index) => {
      if (messages.length === 0) return;
      const frames = messages.map((message) => encode(messageFrame(message)));
      for (const cursor of groups[index] ?? []) due.push({ cursor, from: cursor.after, next, frames });
      // A full reading may not be the last.
      const threadId = positions[index]?.threadId;
      if (messages.length >= readLimit && threadId !== undefined) this.#woken.add(threadId);
    });
    await this.#hand(due);
  }

  /** Membership is asked after the read: whoever was removed before a message was said does not get it. */
  async #hand(due: readonly Due[]): Promise<void> {
    if (due.length === 0) return;
    const seats = due.map(({ cursor }) => ({ threadId: cursor.threadId, userId: cursor.reader.userId }));
    const held = await this.#membership.hold(seats);
    due.forEach(({ cursor, from, next, frames }, index) => {
      const { reader, threadId } = cursor;
      // It may have left, or joined again somewhere else, while we were reading.
      if (this.#threads.get(threadId)?.get(reader) !== cursor || cursor.after !== from) return;
      if (held[index]) {
        cursor.after = next;
        for (const frame of frames) reader.send(frame);
      } else {
        this.#unfollow(reader, threadId);
        reader.dismissed(threadId);
      }
    });
  }

  #isBehind(threadId: string, head: number): boolean {
    const cursors = this.#threads.get(threadId)?.values() ?? [];
    return [...cursors].some(({ after, reader }) => after < head && reader.isWritable());
  }

  #unfollow(reader: Reader, threadId: string): void {
    const cursors = this.#threads.get(threadId);
    cursors?.delete(reader);
    this.#followed.get(reader)?.delete(threadId);
    if (cursors?.size === 0) this.#threads.delete(threadId);
  }
}

interface Due {
  readonly cursor: Cursor;
  readonly from: number;
  readonly next: number;
  readonly frames: readonly string[];
}
