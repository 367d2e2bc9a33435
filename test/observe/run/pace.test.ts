import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/observe/run/pace.js';

describe('how often a door is knocked at', () => {
  const board = { struck: true, steps: 0 };
  const told = (...answered: boolean[]) => {
    const pace = new Pace(board);
    return answered.map((one) => pace.after(one));
  };

  it('is less and less while it answers and nothing is done to the target', () => {
    expect(told(true, true, true, true, true)).toEqual([100, 200, 400, 400, 400]);
  });

  it('is as often as can be while it does not answer', () => {
    expect(told(true, true, false, false, true)).toEqual([100, 200, 50, 50, 100]);
  });

  it('is as often as can be again after each step of a disruption', () => {
    const steps = { ...board };
    const pace = new Pace(steps);
    expect([pace.after(true), pace.after(true)]).toEqual([100, 200]);
    steps.steps += 1;
    expect([pace.after(true), pace.after(true)]).toEqual([50, 100]);
  });

  it('is seldom before anything was done to the target', () => {
    expect(new Pace({ struck: false, steps: 1 }).after(true)).toBe(250);
  });
});
