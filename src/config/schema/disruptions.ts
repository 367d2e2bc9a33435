import { z } from 'zod';
import type { DisruptionDescription, OneDisruption } from '../types.js';
import { rolling } from './rolling.js';
import { duration, expected, keys, known, listOf, text } from './parts.js';

const struck = listOf(text('the name of a service'), 'names of services').min(
  1,
  expected('at least one service'),
);

const restart = keys("restart('service', { … })", {
  kind: z.literal('restart'),
  services: struck,
  grace: duration().optional(),
}).transform(({ grace, ...rest }): OneDisruption => ({ ...rest, ...known({ graceMs: grace }) }));

const crash = keys("crash('service')", { kind: z.literal('crash'), services: struck });

/** Each is made by the factory of its name. */
const kinds = [restart, crash, rolling(struck)] as const;
const one = "restart('service'), crash('service') or rolling('service')";

const sequence = keys('sequence([ … ], { pause })', {
  kind: z.literal('sequence'),
  disruptions: listOf(
    z.discriminatedUnion('kind', kinds, expected(`a disruption: ${one}`)),
    'a list of disruptions',
  ).min(1, expected('at least one disruption')),
  pause: duration().optional(),
}).transform(({ pause, ...rest }): DisruptionDescription => ({ ...rest, ...known({ pauseMs: pause }) }));

export const disruption = z.discriminatedUnion(
  'kind',
  [...kinds, sequence],
  expected(`what is done to the target: ${one}, or several: sequence([ … ])`),
);
