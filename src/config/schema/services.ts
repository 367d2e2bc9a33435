import { z } from 'zod';
import type { ServiceDescription } from '../../observe/target/index.js';
import { address, duration, expected, flag, keys, known, listOf, text, texts } from './parts.js';

const words = "a command such as 'node server.js', or a list of its words";
const command = z.union(
  [text(words), listOf(text('a word'), words).min(1, expected(words))],
  expected(words),
);

const ready = address(
  "where it says that it is ready, such as 'http://127.0.0.1:8000/health' or 'tcp://127.0.0.1:5432'",
  ['http:', 'https:', 'tcp:'],
);

const launched = keys('launch({ … })', {
  kind: z.literal('launch'),
  command,
  shell: flag().optional(),
  cwd: text('a folder').optional(),
  environment: texts('environment variables: { NAME: value }').optional(),
  ready,
  instance: text("a field of the ready answer, or 'header:NAME'").optional(),
  readyWithin: duration().optional(),
  grace: duration().optional(),
}).transform(({ readyWithin, grace, ...rest }): ServiceDescription => ({
  ...rest,
  ...known({ readyWithinMs: readyWithin, graceMs: grace }),
}));

const attached = keys('attach({ … })', {
  kind: z.literal('attach'),
  ready,
  instance: text("a field of the ready answer, or 'header:NAME'").optional(),
  commands: keys('commands: { restart }, or { stop, start }', {
    stop: command.optional(),
    start: command.optional(),
    restart: command.optional(),
  }).optional(),
  commandTimeout: duration().optional(),
  readyWithin: duration().optional(),
}).transform(({ readyWithin, commandTimeout, ...rest }): ServiceDescription => ({
  ...rest,
  ...known({ readyWithinMs: readyWithin, commandTimeoutMs: commandTimeout }),
}));

export const service = z.discriminatedUnion(
  'kind',
  [launched, attached],
  expected('launch({ … }) or attach({ … })'),
);

const named = 'services by name: { backend: launch({ … }) }';
export const services = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]*$/i, expected('names of letters, digits and dashes')),
    service,
    expected(named),
  )
  .refine((value) => Object.keys(value).length > 0, expected(`at least one of the ${named}`));
