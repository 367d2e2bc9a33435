import { z } from 'zod';
import type { OneDisruption } from '../types.js';
import { duration, expected, flag, keys, known, wholeNumber } from './parts.js';

const surges = 'whether replicas in reserve are started first: true, false or how many';

/** `services`: the schema of what is disrupted. */
export const rolling = (services: z.ZodArray<z.ZodString>) =>
  keys("rolling('service', { … })", {
    kind: z.literal('rolling'),
    services,
    surge: z.union([flag(), wholeNumber(0, 100, surges)], expected(surges)).optional(),
    pause: duration().optional(),
    grace: duration().optional(),
  }).transform(({ surge, pause, grace, ...rest }): OneDisruption => ({
    ...rest,
    ...known({ graceMs: grace }),
    surge: Number(surge ?? 0),
    pauseMs: pause ?? 0,
  }));
