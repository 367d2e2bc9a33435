import type { PlannedSession, Role } from '../../history/events.js';

/** How many sessions chat in how large rooms. */
export interface Crowd {
  readonly sessions: number;
  readonly roomSize: number;
  /** Newcomers read the stored log: without one that can be read, there are none. */
  readonly newcomers: boolean;
  /** Absentees are cut by a relay: without one that can stand between, there are none. */
  readonly absentees: boolean;
}

/** The room of the auditors, where tokens are tried and preflight talks: no finding about messages looks at it. */
export const lobby = 'lobby';

/**
 * Sessions `1`, `2`, … in rooms `r1`, `r2`, …, each room with the mix of roles that its size allows, and two auditors
 * in the lobby after them.
 */
export function populate(crowd: Crowd): PlannedSession[] {
  const sessions = Array.from({ length: crowd.sessions }, (_, index): PlannedSession => {
    const room = Math.floor(index / crowd.roomSize);
    const size = Math.min(crowd.roomSize, crowd.sessions - room * crowd.roomSize);
    const role = roleOf(index % crowd.roomSize, size, room, crowd);
    return { session: String(index + 1), role, rooms: [`r${room + 1}`] };
  });
  const auditors = [1, 2].map((nth): PlannedSession => ({
    session: String(crowd.sessions + nth),
    role: 'auditor',
    rooms: [lobby],
  }));
  return [...sessions, ...auditors];
}

/** At least two of a room chat, so that each has someone to hear from; of the rest one is away and one comes late. */
function roleOf(place: number, size: number, room: number, crowd: Crowd): Role {
  const fromEnd = size - 1 - place;
  if (crowd.absentees && size >= 3 && fromEnd === 0) return room % 3 === 2 ? 'control-absentee' : 'absentee';
  if (crowd.newcomers && size >= 4 && fromEnd === 1) return 'newcomer';
  return 'chatter';
}
