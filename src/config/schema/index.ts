import type { z } from 'zod';
import { testIds } from '../../history/events.js';
import { answers } from './answers.js';
import { client } from './clients/index.js';
import { expected, keys, listOf, oneOf } from './parts.js';
import { disruption } from './disruptions.js';
import { contract, workload } from './promises.js';
import { doors, log, records, whoAmI } from './readings.js';
import { services } from './services.js';
import { provision, users } from './users.js';

const target = keys('target: { services, users, client, … }', {
  services,
  users,
  provision: provision.optional(),
  client,
  records: records.default({}),
  whoAmI: whoAmI.optional(),
  log: log.optional(),
  answers: answers.optional(),
  doors: doors.default({}),
});

/** What a config file exports: checked, with its defaults, times in milliseconds. */
export const schema = keys('what defineConfig({ … }) gives', {
  target,
  contract: contract.prefault({ kind: 'exactly-once' }),
  workload: workload.prefault({}),
  disruption,
  only: listOf(oneOf(testIds), 'names of tests')
    .min(1, expected('at least one test'))
    .default([...testIds]),
});
export type Checked = z.output<typeof schema>;
