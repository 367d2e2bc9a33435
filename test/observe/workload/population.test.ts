import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lobby, populate } from '../../../src/observe/workload/index.js';

const crowds = fc.record({
  sessions: fc.integer({ min: 1, max: 200 }),
  roomSize: fc.integer({ min: 1, max: 20 }),
  newcomers: fc.boolean(),
  absentees: fc.boolean(),
});

describe('the population of a run', () => {
  it('has every session asked for in one room of at most the size asked for, and two auditors in the lobby', () => {
    fc.assert(
      fc.property(crowds, (crowd) => {
        const planned = populate(crowd);
        const chatting = planned.filter(({ role }) => role !== 'auditor');
        expect(chatting.map(({ session }) => session)).toEqual(
          Array.from({ length: crowd.sessions }, (_, index) => String(index + 1)),
        );
        for (const room of new Set(chatting.flatMap(({ rooms }) => rooms))) {
          expect(chatting.filter(({ rooms }) => rooms[0] === room).length).toBeLessThanOrEqual(
            crowd.roomSize,
          );
        }
        const auditors = planned.filter(({ role }) => role === 'auditor');
        expect(auditors.map(({ rooms }) => rooms)).toEqual([[lobby], [lobby]]);
      }),
    );
  });

  it('leaves two who chat in every room that has room for two: a reader needs someone else to hear from', () => {
    fc.assert(
      fc.property(crowds, (crowd) => {
        const planned = populate(crowd).filter(({ role }) => role !== 'auditor');
        for (const room of new Set(planned.flatMap(({ rooms }) => rooms))) {
          const members = planned.filter(({ rooms }) => rooms[0] === room);
          const chatters = members.filter(({ role }) => role === 'chatter');
          expect(chatters.length).toBeGreaterThanOrEqual(Math.min(2, members.length));
        }
      }),
    );
  });

  it('has fifty sessions chat, be away, be away as a control, and come late', () => {
    const planned = populate({ sessions: 50, roomSize: 5, newcomers: true, absentees: true });
    const count = (role: string) => planned.filter((session) => session.role === role).length;
    expect({
      chatter: count('chatter'),
      absentee: count('absentee'),
      control: count('control-absentee'),
      newcomer: count('newcomer'),
    }).toEqual({ chatter: 30, absentee: 7, control: 3, newcomer: 10 });
  });

  it('sends nobody away without a relay and has no newcomer without a log to read', () => {
    const planned = populate({ sessions: 50, roomSize: 5, newcomers: false, absentees: false });
    expect(new Set(planned.map(({ role }) => role))).toEqual(new Set(['chatter', 'auditor']));
  });
});
