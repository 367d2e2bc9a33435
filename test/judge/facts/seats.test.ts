import { describe, expect, it } from 'vitest';
import { seatsOf } from '../../../src/judge/facts/seats.js';
import { header } from './view-of.js';

const seats = seatsOf(header);

describe('the seats of a plan', () => {
  it('have the role that the plan gives them; who is not planned is taken for a chatter', () => {
    expect(['1', '3', '4', '5', '11', 'nobody'].map((session) => seats.role(session))).toEqual([
      ...['chatter', 'absentee', 'control-absentee', 'newcomer', 'auditor', 'chatter'],
    ]);
  });

  it('are meant for their rooms and no other, and of who is not planned nothing is known', () => {
    expect(seats.isMeantFor('1', 'r1')).toBe(true);
    expect(seats.isMeantFor('1', 'r2')).toBe(false);
    expect(seats.isMeantFor('nobody', 'r1')).toBeNull();
  });

  it('read in a room if they live through the run: no newcomers, no auditors', () => {
    expect(seats.readersOf('r1')).toEqual(['1', '2', '3', '4']);
    expect(seats.readersOf('lobby')).toEqual([]);
    expect(['1', '3', '4', '5', '11', 'nobody'].map((session) => seats.isResident(session))).toEqual([
      ...[true, true, true, false, false, true],
    ]);
  });

  it('are listed by their role', () => {
    expect(seats.withRole('absentee').map(({ session }) => session)).toEqual(['3', '8']);
    expect(seats.withRole('auditor').map(({ session }) => session)).toEqual(['11']);
  });

  it('are worked out once for a header', () => {
    expect(seatsOf(header)).toBe(seats);
    expect(seatsOf({ ...header })).not.toBe(seats);
  });
});
