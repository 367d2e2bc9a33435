import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import { right, unnoticed } from '../../stories.js';
import { adding, changing, silencing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { ready, settle } = right.at;
const id = 'reconnected';

const isAbsentee = (event: Event) => 'session' in event && ['3', '8'].includes(event.session);
const stayed = without(unnoticed, isAbsentee);

/** Session 2 loses its connection so often after its return, and gets it back each time. */
function dropping(times: number, told: Told = right): Told {
  const last = 2 + times;
  const moved = changing(told, (event) =>
    'conn' in event && event.session === '2' && event.conn === 2 && event.t > settle - 80
      ? { ...event, conn: last }
      : event,
  );
  const drops = Array.from({ length: times }, (_, drop): Event[] => {
    const t = settle - 70 + drop * 10;
    const next = { session: '2', conn: drop + 3 };
    return [
      { t, session: '2', conn: drop + 2, kind: 'close', by: 'target', code: 1011 },
      { t: t + 1, ...next, kind: 'connect', door: 'ws' },
      { t: t + 2, ...next, kind: 'open' },
      { t: t + 3, ...next, kind: 'ready', claims: 'unstated' },
    ];
  });
  return adding(moved, ...drops.flat());
}
const stopping = (told: Told): Told =>
  changing(told, (event) => (event.kind === 'end' ? { ...event, how: 'interrupted' } : event));

describe('reconnected', () => {
  it('passes where nobody lost the connection, and is unknown where the restart is not proved either', () => {
    expect(whole(stayed, id)).toEqual({
      is: 'pass',
      says: 'No session lost its connection, so none had to reconnect',
      figures: { sessions: 6 },
      shows: '',
      blames: '',
    });
    const unproved = changing(stayed, (event) => {
      if (event.kind !== 'disruption') return event;
      return event.step === 'port-closed' ? [] : { ...event, instance: 'boot-1' };
    });
    expect(whole(unproved, id)).toEqual({
      is: 'unknown',
      says: 'No session lost its connection, and the restart is not proved',
      figures: { sessions: 6 },
      shows: '',
      blames: '',
    });
  });

  it('tolerates two losses afterwards, and no third', () => {
    expect(whole(dropping(2), id)).toEqual({
      is: 'pass',
      says: '8 sessions of 8 reconnected without help',
      figures: { sessions: 8, back: 8, looping: 0 },
      shows: '',
      blames: '',
    });
    expect(whole(dropping(3), id)).toEqual({
      is: 'fail',
      says: 'session 2 lost it again and again afterwards',
      figures: { sessions: 8, back: 8, looping: 1 },
      shows: 'close@1306.1 s2, close@1831 s2, close@1841 s2, close@1851 s2',
      blames: 'session 2',
    });
  });

  it('tells of those who are gone and of those who come and go in one sentence', () => {
    const told = adding(silencing({ ...dropping(3), at: right.at }, '7', ready), {
      ...{ t: ready + 30, session: '7', conn: 2, kind: 'refused', at: 'handshake', status: 503 },
    });
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 7 did not get the connection back; session 2 lost it again and again afterwards',
      figures: { sessions: 8, back: 7, looping: 1 },
      shows: 'close@1306.5 s7, refused@1531 s7, close@1306.1 s2, close@1831 s2, close@1841 s2, close@1851 s2',
      blames: 'session 7, session 2',
    });
  });

  it('is unknown of who is not back when the run is stopped, and fails where somebody comes and goes', () => {
    expect(whole(stopping(silencing(right, '7', ready)), id)).toEqual({
      is: 'unknown',
      says: 'session 7 did not get the connection back before the history ended',
      figures: { sessions: 8, back: 7, looping: 0 },
      shows: 'close@1306.5 s7',
      blames: 'session 7',
    });
    expect(whole(stopping(dropping(3)), id).is).toBe('fail');
  });
});
