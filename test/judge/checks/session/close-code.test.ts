import { describe, expect, it } from 'vitest';
import type { EventOf, Facet } from '../../../../src/history/events.js';
import { changing, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right } from '../../stories.js';

const id = 'close-code';

type Close = EventOf<'close'>;
/** The goodbyes of the restart, each exchanged for this; without `code`, none was said. */
const closing = (by: (close: Close) => Partial<Close>) =>
  changing(right, (event) => {
    if (event.kind !== 'close' || event.code !== 1012) return event;
    const { code: _code, ...close } = event;
    return { ...close, ...by(event) };
  });
const lacking = (facet: Facet): Told => {
  const { header, events } = closing(() => ({ code: 1000 }));
  const disruptions = header.plan.disruptions.map((one) => ({ ...one, lacks: { [facet]: 'not this one' } }));
  return { header: { ...header, plan: { ...header.plan, disruptions } }, events };
};

describe('close-code', () => {
  it('names each wrong goodbye once, and shows four of those whom it met', () => {
    expect(
      whole(
        closing(({ session }) => (session === '1' ? { by: 'network' } : { code: 1000 })),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: 'The connections of sessions 1, 2, 4 and 3 more were closed with no close frame and 1000 instead of 1001 or 1012',
      figures: { closes: 6, wrong: 6 },
      shows: 'close@1306 s1, close@1306.1 s2, close@1306.3 s4, close@1306.4 s6',
      blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
    });
  });

  it('names each right goodbye once', () => {
    expect(
      whole(
        closing(({ session }) => ({ code: session === '1' ? 1001 : 1012 })),
        id,
      ),
    ).toEqual({
      is: 'pass',
      says: '6 connections closed with 1001 and 1012',
      figures: { closes: 6, wrong: 0 },
      shows: 'close@1306 s1, close@1306.1 s2',
      blames: '',
    });
  });

  it('counts only goodbyes with a code as said, where some have none and the service itself ended them', () => {
    expect(
      whole(
        closing(({ session }) => (session === '1' ? { by: 'target' } : { code: 1012 })),
        id,
      ),
    ).toEqual({
      is: 'pass',
      says: '5 connections closed with 1012',
      figures: { closes: 6, wrong: 0 },
      shows: 'close@1306 s1, close@1306.1 s2',
      blames: '',
    });
  });

  it('passes where the service itself ended all connections, in a protocol without codes', () => {
    expect(
      whole(
        closing(() => ({ by: 'target' })),
        id,
      ),
    ).toEqual({
      is: 'pass',
      says: '6 connections closed by the service itself, in a protocol that has no codes for it',
      figures: { closes: 6, wrong: 0 },
      shows: 'close@1306 s1, close@1306.1 s2',
      blames: '',
    });
  });

  it('is unknown where it is not told of some who ended them', () => {
    expect(
      whole(
        closing(({ session }) => ({ by: session === '1' ? 'unknown' : 'target' })),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: '1 connection ended, and the client told neither a code nor that the service ended it',
      figures: { closes: 6, wrong: 0 },
      shows: '',
      blames: '',
    });
    expect(
      whole(
        closing(({ session }) => ({ by: session < '3' ? 'unknown' : 'target' })),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: '2 connections ended, and the client told neither a code nor that the service ended them',
      figures: { closes: 6, wrong: 0 },
      shows: '',
      blames: '',
    });
  });

  it.each(['graceful', 'loss'] as const)('judges no disruption that lacks %s', (facet) => {
    expect(whole(lacking(facet), id)).toMatchObject({
      is: 'unknown',
      says: 'No connection was closed by the restart',
      figures: { closes: 0, wrong: 0 },
    });
    expect(whole(lacking('log'), id)).toMatchObject({ is: 'fail', figures: { closes: 6, wrong: 6 } });
  });
});
