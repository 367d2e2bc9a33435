import type { Check } from '../port.js';
import { connectionWasLost } from './reconnect/connection-was-lost.js';
import { reconnected } from './reconnect/reconnected.js';

/** The catalogue, in the order of the six tests. */
export const checks: readonly Check[] = [connectionWasLost, reconnected];
