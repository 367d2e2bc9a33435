import { describe, expect, it } from 'vitest';
import type { CredentialKind } from '../../../../src/history/events.js';
import { whole } from '../../told/shown.js';
import { around, knocks, knocksAt } from './around.js';

const id = 'forged-refused';
const [before, during, after] = [900, 1_500, 2_500];
const always = [before, during, after];
const open = knocksAt(always, 'ws');

const refused = (credential: CredentialKind, times: readonly number[]) =>
  knocksAt(times, 'ws', { credential, token: credential, let: 'out' });

describe('forged-refused', () => {
  it('names kinds, moments and doors at which one was let in, each once, and shows six', () => {
    const letIn = { credential: 'tampered', token: 'x' } as const;
    const told = around(
      open,
      knocksAt([910, 920, 930, 1_510], 'ws', letIn),
      knocksAt([1_520, 1_530, 1_540], '/me', { ...letIn, credential: 'unsigned' }),
      refused('none', always),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'A forged token (tampered and unsigned) was let in before and during the restart at ws and /me, 7 times',
      figures: { kinds: 3, letIn: 7, refused: 3 },
      shows: 'door@910 s90, door@920 s90, door@930 s90, door@1510 s90, door@1520 s90, door@1530 s90',
      blames: 'service ws, service /me',
    });
  });

  it('passes where each kind was refused before and after, and some kind during the restart', () => {
    const told = around(open, refused('tampered', always), refused('none', [before, after]));
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '5 attempts with forged tokens of 2 kinds, all refused, before, during and after the restart',
      figures: { kinds: 2, letIn: 0, refused: 5 },
      shows: '',
      blames: '',
    });
  });

  it.each([
    ['before it', [during, after], 'none before it'],
    ['after it', [before, during], 'none after it'],
  ])('is unknown where the door refused one kind of several, but not %s', (_, times, missing) => {
    expect(whole(around(open, refused('tampered', always), refused('none', times)), id)).toMatchObject({
      is: 'unknown',
      says: `It is not shown that forged tokens are refused: ${missing}`,
      figures: { kinds: 2, letIn: 0, refused: 5 },
    });
  });

  it('is unknown where no kind was refused during the restart', () => {
    const told = around(open, refused('tampered', [before, after]), refused('none', [before, after]));
    expect(whole(told, id).says).toBe(
      'It is not shown that forged tokens are refused: any kind during the restart',
    );
  });

  it('names five of what is missing, and how many more', () => {
    const kinds = ['tampered', 'unsigned', 'none', 'expired'] as const;
    const told = around(kinds.flatMap((kind) => refused(kind, always)));
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'It is not shown that forged tokens are refused: tampered before it, unsigned before it, none before it, expired before it, tampered after it and 4 more',
      figures: { kinds: 4, letIn: 0, refused: 0 },
      shows: '',
      blames: '',
    });
  });

  it('looks at no revoked token: nobody forged it', () => {
    const revoked = knocksAt(always, 'ws', { credential: 'revoked', token: 'r' });
    expect(whole(around(open, revoked), id)).toEqual({
      is: 'unknown',
      says: 'No forged token was tried',
      figures: { kinds: 0, letIn: 0, refused: 0 },
      shows: '',
      blames: '',
    });
    expect(knocks(before, 'ws').credential).toBe('good');
  });
});
