import { describe, expect, it } from 'vitest';
import { atMostOnce } from '../../../../src/contract/contracts.js';
import type { Event, EventOf } from '../../../../src/history/events.js';
import { Rollout } from '../../rollout.js';
import { rollout as right } from '../../stories.js';
import { changing, under, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'any-instance';
const sticky = new Rollout({ knows: () => false });
const own = new Rollout({ replays: (left, met) => left === met });

/** Only these are refused, in these words. */
const refusing = (answers: Readonly<Record<string, Partial<EventOf<'refused'>>>>) =>
  changing(sticky, (event) => {
    if (event.kind !== 'refused') return event;
    const { status: _, ...refused } = event;
    const answer = answers[event.session];
    return answer === undefined ? [] : { ...refused, ...answer };
  });

/** By session, the instances that it was on, in their order. */
const stops = new Map<string, (string | undefined)[]>();
for (const event of right.events)
  if (event.kind === 'open') stops.set(event.session, [...(stops.get(event.session) ?? []), event.instance]);
/** The target says of every return whether the session goes on. */
const claiming = (
  claims: (isSame: boolean, event: EventOf<'ready'>) => EventOf<'ready'>['claims'],
  told: Told = right,
) =>
  changing(told, (event): Event => {
    if (event.kind !== 'ready' || event.conn === undefined || event.conn === 1) return event;
    const [from, to] = (stops.get(event.session) ?? []).slice(event.conn - 2);
    return { ...event, claims: claims(from === to, event) };
  });

describe('any-instance', () => {
  it('tells in which words who was refused as unknown, each once, and blames them', () => {
    const told = refusing({
      1: { status: 404 },
      2: { status: 404, reason: 'unknown session' },
      3: { reason: 'session not found' },
      5: { status: 410 },
    });
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'sessions 1, 2, 3 and 5 were refused as unknown (404, 404 unknown session, session not found and 410) on another instance than they had left, with a token that is good',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 7, losing: 0, losingAtTheSame: 0 },
      shows:
        'open@100.01 s1, connect@1258.5 s1, refused@1259.5 s1, open@1333.51 s1, connect@1758.5 s1, refused@1759.5 s1, open@101.01 s2, connect@1758.5 s2, refused@1759.5 s2',
      blames: 'session 1, session 2, session 3, session 5',
    });
    expect(whole(refusing({ 2: { status: 404 } }), id)).toEqual({
      is: 'fail',
      says: 'session 2 was refused as unknown (404) on another instance than it had left, with a token that is good',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 1, losing: 0, losingAtTheSame: 0 },
      shows: 'open@101.01 s2, connect@1758.5 s2, refused@1759.5 s2',
      blames: 'session 2',
    });
  });

  it('says how many messages never came only to who came elsewhere, and blames those', () => {
    expect(whole(own, id)).toEqual({
      is: 'fail',
      says: 'sessions 21, 23, 33 and 35 came back on another instance than they had left, and 2 messages never came; the 10 returns to the instance that was left missed nothing',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 4, losingAtTheSame: 0 },
      shows:
        'open@120.01 s21, open@1258.51 s21, ack@1250.1 s22 22.4, open@122.01 s23, open@1258.51 s23, open@132.01 s33, open@1258.51 s33, ack@1226.1 s34 34.4',
      blames: 'message 22.4, message 34.4',
    });
  });

  it('owes nothing that was missed where the contract lets messages be missed', () => {
    expect(whole(under(own, atMostOnce()), id)).toEqual({
      is: 'pass',
      says: '60 times a session came back on another instance, and went on there',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 0, losingAtTheSame: 0 },
      shows: '',
      blames: '',
    });
  });

  it('fails when only who comes elsewhere has to begin anew', () => {
    expect(
      whole(
        claiming((isSame) => (isSame ? 'resumed' : 'fresh')),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'sessions 1, 2, 3 and 37 more came back on another instance than they had left, and had to begin anew; the 10 returns to the instance that was left missed nothing',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 60, losingAtTheSame: 0 },
      shows: 'open@100.01 s1, open@1258.51 s1, open@1758.51 s1, open@101.01 s2, open@1758.51 s2',
      blames: expect.stringMatching(/^session 1, (session \d+, ){38}session 40$/) as string,
    });
  });

  it('is no matter of instances when some who came back to their own have to begin anew as well', () => {
    const told = claiming((isSame, { session }) => (isSame && session !== '4' ? 'resumed' : 'fresh'));
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: 'sessions 1, 2, 3 and 37 more came back on another instance than they had left, and lost something; but so did some that came back to the one that they had left',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 60, losingAtTheSame: 1 },
      shows: 'open@100.01 s1, open@1258.51 s1, open@1758.51 s1, open@101.01 s2, open@1758.51 s2',
      blames: expect.stringMatching(/^session 1, (session \d+, ){38}session 40$/) as string,
    });
  });

  it('takes a fresh start for nothing where the target never says anything else', () => {
    expect(
      whole(
        claiming(() => 'fresh'),
        id,
      ),
    ).toEqual({
      is: 'pass',
      says: '60 times a session came back on another instance, and went on there',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 0, losingAtTheSame: 0 },
      shows: '',
      blames: '',
    });
  });

  it('is unknown when too few came back to their own to compare', () => {
    const told = claiming((isSame) => (isSame ? 'resumed' : 'fresh'));
    const few = without(
      told,
      (event) =>
        (event.kind === 'ready' || event.kind === 'open') &&
        event.t < right.at.disrupt &&
        event.conn === 2 &&
        Number(event.session) > 4,
    );
    expect(whole(few, id)).toEqual({
      is: 'unknown',
      says: 'sessions 1, 2, 3 and 37 more came back on another instance than they had left, and lost something; too few came back to the one that they had left to compare',
      figures: { toAnother: 60, toTheSame: 1, refusedAsUnknown: 0, losing: 60, losingAtTheSame: 0 },
      shows: 'open@100.01 s1, open@1258.51 s1, open@1758.51 s1, open@101.01 s2, open@1758.51 s2',
      blames: expect.stringMatching(/^session 1, (session \d+, ){38}session 40$/) as string,
    });
  });

  describe('compares with those who came back to their own', () => {
    /** Nothing is acknowledged while the first are away, who come back to where they were: they are owed nothing. */
    const unowed = (told: Told) => without(told, ({ kind, t }) => kind === 'ack' && t > 590 && t < 830);
    const elsewhere = (same: EventOf<'ready'>['claims']) =>
      unowed(
        claiming((isSame, { session }) => {
          if (isSame) return same;
          return session === '40' ? 'resumed' : 'fresh';
        }),
      );

    it('only where those were owed something, or were told whether they go on', () => {
      expect(whole(elsewhere('unstated'), id)).toMatchObject({ is: 'unknown', figures: { toTheSame: 10 } });
      expect(whole(elsewhere('resumed'), id).says).toMatch(
        /; the 10 returns to the instance that was left missed nothing$/,
      );
    });

    it('also where they were told to begin anew, and nobody was told anything else', () => {
      const fresh = (told: Told) => claiming((isSame) => (isSame ? 'fresh' : 'unstated'), told);
      expect(whole(fresh(unowed(own)), id)).toMatchObject({ is: 'fail' });
      expect(whole(unowed(own), id)).toMatchObject({ is: 'unknown' });
    });
  });

  it('passes where all went on', () => {
    expect(whole(right, id)).toEqual({
      is: 'pass',
      says: '60 times a session came back on another instance, and went on there',
      figures: { toAnother: 60, toTheSame: 10, refusedAsUnknown: 0, losing: 0, losingAtTheSame: 0 },
      shows: '',
      blames: '',
    });
  });
});
