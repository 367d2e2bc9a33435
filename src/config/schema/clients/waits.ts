import { type Backoff, defaultBackoff } from '../../../base/backoff.js';
import { duration, keys, known } from '../parts.js';

/** The waits of a client that we reconnect. */
export const waits = keys('{ first, max }', {
  first: duration().optional(),
  max: duration().optional(),
}).transform(({ first, max }): Backoff => ({
  ...defaultBackoff,
  ...known({ firstMs: first, maxMs: max }),
}));
