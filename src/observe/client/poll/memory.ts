import type { Attempt } from '../port.js';
import { moveOn } from '../shared/cursors.js';
import type { Strand } from '../http/strands.js';

/**
 * How far one session has read, over its conversations: the cursor of each question, and the position up to which each
 * room had been read when it was given. A history tells the latter, to be compared with positions.
 */
export class Memory {
  /** Made when they are first needed: most sessions are idle, and an empty map weighs as much as all else here. */
  #cursors: Map<string, string> | null = null;
  #positions: Map<string, string> | null = null;

  cursor({ address }: Strand): string | undefined {
    return this.#cursors?.get(address);
  }

  /** What the cursor of a question says of one of its rooms, in the terms of positions there. */
  cursorOf(room: string, strand: Strand): string | undefined {
    const cursor = this.cursor(strand);
    return cursor === undefined ? undefined : (this.#positions?.get(room) ?? cursor);
  }

  read(room: string, position: string): void {
    moveOn((this.#positions ??= new Map<string, string>()), room, position);
  }

  /** `next` stands for everything that was read. */
  moveTo({ address }: Strand, next: string): void {
    (this.#cursors ??= new Map<string, string>()).set(address, next);
  }

  /** Up to the position of a message. Whole numbers only grow, so that a list that begins with the newest does no harm. */
  moveOn({ address }: Strand, position: string): void {
    moveOn((this.#cursors ??= new Map<string, string>()), address, position);
  }
}

const memories = new WeakMap<Attempt['cursors'], Memory>();

/** The memory of the session that dials: all of its attempts have the same map of cursors. */
export function memoryOf({ cursors }: Pick<Attempt, 'cursors'>): Memory {
  const memory = memories.get(cursors) ?? new Memory();
  memories.set(cursors, memory);
  return memory;
}
