import type { Role } from '../../history/events.js';
import type { Gate } from './gates.js';
import type { Member } from './member.js';

/** Everyone who takes part in a run. */
export class Crew {
  constructor(
    readonly members: readonly Member[],
    /** What stands before each session that can be cut. */
    readonly gates: ReadonlyMap<string, Gate>,
  ) {}

  of(...roles: readonly Role[]): Member[] {
    return this.members.filter(({ planned }) => roles.includes(planned.role));
  }

  get chatters(): Member[] {
    return this.of('chatter');
  }

  /** Those who hold a connection during the run. */
  get connected(): Member[] {
    return this.of('chatter', 'absentee', 'control-absentee');
  }

  auditor(nth: 0 | 1): Member {
    const auditor = this.of('auditor')[nth];
    if (!auditor) throw new RangeError('a run has two auditors');
    return auditor;
  }

  /** Members by the name of their room. */
  byRoom(members: readonly Member[]): Map<string, Member[]> {
    const rooms = new Map<string, Member[]>();
    for (const member of members) {
      for (const room of member.planned.rooms) rooms.set(room, [...(rooms.get(room) ?? []), member]);
    }
    return rooms;
  }
}

/** Does something for each, at most so many at a time. The first error ends it. */
export async function inTurns<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

export const sessionsOf = (members: readonly Member[]): string[] =>
  members.map(({ planned }) => planned.session);
