import type { Contract } from '../../src/contract/data.js';
import { testIds, type Header, type Role } from '../../src/history/events.js';
import type { PlannedDisruption, PlannedSession } from '../../src/history/events.js';
import { plannedOf, type RestartPlot } from './restart-story.js';

export const run = 'abcd1234';

/** What a story may differ in. */
export interface Plot {
  readonly rooms?: number;
  /** Chatters of each room; an absentee, a control-absentee and a newcomer come on top. */
  readonly chatters?: number;
  /** ms between two messages of the whole chat. */
  readonly everyMs?: number;
  readonly contract?: Contract;
  readonly without?: Header['plan']['without'];
  /** How long the target is down, in ms, where it is restarted once. */
  readonly downMs?: number;
  readonly restarts?: readonly RestartPlot[];
  /** By room, over which of the restarts its absentee is away; over all of them unless told. */
  readonly away?: readonly (number | undefined)[];
  /** Says the target of each connection whether it continues? */
  readonly tells?: boolean;
  /** Varies who speaks when; a number in [0, 1). */
  readonly random?: () => number;
}

/** Where one session of a story stands. */
export interface Seat {
  readonly session: string;
  readonly role: Role;
  readonly room: string;
  conn: number;
  isConnected: boolean;
  isCut: boolean;
  number: number;
  cursor: number;
  /** When it last lost its connection. */
  goneAt: number;
}

/** Of each room its chatters, an absentee, a control-absentee and a newcomer; an auditor last. */
export function seatsOf(rooms: number, chatters: number): Seat[] {
  const roles: Role[] = [
    ...Array.from({ length: chatters }, (): Role => 'chatter'),
    'absentee',
    'control-absentee',
    'newcomer',
  ];
  const seats: Seat[] = [];
  const nothing = { conn: 0, isConnected: false, isCut: false, number: 0, cursor: 0, goneAt: 0 };
  for (let room = 1; room <= rooms; room++) {
    for (const role of roles)
      seats.push({ session: String(seats.length + 1), role, room: `r${room}`, ...nothing });
  }
  return [...seats, { session: String(seats.length + 1), role: 'auditor', room: 'lobby', ...nothing }];
}

export function headerOf(
  seats: readonly Seat[],
  contract: Contract,
  without: Header['plan']['without'],
  disruptions: readonly PlannedDisruption[] = [plannedOf({ type: 'restart' })],
): Header {
  const sessions = seats.map(({ session, role, room }): PlannedSession => ({ session, role, rooms: [room] }));
  return {
    ...{ outlast: 1, run, seed: 'seed', epoch: '2026-01-01T00:00:00.000Z', writer: 'outlast/test', contract },
    plan: {
      ...{
        tests: testIds,
        without: { balancer: 'there is one replica', ...without },
        sessions,
        messagesPerSecond: 100,
        quietMs: 500,
      },
      disruptions,
      client: { name: 'websocket', reconnects: 'itself', offlineSend: 'refused' },
    },
  };
}
