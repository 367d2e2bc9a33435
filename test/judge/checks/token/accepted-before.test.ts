import { describe, expect, it } from 'vitest';
import { whole } from '../../told/shown.js';
import { around, knocks, knocksAt } from './around.js';

const id = 'accepted-before';
const out = { let: 'out' } as const;

describe('accepted-before', () => {
  it('names each door that refused a good token once, and shows all refusals', () => {
    const told = around(
      knocksAt([800, 810], 'ws', out),
      knocks(820, '/me', { ...out, session: '91' }),
      knocksAt([800, 830], '/rooms'),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'A good token was refused before the restart at ws and /me',
      figures: { doors: 3, letIn: 2, refused: 3 },
      shows: 'door@800 s90, door@810 s90, door@820 s91',
      blames: 'service ws, service /me, session 90, session 91',
    });
  });

  it('looks at nothing from the beginning of the restart on', () => {
    const later = around(knocks(999, 'ws'), knocks(1_000, 'ws', out), knocks(2_500, '/me'));
    expect(whole(later, id)).toEqual({
      is: 'pass',
      says: 'A good token was let in before the restart at 1 door',
      figures: { doors: 1, letIn: 1, refused: 0 },
      shows: '',
      blames: '',
    });
    expect(whole(around(knocks(1_000, 'ws')), id)).toEqual({
      is: 'unknown',
      says: 'No good token was tried before the restart',
      figures: { doors: 0, letIn: 0, refused: 0 },
      shows: '',
      blames: '',
    });
  });

  it('names the doors that never answered, and none that did once', () => {
    const dead = { let: 'no-answer' } as const;
    const told = around(knocks(800, 'ws', dead), knocksAt([800, 900], '/me', dead), knocks(810, 'ws'));
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'There was no answer before the restart at /me',
      figures: { doors: 2, letIn: 1, refused: 0 },
      shows: '',
      blames: '',
    });
  });
});
