import type { Attempt } from '../port.js';

/**
 * What one session remembers over its connections. Each stream has one cursor, its last event id, for all of its rooms; a
 * history tells a cursor for each room, to be compared with the positions of messages there. So it is remembered, too, up
 * to which position each room had been read when the stream was there. In the order of the stream, not of the numbers: what
 * comes late moves the cursor back, in browsers as here.
 */
export class Memory {
  /** What `retry:` said last, in ms. */
  retryMs: number | undefined;
  /** Made when they are first needed: most sessions are idle, and an empty map weighs as much as all else here. */
  #lastIds: Map<string, string> | null = null;
  #positions: Map<string, string> | null = null;
  #idsArePositions = false;

  /** `stream`: its address as the config has it, filled in. An empty id: there is none any more. */
  moveOn(stream: string, id: string): void {
    if (id === '') this.#lastIds?.delete(stream);
    else (this.#lastIds ??= new Map<string, string>()).set(stream, id);
  }

  lastId(stream: string): string | undefined {
    return this.#lastIds?.get(stream);
  }

  /** `id`: of the event that brought the message. */
  read(room: string, position: string, id: string | null): void {
    (this.#positions ??= new Map<string, string>()).set(room, position);
    this.#idsArePositions = position === id;
  }

  /** What the last event id of a stream says of one of its rooms, in the terms of positions there. */
  cursorOf(room: string, stream: string): string | undefined {
    const id = this.lastId(stream);
    if (id === undefined || this.#idsArePositions) return id;
    return this.#positions?.get(room) ?? id;
  }
}

const memories = new WeakMap<Attempt['cursors'], Memory>();

/** The memory of the session that dials: all of its attempts have the same map of cursors. */
export function memoryOf({ cursors }: Pick<Attempt, 'cursors'>): Memory {
  const memory = memories.get(cursors) ?? new Memory();
  memories.set(cursors, memory);
  return memory;
}
