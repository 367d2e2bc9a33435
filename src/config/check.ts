import { OutlastError } from '../base/errors.js';
import { crosswiseProblems } from './crosswise.js';
import { lineOf, type Problem } from './problems.js';
import { schema, type Checked } from './schema/index.js';
import type {
  AnswersDescription,
  ClientDescription,
  Config,
  ProvisionDescription,
  TargetConfig,
  UserNaming,
} from './types.js';

/**
 * What a config file exports, checked and completed. Touches nothing. Throws `CONFIG_INVALID` with every problem in its
 * details, a line each.
 */
export function checkConfig(input: unknown, file?: string): Config {
  const result = schema.safeParse(input);
  const problems: Problem[] = [...(result.error?.issues ?? []), ...crosswiseProblems(input)];
  if (!result.success || problems.length > 0) throw invalid(problems, input, file);
  return { ...(file !== undefined && { file }), ...result.data, target: completed(result.data.target) };
}

function invalid(problems: readonly Problem[], input: unknown, file: string | undefined): OutlastError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const where = file === undefined ? 'the config' : file;
  return new OutlastError('CONFIG_INVALID', `expected a config that can be run; ${where} has ${count}:`, {
    details: problems.map((problem) => lineOf(problem, input)),
  });
}

/** Puts paths behind the client's host, and has users named where nobody makes them. */
function completed(target: Checked['target']): TargetConfig {
  const host = hostOf(target.client);
  const absolute = (url: string) => (url.startsWith('/') ? host + url : url);
  const atHost = <Source extends { readonly url: string }>(source: Source): Source => ({
    ...source,
    url: absolute(source.url),
  });
  const { whoAmI, log, answers } = target;
  return {
    ...target,
    provision: provisionOf(target),
    records: mapValues(target.records, atHost),
    doors: mapValues(target.doors, atHost),
    ...(whoAmI && { whoAmI: atHost(whoAmI) }),
    ...(answers && { answers: answersAt(answers, absolute) }),
    ...(log && { log: { ...log, url: (room, after) => absolute(log.url(room, after)) } }),
  };
}

/** Addresses that functions give may be paths as well. */
function answersAt(answers: AnswersDescription, absolute: (url: string) => string): AnswersDescription {
  const { stream, stored, cancel } = answers;
  const place = (made: string | { readonly url: string; readonly method: string }) =>
    typeof made === 'string' ? absolute(made) : { ...made, url: absolute(made.url) };
  return {
    ...answers,
    url: absolute(answers.url),
    ...(stream && { stream: (answer) => absolute(stream(answer)) }),
    ...(stored && { stored: (id) => absolute(stored(id)) }),
    ...(cancel && { cancel: (id) => place(cancel(id)) }),
  };
}

/** Where paths are asked for: where sessions connect. */
const hostOf = ({ url }: ClientDescription): string =>
  url.replace(/^ws/, 'http').replace(/^(https?:\/\/[^/?#]+).*$/s, '$1');

/** Users that nobody makes are named by `users`; minted ones have names of ours unless told. */
function provisionOf({ provision, users }: Checked['target']): ProvisionDescription {
  if (provision && provision.kind !== 'named') return provision;
  const room = provision?.room;
  return { kind: 'named', user: users.user ?? ownName, ...(room && { room }) };
}

const ownName: UserNaming = (number, run) => ({ name: `outlast-${run}-${number}` });

function mapValues<Value, Mapped>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
