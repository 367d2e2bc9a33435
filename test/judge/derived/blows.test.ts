import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { blowsOf, readyAfter } from '../../../src/judge/derived/blows.js';
import { timeline } from '../../../src/judge/facts/timeline.js';
import { restarts, step, telling, type Telling } from './telling.js';

const viewOf = (...events: readonly Telling[]) => telling({}, ...events).facts(timeline);

function blowsIn(...events: readonly Telling[]) {
  const view = viewOf(...events);
  return view.disruptions.flatMap(blowsOf).map((blow) => ({ ...blow, readyAt: readyAfter(view, blow) }));
}

const shortly = (...events: readonly Telling[]) =>
  blowsIn(...events).map(({ instances, beginAt, struckAt, nextAt, readyAt }) => [
    ...[instances.join('+'), beginAt, struckAt, nextAt, readyAt],
  ]);

const one = { replica: 0, instance: 'a' };
const other = { replica: 1, instance: 'b' };

describe('what a disruption struck together', () => {
  it('is nothing where nothing was done to the target', () => {
    expect(blowsIn(step(99, 'begin'), step(200, 'end'))).toEqual([]);
  });

  it('is everything, where replicas go down before others are up again', () => {
    expect(shortly(restarts(99, 200, other), restarts(199, 300, one))).toEqual([
      ['b+a', 99, 100, Infinity, 300],
    ]);
    expect(shortly(step(99, 'begin', one), restarts(50, 200, other))).toEqual([
      ['b+a', 50, 51, Infinity, null],
    ]);
  });

  it('is each by itself, where one begins when those before it are ready or have failed', () => {
    expect(shortly(restarts(99, 200, one), restarts(200, 300, other))).toEqual([
      ['a', 99, 100, 200, 200],
      ['b', 200, 201, Infinity, 300],
    ]);
    const failed = step(150, 'failed', one);
    expect(shortly(restarts(99, null, one), failed, restarts(200, 300, other))).toEqual([
      ['a', 99, 100, 200, null],
      ['b', 200, 201, Infinity, 300],
    ]);
  });

  it('is a group of those that overlap, and the next group when all of that are over', () => {
    const third = { replica: 2, instance: 'c' };
    const groups = shortly(restarts(99, 200, one), restarts(150, 400, other), restarts(300, 500, third));
    expect(groups).toEqual([['a+b+c', 99, 100, Infinity, 500]]);
    const apart = shortly(restarts(150, 250, other), restarts(300, 500, third), restarts(99, 200, one));
    expect(apart).toEqual([
      ['a+b', 99, 100, 300, 250],
      ['c', 300, 301, Infinity, 500],
    ]);
  });

  it('goes by when they began, in whatever order the history tells of them', () => {
    const { header, ...rest } = { header: telling({}).header, late: restarts(300, 400, other) };
    const view = timeline.start(header);
    for (const event of [...rest.late, ...restarts(99, 200, one)]) view.see(event);
    const blows = view.view.disruptions.flatMap(blowsOf);
    expect(blows.map(({ instances, nextAt }) => [instances.join(), nextAt])).toEqual([
      ['a', 300],
      ['b', Infinity],
    ]);
  });

  it('struck with the first signal of a group, or with its begin where none is told', () => {
    const unsignalled: Event[] = [step(97, 'begin', other), step(200, 'ready', other)];
    expect(shortly(restarts(99, 200, one), unsignalled, restarts(300, 400, { replica: 2 }))).toMatchObject([
      ['b+a', 97, 97, 300, 200],
      [expect.anything(), 300, 301, Infinity, 400],
    ]);
    const quick = [step(97, 'begin', one), step(105, 'signal', one), step(200, 'ready', one)];
    const quicker = [step(98, 'begin', other), step(101, 'signal', other), step(200, 'ready', other)];
    expect(shortly(quick, quicker, restarts(300, 400, { replica: 2 }))[0]?.slice(1, 3)).toEqual([97, 101]);
  });

  it('is all of it at once, from its first signal on, where there is one group', () => {
    const quick = [step(97, 'begin', one), step(105, 'signal', one), step(200, 'ready', one)];
    const quicker = [step(98, 'begin', other), step(101, 'signal', other), step(200, 'ready', other)];
    expect(shortly(quick, quicker)).toEqual([['a+b', 97, 101, Infinity, 200]]);
  });
});

describe('a disruption of which little is told', () => {
  it('struck with its first signal, whatever was never signalled', () => {
    const signalled = [step(98, 'begin', other), step(101, 'signal', other), step(200, 'ready', other)];
    expect(shortly(step(97, 'begin', one), signalled)).toEqual([['a+b', 97, 101, Infinity, null]]);
  });

  it('may be but a signal: nobody knows when all is well again', () => {
    const { service: _, ...signal } = step(100, 'signal');
    expect(shortly(signal)).toEqual([['', 100, 100, Infinity, null]]);
  });
});

describe('one from the reserve that is sent back', () => {
  const spare = (...steps: Parameters<typeof step>[]) =>
    steps.map(([t, its, more]) => step(t, its, { replica: 2, ...more }));

  it('strikes the sessions that were on it', () => {
    const back = spare([120, 'started'], [130, 'ready', { instance: 's' }], [250, 'signal']);
    expect(shortly(restarts(100, 200, one), back)).toEqual([
      ['a', 100, 101, 250, 200],
      ['s', 250, 250, Infinity, 250],
    ]);
    const [, found] = blowsIn(restarts(100, 200, one), back);
    expect(found?.restarts).toEqual([]);
  });

  it('strikes nobody where it stays, and those of an unknown instance where its door never told', () => {
    const stays = spare([120, 'started'], [130, 'ready', { instance: 's' }]);
    expect(shortly(restarts(100, 200, one), stays)).toEqual([['a', 100, 101, Infinity, 200]]);
    const untold = spare([120, 'started'], [250, 'signal']);
    expect(blowsIn(restarts(100, 200, one), untold)[1]?.instances).toEqual([undefined]);
  });

  it('takes its turn between the replicas', () => {
    const early = spare([110, 'started'], [130, 'ready', { instance: 's' }], [250, 'signal']);
    const last = restarts(300, 400, { replica: 3, instance: 'd' });
    const all = shortly(restarts(100, 200, one), early, last);
    expect(all.map(([name, , , nextAt]) => [name, nextAt])).toEqual([
      ['a', 250],
      ['s', 300],
      ['d', Infinity],
    ]);
  });
});

describe('what was struck is ready again', () => {
  it('when all of it is', () => {
    const [found] = blowsIn(restarts(99, 200, one), restarts(99, 300, other));
    expect(found?.readyAt).toBe(300);
    const [unready] = blowsIn(restarts(99, 200, one), restarts(99, null, other));
    expect(unready?.readyAt).toBeNull();
  });
});
