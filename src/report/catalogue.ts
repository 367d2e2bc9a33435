import { checks } from '../judge/index.js';
import type { Check } from '../judge/port.js';

/** What there is to say of a check, without how it judges. */
export type Described = Pick<Check, 'id' | 'test' | 'needs' | 'about'>;

/**
 * All checks, described. Plain data: where the program is bundled it stands there as it was when that was built, so that an
 * explanation is shown without loading what judges.
 */
export const catalogue: readonly Described[] = checks.map(({ id, test, needs, about }) => {
  return { id, test, needs, about };
});
