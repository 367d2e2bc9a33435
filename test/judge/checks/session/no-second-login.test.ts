import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../../src/history/events.js';
import { adding, changing } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right } from '../../stories.js';

const { signal, ready } = right.at;
const id = 'no-second-login';

const again = (t: number, session: string, ok = true): EventOf<'sign-in'> => ({
  ...{ t, session, kind: 'sign-in', how: 'again', ok },
});

describe('no-second-login', () => {
  it('counts every second sign-in since the signal, also one that was refused, and blames each session once', () => {
    const told = adding(
      right,
      again(900, '7'),
      again(signal + 10, '6'),
      again(ready + 50, '2', false),
      again(ready + 60, '2'),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'sessions 2 and 6 had to sign in a second time (3 sign-ins)',
      figures: { sessions: 8, again: 3, againBefore: 1 },
      shows: 'sign-in@1311 s6, sign-in@1551 s2, sign-in@1561 s2',
      blames: 'session 6, session 2',
    });
  });

  it('leaves out the auditor, who signs in as it likes', () => {
    expect(whole(adding(right, again(ready + 50, '11')), id)).toEqual({
      is: 'pass',
      says: '8 sessions signed in once, and stayed signed in',
      figures: { sessions: 8, again: 0, againBefore: 0 },
      shows: '',
      blames: '',
    });
  });

  it('counts a session as signed in once, and only where that worked', () => {
    const told = changing(right, (event) => {
      if (event.kind !== 'sign-in') return event;
      if (event.how === 'refresh') return { ...event, session: '2' };
      return event.session === '1' ? [event, event] : { ...event, ok: event.session === '11' };
    });
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '1 session signed in once, and stayed signed in',
      figures: { sessions: 1, again: 0, againBefore: 0 },
      shows: '',
      blames: '',
    });
  });
});
