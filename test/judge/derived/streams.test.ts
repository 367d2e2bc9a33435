import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { idleFinding, streamedOf, wasUnderWay } from '../../../src/judge/derived/streams.js';
import { restarts, step, telling, type Setting, type Telling } from './telling.js';

type Step = EventOf<'stream'>;
const its = { session: '1', stream: 'a1' } as const;
const stream = (t: number, what: Step['step'], more: Partial<Step> = {}): Step => ({
  ...{ t, ...its, kind: 'stream', step: what },
  ...more,
});
const part = (t: number, attempt = 1): Event => ({
  ...{ t, ...its, kind: 'part', attempt, index: 0, units: 1, sketch: 'aa' },
});
const asked = [stream(10, 'ask', { purpose: 'restart' }), stream(11, 'asked')];
const lost = (t: number, attempt = 1) => stream(t, 'lost', { attempt });
const down = restarts(99, 200);

/** Of each answer: was it under way, and of each that struck it: was its reader lost, and did it go on? */
const found = (...events: readonly Telling[]) =>
  streamedOf(telling({}, down, ...events)).map((one) => [
    ...[wasUnderWay(one), one.interruptions.some(({ wasLost }) => wasLost)],
    one.interruptions.some(({ wentOn }) => wentOn),
  ]);

describe('an answer over the restart', () => {
  it('was under way where parts of it came before that struck, and it was not over', () => {
    expect(found(asked, part(50))).toEqual([[true, false, false]]);
    expect(found(asked, part(99))).toEqual([[true, false, false]]);
    expect(found(asked, part(100))).toEqual([[false, false, false]]);
    expect(found(asked)).toEqual([[false, false, false]]);
    expect(found(asked, part(50), stream(101, 'end'))).toEqual([[true, false, false]]);
    expect(found(asked, part(50), stream(100, 'end'))).toEqual([[false, false, false]]);
    expect(found(asked, part(50), part(101))).toEqual([[true, false, false]]);
  });

  it('was under way at any of the disruptions that struck', () => {
    const second = restarts(499, 600, { disruption: 1 });
    expect(found(second, asked, part(300))).toEqual([[true, false, false]]);
    const nothing = step(499, 'begin', { disruption: 1 });
    expect(streamedOf(telling({}, nothing, asked, part(300))).map(wasUnderWay)).toEqual([false]);
  });

  it('may be struck by several, and goes on after the one and not after the other', () => {
    const second = restarts(499, 600, { disruption: 1 });
    const [answer] = streamedOf(
      telling({}, down, second, asked, part(50), lost(105), part(300, 2), lost(505, 2)),
    );
    expect(answer?.interruptions).toMatchObject([
      { disruption: { index: 0 }, wasLost: true, wentOn: true },
      { disruption: { index: 1 }, wasLost: true, wentOn: false },
    ]);
  });

  it('was interrupted where its reader lost the connection since, or was refused another', () => {
    expect(found(asked, part(50), lost(100))).toEqual([[true, true, false]]);
    expect(found(asked, part(50), lost(99))).toEqual([[true, false, false]]);
    expect(found(asked, part(50), stream(120, 'refused', { attempt: 2 }))).toEqual([[true, true, false]]);
    expect(found(asked, part(50), stream(120, 'connect', { attempt: 2 }))).toEqual([[true, false, false]]);
    expect(found(asked, lost(120))).toEqual([[false, false, false]]);
  });

  it('went on where parts came on a connection after that', () => {
    expect(found(asked, part(50), lost(105), part(300, 2))).toEqual([[true, true, true]]);
    expect(found(asked, part(50), lost(105), part(106))).toEqual([[true, true, false]]);
    expect(found(asked, part(50), part(300, 2))).toEqual([[true, false, false]]);
    expect(found(asked, part(50), stream(105, 'lost'), part(300, 2))).toEqual([[true, true, false]]);
  });

  it('is told with where its parts stand, as far as that is known', () => {
    const stored: Event = { t: 900, ...its, kind: 'stored-answer', at: 'after', units: 1, sketch: 'aa' };
    const [answer] = streamedOf(telling({}, down, asked, part(50), stored));
    expect(answer?.placement).toEqual({ faults: [], reached: 1 });
    expect(streamedOf(telling({}, down, asked, part(50)))[0]?.placement).toBeNull();
  });

  it('is none that was to be cancelled, or whose question was not taken', () => {
    expect(found(stream(10, 'ask', { purpose: 'cancel' }), stream(11, 'asked'), part(50))).toEqual([]);
    expect(found(stream(10, 'ask', { purpose: 'control' }), stream(11, 'asked'), part(50))).toHaveLength(1);
    expect(found(asked.slice(0, 1), part(50))).toEqual([]);
  });
});

describe('why no answer was under way', () => {
  const idle = (setting: Setting, ...events: readonly Telling[]) => {
    const context = telling(setting, down, ...events);
    return idleFinding(context, streamedOf(context), { underWay: 0 });
  };
  const why = (...events: readonly Telling[]) =>
    idle({}, ...events)?.summary.replace('No answer was under way when the service was struck: ', '');
  const refused = (streamOf: string, reason?: string): readonly Event[] =>
    [
      stream(10, 'ask', { purpose: 'restart' }),
      stream(12, 'refused', { attempt: 1, ...(reason === undefined ? {} : { reason }) }),
    ].map((event) => ({ ...event, stream: streamOf }));

  it('is that nothing was asked, or that no question was taken', () => {
    expect(why()).toBe('nothing was asked');
    expect(idle({})).toMatchObject({ outcome: 'unknown', figures: { underWay: 0 }, blames: [] });
    expect(why(refused('a1', 'quota'), refused('a2', 'other'))).toBe('no question was taken: quota');
  });

  it('is that those which were taken were over, or had not begun', () => {
    const over = [asked, part(50), stream(80, 'end')];
    expect(why(over)).toMatch(/^those that were asked for were over before it/);
    expect(why(asked)).toBe('none of those that were asked for had begun');
    expect(why(refused('a2', 'quota'), over)).toMatch(/^those that were asked for were over/);
    expect(why(refused('a2'))).toBe('none of those that were asked for had begun');
    const control = [stream(10, 'ask', { purpose: 'control' }), stream(11, 'asked'), stream(80, 'end')];
    expect(why(control)).toBe('none of those that were asked for had begun');
  });

  it('is asked of each disruption that struck', () => {
    const second = restarts(499, 600, { disruption: 1 });
    expect(idle({}, asked, part(50))).toBeNull();
    expect(idle({}, second, asked, part(50))).toBeNull();
    expect(idle({}, second, asked, part(50), stream(300, 'end'))).toMatchObject({
      outcome: 'unknown',
      summary: 'No answer was under way when disruption 2 of 2 struck',
      figures: { underWay: 0 },
      blames: [{ subject: 'disruption', id: '1' }],
    });
    expect(idle({}, step(499, 'begin', { disruption: 1 }), asked, part(50), stream(300, 'end'))).toBeNull();
  });

  it('is not asked of those that show nothing of answers', () => {
    const second = restarts(499, 600, { disruption: 1 });
    const planned = { type: 'restart', services: ['backend'], holdsConnections: true };
    const disruptions = [planned, { ...planned, lacks: { streams: 'not over this' } }];
    expect(idle({ disruptions }, second, asked, part(50), stream(300, 'end'))).toBeNull();
  });
});
