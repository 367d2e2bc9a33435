import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { right } from '../../stories.js';
import { adding, changing, find, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { signal, ready, settle } = right.at;

type Door = EventOf<'door'>;
const knocking = (fits: (event: Door) => boolean, change: Partial<Door>, told: Told = right) =>
  changing(told, (event) => (event.kind === 'door' && fits(event) ? { ...event, ...change } : event));
const isGood = ({ credential }: Door) => credential === 'good';
/** The return of a session after the restart is refused first. */
const refusing = (session: string, how: Partial<EventOf<'refused'>>, told: Told = right) => {
  const { t, conn } = find(told, 'connect', (event) => event.t > ready && event.session === session);
  return adding(told, {
    t: t + 0.005,
    session,
    ...(conn === undefined ? {} : { conn }),
    kind: 'refused',
    at: 'handshake',
    status: 401,
    ...how,
  });
};

describe('accepted-before', () => {
  const id = 'accepted-before';
  const isEarly = (event: Door) => isGood(event) && event.t < signal;

  it('names each door that refused it once, and blames the doors and who knocked', () => {
    const told = knocking(isEarly, { let: 'out', status: 401 });
    const again = adding(told, { ...find(told, 'door', isEarly), t: 1_010 });
    expect(whole(again, id)).toEqual({
      is: 'fail',
      says: 'A good token was refused before the restart at ws and /users/me',
      figures: { doors: 2, letIn: 0, refused: 3 },
      shows: 'door@1003 s11, door@1003 s11, door@1010 s11',
      blames: 'service ws, service /users/me, session 11',
    });
  });

  it('is unknown where one of the doors did not answer', () => {
    expect(
      whole(
        knocking((event) => isEarly(event) && event.door === 'ws', { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'There was no answer before the restart at ws',
      figures: { doors: 2, letIn: 1, refused: 0 },
      shows: '',
      blames: '',
    });
    const later = adding(
      knocking((event) => isEarly(event) && event.door === 'ws', { let: 'no-answer' }),
      { ...find(right, 'door', (event) => isEarly(event) && event.door === 'ws'), t: 1_010 },
    );
    expect(whole(later, id)).toEqual({
      is: 'pass',
      says: 'A good token was let in before the restart at 2 doors',
      figures: { doors: 2, letIn: 2, refused: 0 },
      shows: '',
      blames: '',
    });
  });
});

describe('accepted-after', () => {
  const id = 'accepted-after';

  it('tells of doors and of sessions in one sentence, each answer once, and blames all', () => {
    const shut = knocking((event) => isGood(event) && event.t > settle, { let: 'out', status: 403 });
    const told = refusing('7', { at: 'sign-in', status: 401 }, refusing('2', { status: 403 }, shut));
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'A good token from before the restart was refused since (403 and 401) at ws and /users/me and when sessions 2 and 7 came back',
      figures: { doors: 2, refused: 2, sessionsRefused: 2 },
      shows:
        'door@2601 s11, door@2601 s11, connect@1524 s2, refused@1524.005 s2, connect@1528 s7, refused@1528.005 s7',
      blames: 'service ws, service /users/me, session 11, session 2, session 7',
    });
  });

  it('says nothing of an answer where none was told', () => {
    const shut = changing(
      knocking((event) => isGood(event) && event.t > settle && event.door === 'ws', { let: 'out' }),
      (event): Event => {
        if (event.kind !== 'door' || event.let !== 'out' || !isGood(event)) return event;
        const { status: _, ...door } = event;
        return door;
      },
    );
    expect(whole(shut, id)).toEqual({
      is: 'fail',
      says: 'A good token from before the restart was refused since at ws',
      figures: { doors: 2, refused: 1, sessionsRefused: 0 },
      shows: 'door@2601 s11',
      blames: 'service ws, session 11',
    });
  });

  it('is unknown where the same token was neither let in nor refused at one of the doors', () => {
    expect(
      whole(
        knocking((event) => isGood(event) && event.t > settle && event.door === 'ws', { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'The token that was let in before was neither let in nor refused after the restart at ws',
      figures: { doors: 2, refused: 0, sessionsRefused: 0 },
      shows: '',
      blames: 'service ws',
    });
  });

  it('is unknown where none was let in before', () => {
    expect(
      whole(
        knocking((event) => isGood(event) && event.t < signal, { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'No good token was let in before the restart',
      figures: { doors: 0, refused: 0, sessionsRefused: 0 },
      shows: '',
      blames: '',
    });
  });

  it.each<[string, Told]>([
    [
      'before the restart',
      adding(
        right,
        { t: 500, session: '2', conn: 9, kind: 'connect', door: 'ws', token: 's2-1' },
        { t: 501, session: '2', conn: 9, kind: 'refused', at: 'handshake', status: 401 },
      ),
    ],
    [
      'with a token of which the history does not tell',
      changing(refusing('2', {}), (event): Event => {
        if (event.kind !== 'connect' || event.session !== '2') return event;
        const { token: _, ...connect } = event;
        return connect;
      }),
    ],
    [
      'with a token that was issued since',
      changing(refusing('2', {}), (event) =>
        event.kind === 'sign-in' && event.session === '2' ? { ...event, t: signal + 1 } : event,
      ),
    ],
    [
      'with a token that had been revoked',
      adding(refusing('2', {}), { t: 1_200, session: '2', kind: 'revoked', token: 's2-1' }),
    ],
  ])('counts no session as refused %s', (_, told) => {
    expect(whole(told, id)).toMatchObject({
      is: 'pass',
      figures: { doors: 2, refused: 0, sessionsRefused: 0 },
    });
  });
});

describe('revoked-refused', () => {
  const id = 'revoked-refused';
  const isRevoked = ({ credential }: Door) => credential === 'revoked';

  it('names each door and moment at which it was let in once', () => {
    expect(
      whole(
        knocking((event) => isRevoked(event) && event.t > ready, { let: 'in' }),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'A revoked token was let in during and after the restart at ws and /users/me',
      figures: { tried: 6, letIn: 4, refused: 2 },
      shows: 'door@1593 s11, door@1593 s11, door@2603 s11, door@2603 s11',
      blames: 'service ws, service /users/me',
    });
  });

  it('is unknown where it is not shown of each door after the restart, whatever was shown before', () => {
    expect(
      whole(
        knocking((event) => isRevoked(event) && event.t > ready, { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'It is not shown that a revoked token is refused after the restart at ws and /users/me',
      figures: { tried: 6, letIn: 0, refused: 2 },
      shows: '',
      blames: '',
    });
    expect(
      whole(
        knocking((event) => isRevoked(event) && event.t > ready && event.door === 'ws', { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'It is not shown that a revoked token is refused after the restart at ws',
      figures: { tried: 6, letIn: 0, refused: 4 },
      shows: '',
      blames: '',
    });
  });
});

describe('forged-refused', () => {
  const id = 'forged-refused';
  const isForged = ({ credential }: Door) => credential !== 'good' && credential !== 'revoked';

  it('names each kind, moment and door once, and shows six', () => {
    expect(
      whole(
        knocking((event) => isForged(event) && event.credential !== 'none' && event.t > ready, { let: 'in' }),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'A forged token (tampered and unsigned) was let in during and after the restart at ws and /users/me, 8 times',
      figures: { kinds: 3, letIn: 8, refused: 10 },
      shows: 'door@1593 s11, door@1593 s11, door@1593 s11, door@1593 s11, door@2603 s11, door@2603 s11',
      blames: 'service ws, service /users/me',
    });
  });

  it('names each kind and moment of which it is not shown', () => {
    const told = knocking((event) => isForged(event) && (event.credential === 'none' || event.t > settle), {
      let: 'no-answer',
    });
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'It is not shown that forged tokens are refused: none before it, tampered after it, unsigned after it and none after it',
      figures: { kinds: 3, letIn: 0, refused: 8 },
      shows: '',
      blames: '',
    });
    expect(
      whole(
        knocking((event) => isForged(event) && event.t > signal && event.t < settle, { let: 'no-answer' }),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'It is not shown that forged tokens are refused: any kind during the restart',
      figures: { kinds: 3, letIn: 0, refused: 12 },
      shows: '',
      blames: '',
    });
  });

  it('is content with one kind during the restart', () => {
    const told = knocking(
      (event) => isForged(event) && event.credential !== 'none' && event.t > signal && event.t < settle,
      { let: 'no-answer' },
    );
    expect(whole(told, id)).toMatchObject({ is: 'pass', figures: { kinds: 3, refused: 14 } });
  });
});
