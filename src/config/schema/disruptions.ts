import { z } from 'zod';
import type { DisruptionDescription, OneDisruption } from '../types.js';
import { command, struck, watch } from './deploys.js';
import { network } from './network.js';
import { duration, expected, flag, keys, known, listOf } from './parts.js';
import { rolling } from './rolling.js';

const restart = keys("restart('service', { … })", {
  kind: z.literal('restart'),
  services: struck,
  grace: duration().optional(),
}).transform(({ grace, ...rest }): OneDisruption => ({ ...rest, ...known({ graceMs: grace }) }));

const crash = keys("crash('service')", { kind: z.literal('crash'), services: struck });

const pause = keys("pause('service', { for: '3s' })", {
  kind: z.literal('pause'),
  services: struck,
  for: duration().default(3_000),
}).transform(({ for: forMs, ...rest }): OneDisruption => ({ ...rest, forMs }));

const outage = keys("outage('service', { for: '5s' })", {
  kind: z.literal('outage'),
  services: struck,
  for: duration().default(5_000),
  grace: duration().optional(),
}).transform(({ for: forMs, grace, ...rest }): OneDisruption => ({
  ...{ ...rest, forMs },
  ...known({ graceMs: grace }),
}));

const dependency = keys("dependency('service', { crash })", {
  kind: z.literal('dependency'),
  services: struck,
  crash: flag().optional(),
  grace: duration().optional(),
}).transform(({ crash: isCrash, grace, ...rest }): OneDisruption => ({
  ...rest,
  ...known({ crash: isCrash, graceMs: grace }),
}));

/** Each is made by the factory of its name. */
const kinds = [restart, crash, rolling(struck), pause, outage, dependency, network, command, watch] as const;
const one = "restart('service'), crash('service') or another disruption";

const sequence = keys('sequence([ … ], { pause })', {
  kind: z.literal('sequence'),
  disruptions: listOf(
    z.discriminatedUnion('kind', kinds, expected(`a disruption: ${one}`)),
    'a list of disruptions',
  ).min(1, expected('at least one disruption')),
  pause: duration().optional(),
}).transform(({ pause: between, ...rest }): DisruptionDescription => ({
  ...rest,
  ...known({ pauseMs: between }),
}));

export const disruption = z.discriminatedUnion(
  'kind',
  [...kinds, sequence],
  expected(`what is done to the target: ${one}, or several: sequence([ … ])`),
);
