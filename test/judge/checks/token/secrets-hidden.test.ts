import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../../src/history/events.js';
import { arrives, fails } from '../../derived/telling.js';
import { whole } from '../../told/shown.js';
import { around } from './around.js';

const id = 'secrets-hidden';
const leaks = (t: number, session: string, where: EventOf<'leak'>['where']): EventOf<'leak'> => ({
  ...{ t, session, kind: 'leak', where },
});

describe('secrets-hidden', () => {
  it('names each place and each session once, and shows all', () => {
    const told = around(
      arrives(100, '1'),
      arrives(100, '2'),
      leaks(1_200, '2', 'error'),
      leaks(1_210, '1', 'close'),
      leaks(1_220, '1', 'error'),
      leaks(1_230, '1', 'frame'),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'The service showed a secret in errors and the reasons of closes to sessions 1 and 2',
      figures: { attempts: 2, shown: 3 },
      shows: 'leak@1200 s2, leak@1210 s1, leak@1220 s1',
      blames: 'session 2, session 1',
    });
  });

  it('counts every attempt to connect, also those that came to nothing', () => {
    const told = around(
      arrives(100, '1'),
      fails(1_050, '1', 2),
      arrives(1_200, '1', { conn: 3 }),
      fails(1_060, '2', 1),
    );
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: 'No secret in what the service said to 2 sessions',
      figures: { attempts: 4, shown: 0 },
      shows: '',
      blames: '',
    });
  });

  it('knows nothing where nobody connected', () => {
    expect(whole(around(), id)).toEqual({
      is: 'unknown',
      says: 'Nobody connected, so the service said nothing',
      figures: { attempts: 0, shown: 0 },
      shows: '',
      blames: '',
    });
  });
});
