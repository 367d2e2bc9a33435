import { OutlastError } from '../../base/errors.js';
import type { Power } from '../target/index.js';

const inWords: Readonly<Record<Power, string>> = {
  signal: 'signal (we launch it)',
  kill: 'kill (a command)',
  restart: 'restart (a command)',
  'stop-start': 'stop and start (two commands)',
};

/** The error for a disruption that is not in our power. */
export function missing(
  type: string,
  needs: readonly Power[],
  service: string,
  there: ReadonlySet<Power>,
): OutlastError {
  const needed = needs.map((power) => inWords[power]).join(' or ');
  const powers = there.size === 0 ? 'none' : [...there].map((power) => inWords[power]).join(', ');
  return new OutlastError(
    'POWER_MISSING',
    `expected, for a ${type}, one of these powers over the service ${service}: ${needed}; there is ${powers}`,
  );
}
