import { z } from 'zod';
import type { OneDisruption } from '../types.js';
import { duration, expected, keys, known, listOf, text } from './parts.js';

/** The services that a disruption names. */
export const struck = listOf(text('the name of a service'), 'names of services').min(
  1,
  expected('at least one service'),
);

const words = "a command such as './deploy.sh', or a list of its words";

export const command = keys("command('./deploy.sh', { … })", {
  kind: z.literal('command'),
  command: z.union([text(words), listOf(text('a word'), words).min(1, expected(words))], expected(words)),
  services: struck.optional(),
  cwd: text('a folder').optional(),
  timeout: duration().default(300_000),
  ready: duration().optional(),
}).transform(({ timeout: timeoutMs, ready, ...rest }): OneDisruption => ({
  ...{ ...rest, timeoutMs },
  ...known({ readyWithinMs: ready }),
}));

export const watch = keys("watch({ for: '10m' })", {
  kind: z.literal('watch'),
  services: struck.optional(),
  for: duration().default(600_000),
}).transform(({ for: forMs, ...rest }): OneDisruption => ({ ...rest, forMs }));
