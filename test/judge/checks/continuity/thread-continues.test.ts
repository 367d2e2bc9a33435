import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event } from '../../../../src/history/events.js';
import { right, twice } from '../../stories.js';
import { adding, changing, lacking, silencing, under, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const { signal, ready } = right.at;
const id = 'thread-continues';

const isIn =
  (...sessions: readonly string[]) =>
  (event: Event) =>
    'session' in event && sessions.includes(event.session);
/** Nothing of what these say gets through from the return of the target on. */
const silent = (...sessions: readonly string[]) =>
  without(
    right,
    (event) =>
      event.t > ready && (event.kind === 'ack' || event.kind === 'receive') && isIn(...sessions)(event),
  );
const room1 = ['1', '2', '3', '4'];
const room2 = ['6', '7', '8', '9'];
const stopping = (how: 'interrupted' | 'failed', told: Told): Told =>
  changing(told, (event) => (event.kind === 'end' ? { ...event, how } : event));

describe('thread-continues', () => {
  it('tells of all rooms in which nothing gets through, shows four messages and blames their senders', () => {
    expect(whole(silent(...room1, ...room2), id)).toEqual({
      is: 'fail',
      says: 'Nothing gets through in r2 and r1 since the restart: 42 messages of sessions 1, 2, 6 and 7, none of them accepted',
      figures: { before: 89, attemptsDuring: 39, after: 0, lastMoment: 25, retries: 0 },
      shows:
        'send@1510.65 s7 7.28, unoffered@1510.66 s7 7.28, send@1520.65 s1 1.28, unoffered@1520.66 s1 1.28, send@1530.65 s2 2.29, send@1540.65 s6 6.29',
      blames: 'session 7, session 1, session 2, session 6',
    });
  });

  it('shows how a message was refused, and speaks of one as of one', () => {
    const last = right.events.findLast((event) => event.kind === 'send' && event.session === '1');
    const unsaid = without(silent(...room1), (event) => {
      const isMessage = 'message' in event && event.t > ready && event.kind !== 'stored';
      return isMessage && isIn('1', '2')(event) && last?.kind === 'send' && event.message !== last.message;
    });
    const told =
      last?.kind === 'send'
        ? adding(unsaid, { t: last.t + 1, session: '1', kind: 'nack', message: last.message, reason: 'busy' })
        : unsaid;
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'Nothing gets through in r1 since the restart: 1 message of session 1, not accepted',
      figures: { before: 89, attemptsDuring: 20, after: 20, lastMoment: 25, retries: 1 },
      shows: 'send@1911 s1 1.38, nack@1912 s1 1.38',
      blames: 'session 1',
    });
  });

  it('is unknown where the run was stopped, or breaks off, before answers were waited for', () => {
    const told = silent(...room1);
    expect(whole(stopping('interrupted', told), id)).toEqual({
      is: 'unknown',
      says: 'Nothing gets through in r1 since the restart: 21 messages of sessions 1 and 2, none of them accepted before the history ended',
      figures: { before: 89, attemptsDuring: 39, after: 20, lastMoment: 25, retries: 1 },
      shows:
        'send@1520.65 s1 1.28, unoffered@1520.66 s1 1.28, send@1530.65 s2 2.29, send@1560.65 s1 1.29, send@1570.65 s2 2.30',
      blames: 'session 1, session 2',
    });
    expect(
      whole(
        without(told, ({ kind }) => kind === 'end'),
        id,
      ).is,
    ).toBe('unknown');
    expect(whole(stopping('failed', told), id).is).toBe('fail');
  });

  it('asks nothing of a room in which nothing got through before', () => {
    const dead = without(
      right,
      (event) => (event.kind === 'ack' || event.kind === 'receive') && isIn(...room1)(event),
    );
    expect(whole(dead, id).is).not.toBe('fail');
  });

  it('says what was not going on, and blames who never came back', () => {
    const quiet = without(
      { ...silencing(right, '2', ready) },
      (event) => event.kind === 'written' && event.attempt === 2,
    );
    expect(whole(quiet, id)).toEqual({
      is: 'unknown',
      says: 'Too little was going on: no acknowledged message was sent again after the signal and answered again',
      figures: { before: 89, attemptsDuring: 28, after: 30, lastMoment: 25, retries: 0 },
      shows: '',
      blames: 'session 2',
    });
  });

  describe('where a signal met a quiet moment', () => {
    const before = (at: number) => (event: Event) =>
      event.kind === 'ack' && event.t > at - 250.1 && event.t <= at;
    const [, second] = twice.restarts;
    const quiet = (at: number, told: Told = twice) => without(told, before(at));

    it('names it where there are several, and blames that disruption alone', () => {
      expect(whole(twice, id).is).toBe('pass');
      expect(whole(quiet(second?.signal ?? 0), id)).toMatchObject({
        is: 'unknown',
        says: 'Too little was going on: nothing was acknowledged in the last 250 ms before the signal of disruption 2 of 2',
        figures: { lastMoment: 0 },
        blames: 'disruption 1',
      });
      const both = quiet(signal, quiet(second?.signal ?? 0));
      expect(whole(both, id)).toMatchObject({
        says: 'Too little was going on: nothing was acknowledged in the last 250 ms before the signals of disruptions 1 and 2 of 2 and nothing was owed to sessions 3 and 8, away over the restart',
        blames: '',
      });
    });

    it('does not number the only one', () => {
      expect(whole(quiet(signal, right), id)).toMatchObject({
        says: 'Too little was going on: nothing was acknowledged in the last 250 ms before the signal and nothing was owed to sessions 3 and 8, away over the restart',
        blames: '',
      });
    });

    it('blames no disruption where more than its moment was quiet', () => {
      const unretried = without(twice, (event) => event.kind === 'written' && event.attempt === 2);
      expect(whole(quiet(second?.signal ?? 0, unretried), id)).toMatchObject({
        says: 'Too little was going on: nothing was acknowledged in the last 250 ms before the signal of disruption 2 of 2 and no acknowledged message was sent again after the signal and answered again',
        blames: '',
      });
    });
  });

  it('asks for no retry where nothing is acknowledged, or where a retry is another message', () => {
    const quiet = without(right, (event) => event.kind === 'written' && event.attempt === 2);
    expect(whole(quiet, id).is).toBe('unknown');
    expect(whole(lacking(quiet, 'acknowledgements'), id).is).toBe('pass');
    expect(whole(under(quiet, exactlyOnce({ idempotent: false })), id).is).toBe('pass');
  });

  it('is unknown where nothing was disrupted', () => {
    expect(
      whole(
        without(right, ({ kind }) => kind === 'disruption'),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'Nothing was disrupted in this history, so no thread had to go on',
      figures: {},
      shows: '',
      blames: '',
    });
    expect(signal).toBeLessThan(ready);
  });
});
