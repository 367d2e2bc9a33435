import { describe, expect, it } from 'vitest';
import { whole } from '../../told/shown.js';
import { around, knocksAt } from './around.js';

const id = 'revoked-refused';
const [before, during, after] = [900, 1_500, 2_500];
const always = [before, during, after];
const open = ['ws', '/me'].map((door) => knocksAt(always, door));
const revoked = { credential: 'revoked', token: 'r' } as const;
const refused = (door: string, times: readonly number[]) => knocksAt(times, door, { ...revoked, let: 'out' });

describe('revoked-refused', () => {
  it('names the moments and doors at which it was let in, each once, and shows four', () => {
    const told = around(
      open,
      knocksAt([1_510, 1_520, 1_530], 'ws', revoked),
      knocksAt([2_510, 2_520], '/me', revoked),
      refused('ws', [before]),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'A revoked token was let in during and after the restart at ws and /me',
      figures: { tried: 6, letIn: 5, refused: 1 },
      shows: 'door@1510 s90, door@1520 s90, door@1530 s90, door@2510 s90',
      blames: 'service ws, service /me',
    });
  });

  it('passes where each door that was tried refused it after the restart', () => {
    expect(whole(around(open, refused('ws', always), refused('/me', [after])), id)).toEqual({
      is: 'pass',
      says: 'A revoked token was refused 4 times at 2 doors, also after the restart',
      figures: { tried: 4, letIn: 0, refused: 4 },
      shows: '',
      blames: '',
    });
  });

  it('is unknown where a door did not show it after the restart, and names it', () => {
    expect(whole(around(open, refused('ws', always), refused('/me', [before, during])), id)).toEqual({
      is: 'unknown',
      says: 'It is not shown that a revoked token is refused after the restart at /me',
      figures: { tried: 5, letIn: 0, refused: 5 },
      shows: '',
      blames: '',
    });
  });

  it('looks at no forged token', () => {
    const forged = knocksAt(always, 'ws', { credential: 'tampered', token: 'x' });
    expect(whole(around(open, forged), id)).toEqual({
      is: 'unknown',
      says: 'No revoked token was tried',
      figures: { tried: 0, letIn: 0, refused: 0 },
      shows: '',
      blames: '',
    });
  });
});
