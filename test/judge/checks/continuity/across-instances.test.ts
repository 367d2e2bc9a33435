import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import { Rollout, type Plot } from '../../rollout.js';
import { deaf, strange, three } from '../../rollouts.js';
import { rollout as right } from '../../stories.js';
import { changing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'across-instances';

/** Messages are refused while old and new run side by side. */
const refusing: Plot['takes'] = (at, all) =>
  at.generation === 0 || all.every(({ isReady, generation }) => !isReady || generation > 0);
const refused = new Rollout({ replicas: 3, pauseMs: 500, takes: refusing });
/** A few messages do not reach some of those on another instance, or on the same. */
function missing(told: Rollout, wanted: number, isSame: boolean): Told {
  const on = new Map<string, string | undefined>();
  const senders = new Map<string, string>();
  const gone = new Set<Event>();
  for (const event of told.events) {
    if (event.kind === 'open') on.set(event.session, event.instance);
    if (event.kind === 'send') senders.set(event.message, event.session);
    if (event.kind !== 'receive' || event.t > 1_000 || event.t < 850 || gone.size === wanted) continue;
    const sender = senders.get(event.message ?? '') ?? '';
    if ((on.get(sender) === on.get(event.session)) === isSame) gone.add(event);
  }
  return without(told, (event) => gone.has(event));
}

describe('across-instances', () => {
  it('shows what did not pass, from where to whom, and blames the messages and their readers', () => {
    const { blames, ...found } = whole(deaf, id);
    expect(found).toEqual({
      is: 'fail',
      says: '69 messages did not pass between instances: what session 2 said on backend.2 did not reach sessions 1 and 3 on backend.1; missing 69 of 69 times across instances, 0 of 213 times within one',
      figures: {
        within: 213,
        across: 69,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 69,
        refusedSideBySide: 0,
      },
      shows:
        'send@410 s2 2.1, ack@410.1 s2 2.1, send@418 s11 11.1, ack@418.1 s11 11.1, send@426 s21 21.1, ack@426.1 s21 21.1',
    });
    expect(blames).toMatch(/^message \d+\.\d+, .*, session \d+, .*session \d+$/);
  });

  it('says that it lies between versions only where it does not between instances of one', () => {
    const { blames: _, ...found } = whole(strange, id);
    expect(found).toEqual({
      is: 'fail',
      says: '63 messages did not pass between instances from before their restart and from after it: what session 39 said on backend.3 did not reach sessions 37 and 38 on backend.1 (restarted); missing 63 of 486 times across instances, 0 of 254 times within one',
      figures: {
        within: 254,
        across: 486,
        acrossVersions: 63,
        missingWithin: 0,
        missingAcross: 63,
        refusedSideBySide: 0,
      },
      shows:
        'send@2362 s39 39.9, ack@2362.1 s39 39.9, send@2370 s9 9.9, ack@2370.1 s9 9.9, send@2378 s18 18.9, ack@2378.1 s18 18.9',
    });
  });

  it('does not lay it to versions where it lies between instances of one as well', () => {
    expect(whole(missing(strange, 3, false), id).says).toMatch(
      /^\d+ messages did not pass between instances: what /,
    );
  });

  it('says what was refused while old and new ran side by side, and blames messages and senders', () => {
    const { blames, ...found } = whole(refused, id);
    expect(found).toEqual({
      is: 'fail',
      says: '51 messages of sessions 1, 2, 5 and 14 more were refused while old and new instances ran side by side, and none before or after: "bad_frame: v2"',
      figures: {
        within: 212,
        across: 452,
        acrossVersions: 29,
        missingWithin: 0,
        missingAcross: 0,
        refusedSideBySide: 51,
      },
      shows: 'nack@2394.1 s37 37.9, nack@2418.1 s25 25.9, nack@2442.1 s13 13.9, nack@2458.1 s31 31.9',
    });
    expect(blames).toMatch(/^message \d+\.\d+, .*, session \d+, .*session \d+$/);
  });

  it('does not lay it to versions when one was refused otherwise', () => {
    const before = refused.events.find((event) => event.kind === 'ack' && event.t > 600);
    const told = changing(refused, (event): Event => {
      if (event !== before || event.kind !== 'ack') return event;
      const { t, session, message } = event;
      return { t, session, kind: 'nack', message, reason: 'busy' };
    });
    expect(whole(told, id)).toMatchObject({ is: 'pass' });
  });

  it('lays a few that did not pass to chance, and to no instance where some did not reach the own one either', () => {
    expect(whole(missing(right, 1, false), id)).toEqual({
      is: 'pass',
      says: '1 message did not pass between instances: too few to lay it to them, and not to chance',
      figures: {
        within: 213,
        across: 69,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 1,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
    expect(whole(missing(right, 6, false), id)).toEqual({
      is: 'pass',
      says: '3 messages did not pass between instances: too few to lay it to them, and not to chance',
      figures: {
        within: 213,
        across: 69,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 3,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
    expect(whole(missing(right, 1, true), id)).toMatchObject({
      is: 'pass',
      figures: { missingWithin: 1, missingAcross: 0 },
    });
    const both = missing({ ...right, events: missing(right, 2, false).events } as Rollout, 1, true);
    expect(whole(both, id)).toEqual({
      is: 'pass',
      says: '1 message did not pass between instances, but 1 did not reach the sender’s own either',
      figures: {
        within: 213,
        across: 69,
        acrossVersions: 0,
        missingWithin: 1,
        missingAcross: 1,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
  });

  it('counts what passed, and says whether an old and a new one had to hear each other', () => {
    expect(whole(right, id)).toEqual({
      is: 'pass',
      says: '69 times a message passed from one instance to readers on another; no session on an old instance had to hear one on a new one',
      figures: {
        within: 213,
        across: 69,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 0,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
    expect(whole(three, id)).toEqual({
      is: 'pass',
      says: '333 times a message passed from one instance to readers on another, 25 of them between an old and a new one',
      figures: {
        within: 183,
        across: 333,
        acrossVersions: 25,
        missingWithin: 0,
        missingAcross: 0,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
    const early = without(right, (event) => 'message' in event && event.t > right.at.disrupt);
    expect(whole(early, id)).toEqual({
      is: 'pass',
      says: '69 times a message passed from one instance to readers on another; no session on an old instance had to hear one on a new one',
      figures: {
        within: 54,
        across: 69,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 0,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: '',
    });
  });

  it('is unknown where nobody was on another instance, and blames who spoke', () => {
    const apart = new Rollout({
      sessions: 8,
      place: (instances) => instances.find(({ isReady }) => isReady),
    });
    expect(whole(apart, id)).toEqual({
      is: 'unknown',
      says: 'No two sessions of one room were on different instances',
      figures: {
        within: 193,
        across: 0,
        acrossVersions: 0,
        missingWithin: 0,
        missingAcross: 0,
        refusedSideBySide: 0,
      },
      shows: '',
      blames: 'session 2, session 3, session 5, session 6, session 7, session 1',
    });
  });
});
