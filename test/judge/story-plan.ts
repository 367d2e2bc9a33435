import type { Contract } from '../../src/contract/data.js';
import { testIds, type Header, type PlannedSession, type Role } from '../../src/history/events.js';

export const run = 'abcd1234';

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
  const nothing = { conn: 0, isConnected: false, isCut: false, number: 0, cursor: 0 };
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
      disruptions: [{ type: 'restart', services: ['backend'], holdsConnections: true }],
      client: { name: 'websocket', reconnects: 'itself', offlineSend: 'refused' },
    },
  };
}
