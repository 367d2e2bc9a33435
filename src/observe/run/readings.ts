import { messageOf } from '../../base/errors.js';
import { identityIn } from '../../history/tag.js';
import type { LogReader, RecordSource, WhoAmI } from '../records/port.js';
import type { Member } from './member.js';

type Side = 'before' | 'after';

export interface ReadingOptions {
  readonly records: readonly RecordSource[];
  readonly whoAmI: WhoAmI | null;
  readonly log: LogReader | null;
  readonly digest: (text: string) => string;
  /** Of a canonical text: compared as it is. */
  readonly exactDigest: (text: string) => string;
  readonly signal: AbortSignal;
}

/** Reads what the target stores of sessions and of rooms, and writes digests of it down. */
export class Readings {
  #reads = 0;

  constructor(private readonly options: ReadingOptions) {}

  /** Each record of a session once. `reading` counts the readings of one side, from 1. */
  async records(member: Member, at: Side, reading: number): Promise<void> {
    const { signal } = this.options;
    const { token } = await member.keeper.credentials({ signal });
    for (const source of this.options.records) {
      const about = { name: source.name, of: source.of, at };
      try {
        const record = await source.read(token, { signal });
        const digest = record && this.options.exactDigest(record.canonical);
        const fields = record?.fields.map(
          ({ name, canonical }) => `${name}:${this.options.exactDigest(canonical)}`,
        );
        member.observe({ kind: 'record', ...about, digest, reading, ...(fields ? { fields } : {}) });
      } catch (error) {
        signal.throwIfAborted();
        member.observe({ kind: 'record-unread', ...about, reason: messageOf(error) });
      }
    }
  }

  async whoAmI(member: Member, at: Side): Promise<void> {
    const { whoAmI, signal, exactDigest } = this.options;
    if (!whoAmI) return;
    try {
      const { token } = await member.keeper.credentials({ signal });
      const { user, canonical } = await whoAmI.ask(token, { signal });
      member.observe({ kind: 'who-am-i', user, digest: exactDigest(canonical), at });
    } catch {
      // No answer is no evidence: the check says that it could not see.
      signal.throwIfAborted();
    }
  }

  /**
   * Reads the stored log of a member's rooms to its end. Resolves with whether it was complete and held all of `expected`.
   */
  async log(
    member: Member,
    at: Side,
    cold: boolean,
    expected: ReadonlySet<string> = new Set(),
  ): Promise<boolean> {
    const { log } = this.options;
    if (!log) return true;
    const missing = new Set(expected);
    let complete = true;
    for (const [index, room] of member.planned.rooms.entries()) {
      const id = member.seat.rooms[index] ?? room;
      complete = (await this.#room(member, { room, id, at, cold }, log, missing)) && complete;
    }
    return complete && missing.size === 0;
  }

  async #room(
    member: Member,
    where: { room: string; id: string; at: Side; cold: boolean },
    log: LogReader,
    missing: Set<string>,
  ): Promise<boolean> {
    const { signal } = this.options;
    const { room, at, cold } = where;
    const read = `${room}-${++this.#reads}`;
    member.observe({ kind: 'read', read, room, cold, at });
    let count = 0;
    try {
      const { token } = await member.keeper.credentials({ signal });
      for await (const stored of log.read(where.id, token, { signal })) {
        const seen = this.#stored(member, read, count++, stored);
        if (seen !== null) missing.delete(seen);
      }
      member.observe({ kind: 'read-end', read, ok: true, count });
      return true;
    } catch (error) {
      member.observe({ kind: 'read-end', read, ok: false, count, reason: messageOf(error) });
      signal.throwIfAborted();
      return false;
    }
  }

  #stored(
    member: Member,
    read: string,
    index: number,
    stored: { text: string; from?: string; id?: string; position?: string },
  ): string | null {
    const { text, ...told } = stored;
    const identity = identityIn(text);
    const message = identity.is === 'message' ? identity.message : null;
    const damaged = identity.is === 'damaged' ? ({ damaged: true } as const) : {};
    member.observe({
      kind: 'stored',
      read,
      index,
      message,
      digest: this.options.digest(text),
      ...told,
      ...damaged,
    });
    return message;
  }
}
