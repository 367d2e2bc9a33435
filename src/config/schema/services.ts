import { z } from 'zod';
import type { ServiceDescription } from '../../observe/target/index.js';
import { manager } from './managers.js';
import { address, duration, expected, flag, keys, known, listOf, text, texts, wholeNumber } from './parts.js';

const words = "a command such as 'node server.js', or a list of its words";
const command = z.union(
  [text(words), listOf(text('a word'), words).min(1, expected(words))],
  expected(words),
);

const ready = address(
  "where it says that it is ready, such as 'http://127.0.0.1:8000/health' or 'tcp://127.0.0.1:5432'",
  ['http:', 'https:', 'tcp:'],
);

const named = "files by name, and where their templates are: { 'haproxy.cfg': './haproxy.cfg' }";
const files = z.record(
  z.string().regex(/^[a-z][a-z0-9_.-]*$/i, expected('names of letters, digits, dots and dashes')),
  text('where a template is'),
  expected(named),
);
const routesTo = listOf(
  text('the name of a service'),
  "names of services that connections are passed on to, such as ['backend']",
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
  replicas: wholeNumber(1, 100, 'how many replicas are started: a whole number from 1 to 100').optional(),
  spare: wholeNumber(
    0,
    100,
    'how many replicas are kept in reserve: a whole number from 0 to 100',
  ).optional(),
  files: files.optional(),
  routesTo: routesTo.optional(),
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
    kill: command.optional(),
    identity: command.optional(),
  }).optional(),
  manager: manager.optional(),
  startedBy: text('the name of the service that starts it').optional(),
  commandTimeout: duration().optional(),
  readyWithin: duration().optional(),
  routesTo: routesTo.optional(),
}).transform(({ readyWithin, commandTimeout, ...rest }): ServiceDescription => ({
  ...rest,
  ...known({ readyWithinMs: readyWithin, commandTimeoutMs: commandTimeout }),
}));

export const service = z.discriminatedUnion(
  'kind',
  [launched, attached],
  expected('launch({ … }) or attach({ … })'),
);

const byName = 'services by name: { backend: launch({ … }) }';
export const services = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]*$/i, expected('names of letters, digits and dashes')),
    service,
    expected(byName),
  )
  .refine((value) => Object.keys(value).length > 0, expected(`at least one of the ${byName}`));
