import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../../src/contract/contracts.js';
import type { Event } from '../../../../src/history/events.js';
import { Rollout } from '../../rollout.js';
import { avoidable } from '../../rollouts.js';
import { rollout as right } from '../../stories.js';
import { changing, under, without } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'moved-once';
const once = exactlyOnce({ rollout: { disconnects: 'once' } });
const isOf = (event: Event, sessions: readonly string[]) =>
  'session' in event && sessions.includes(event.session);

describe('moved-once', () => {
  it('says how often, and that nothing could have spared them, where the contract promises once', () => {
    expect(whole(under(right, once), id)).toEqual({
      is: 'fail',
      says: 'sessions 1, 3, 5 and 17 more lost the connection twice in one rollout: no restarted replica was there to take them',
      figures: {
        sessions: 40,
        disconnects: 60,
        moreThanOnce: 20,
        mostOften: 2,
        choices: 0,
        choicesOfNext: 0,
        needed: 40,
        avoidable: 0,
        needless: 0,
      },
      shows:
        'open@100.01 s1, close@1208.5 s1, open@1258.51 s1, close@1708.5 s1, open@102.01 s3, close@1208.5 s3, open@1258.51 s3, close@1708.5 s3, open@104.01 s5, close@1208.5 s5, open@1258.51 s5, close@1708.5 s5',
      blames: expect.stringMatching(/^session 1, (session \d+, ){18}session 39$/) as string,
    });
  });

  it('counts what nothing could have spared, and shows three of those', () => {
    expect(whole(right, id)).toEqual({
      is: 'pass',
      says: '20 sessions of 40 lost the connection more than once: what they were put on was next, as it may be where nobody is to know',
      figures: {
        sessions: 40,
        disconnects: 60,
        moreThanOnce: 20,
        mostOften: 2,
        choices: 0,
        choicesOfNext: 0,
        needed: 40,
        avoidable: 0,
        needless: 0,
      },
      shows:
        'open@100.01 s1, close@1208.5 s1, open@1258.51 s1, close@1708.5 s1, open@102.01 s3, close@1208.5 s3, open@1258.51 s3, close@1708.5 s3, open@104.01 s5, close@1208.5 s5, open@1258.51 s5, close@1708.5 s5',
      blames: '',
    });
  });

  it('says that a restarted replica was ready, and up to how often', () => {
    expect(whole(avoidable, id)).toEqual({
      is: 'fail',
      says: 'sessions 1, 2, 5 and 17 more lost the connection up to 3 times in one rollout: 20 had been put on a replica that was next, although a restarted one was ready',
      figures: {
        sessions: 40,
        disconnects: 74,
        moreThanOnce: 27,
        mostOften: 3,
        choices: 20,
        choicesOfNext: 20,
        needed: 41,
        avoidable: 20,
        needless: 0,
      },
      shows:
        'open@100.01 s1, close@1408.5 s1, open@1458.51 s1, close@2108.5 s1, open@2158.51 s1, close@2808.5 s1, open@101.01 s2, close@2108.5 s2, open@2158.51 s2, close@2808.5 s2, open@104.01 s5, close@2108.5 s5',
      blames: expect.stringMatching(/^session 1, (session \d+, ){18}session 38$/) as string,
    });
    expect(whole(under(avoidable, once), id)).toMatchObject({ is: 'fail' });
  });

  it('says which connections broke although their instance was not being restarted, besides all else', () => {
    const dropped = new Rollout({ drops: { t: 1_350, sessions: ['2', '4', '6'] } });
    expect(whole(dropped, id)).toEqual({
      is: 'fail',
      says: 'sessions 2, 4 and 6 lost the connection twice in one rollout: 3 connections broke while the instance was not being restarted',
      figures: {
        sessions: 40,
        disconnects: 63,
        moreThanOnce: 23,
        mostOften: 2,
        choices: 0,
        choicesOfNext: 0,
        needed: 43,
        avoidable: 0,
        needless: 3,
      },
      shows:
        'open@101.01 s2, close@1350 s2, open@1400.01 s2, close@1708.5 s2, open@805.01 s4, close@1350 s4, open@1400.01 s4, close@1708.5 s4, open@105.01 s6, close@1350 s6, open@1400.01 s6, close@1708.5 s6',
      blames: 'session 2, session 4, session 6',
    });
    expect(whole(under(dropped, once), id)).toMatchObject({ is: 'fail' });
  });

  it('forgives connections that could have been put elsewhere, where they were not preferred to be', () => {
    const few = without(avoidable, (event) =>
      isOf(
        event,
        Array.from({ length: 38 }, (_, index) => String(index + 3)),
      ),
    );
    expect(whole(few, id)).toEqual({
      is: 'pass',
      says: '2 sessions of 2 lost the connection more than once: what they were put on was next, as it may be where nobody is to know',
      figures: {
        sessions: 2,
        disconnects: 5,
        moreThanOnce: 2,
        mostOften: 3,
        choices: 2,
        choicesOfNext: 2,
        needed: 3,
        avoidable: 2,
        needless: 0,
      },
      shows:
        'open@100.01 s1, close@1408.5 s1, open@1458.51 s1, close@2108.5 s1, open@2158.51 s1, close@2808.5 s1, open@101.01 s2, close@2108.5 s2, open@2158.51 s2, close@2808.5 s2',
      blames: '',
    });
  });

  it('passes where nobody lost it twice', () => {
    const one = without(
      right,
      (event) => 'session' in event && event.t > right.at.disrupt + 700 && event.kind === 'close',
    );
    expect(whole(one, id)).toEqual({
      is: 'pass',
      says: 'None of 40 sessions lost the connection more than once',
      figures: {
        sessions: 40,
        disconnects: 20,
        moreThanOnce: 0,
        mostOften: 1,
        choices: 0,
        choicesOfNext: 0,
        needed: 0,
        avoidable: 0,
        needless: 0,
      },
      shows: '',
      blames: '',
    });
    const none = without(right, (event) => event.kind === 'close');
    expect(whole(none, id)).toEqual({
      is: 'pass',
      says: 'None of 40 sessions lost the connection more than once',
      figures: {
        sessions: 40,
        disconnects: 0,
        moreThanOnce: 0,
        mostOften: 0,
        choices: 0,
        choicesOfNext: 0,
        needed: 0,
        avoidable: 0,
        needless: 0,
      },
      shows: '',
      blames: '',
    });
  });

  it('does not know what disconnected whom where no connection names an instance of a door', () => {
    const strange = changing(right, (event) => (event.kind === 'open' ? { ...event, instance: 'x' } : event));
    expect(whole(strange, id)).toMatchObject({
      is: 'unknown',
      says: 'No connection named an instance that is known at a door, so it cannot be said what disconnected it',
    });
    const some = changing(right, (event) =>
      event.kind === 'open' && event.session !== '1' ? { ...event, instance: 'x' } : event,
    );
    expect(whole(some, id).is).not.toBe('unknown');
  });

  it('is unknown where there was one replica', () => {
    const alone = new Rollout({ replicas: 1 });
    expect(whole(alone, id)).toMatchObject({
      is: 'unknown',
      says: 'No second replica was seen that sessions could have been moved to',
    });
  });
});
