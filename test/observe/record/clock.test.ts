import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createClock, wallClock, watchStalls } from '../../../src/observe/record/index.js';

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the clock of a history', () => {
  it('begins at the epoch that it names and never goes back', () => {
    const before = wallClock();
    const clock = createClock();
    expect(new Date(clock.epoch).toISOString()).toBe(clock.epoch);
    expect(Date.parse(clock.epoch)).toBeGreaterThanOrEqual(before);
    expect(clock.now()).toBeGreaterThanOrEqual(0);
    let last = 0;
    for (let look = 0; look < 10_000; look++) {
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });

  it('counts milliseconds', () => {
    const clock = createClock();
    const begin = clock.now();
    standStill(30);
    expect(clock.now() - begin).toBeGreaterThanOrEqual(29.9);
  });
});

describe('the watch for stalls', () => {
  it('tells how long this program stood still', async () => {
    const told = await new Promise<number>((resolve) => {
      const stop = watchStalls(createClock(), (ms) => {
        // Another stall, of a busy machine, may come first.
        if (ms < 190) return;
        stop();
        resolve(ms);
      });
      setTimeout(standStill, 50, 250);
    });
    expect(told).toBeGreaterThanOrEqual(190);
  });

  it('does not tell of less than it was asked for, nor after it was stopped', async () => {
    const told: number[] = [];
    const stop = watchStalls(createClock(), (ms) => told.push(ms), 100_000);
    standStill(120);
    await sleep(60);
    stop();
    const stopAtOnce = watchStalls(createClock(), (ms) => told.push(ms), 0);
    stopAtOnce();
    standStill(60);
    await sleep(60);
    expect(told).toEqual([]);
  });
});
