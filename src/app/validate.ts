import path from 'node:path';
import { messageOf, type OutlastError } from '../base/errors.js';
import { seeded } from '../base/random.js';
import { watched } from '../observe/client/index.js';
import { createRecorder } from '../observe/record/index.js';
import { Findings, type Setup, type Stage, validate as exercise } from '../observe/run/index.js';
import type { Validation } from '../report/index.js';
import { createScope, eitherOf, removeScratch, scratchFolder, startGuardian } from '../system/index.js';
import type { ValidateOptions } from './port.js';
import { refuse } from './refusals.js';
import { knowingSecrets, prepare } from './run.js';
import { strayOf } from './uncaught.js';

/** Takes the client of a config through everything that a run does to it, on the target of the config. Writes nothing that stays. */
export async function validate(options: ValidateOptions): Promise<Validation> {
  await using guardian = startGuardian();
  const redactor = knowingSecrets();
  const findings = new Findings();
  const rewind = new Map<string, string>();
  const wrong = new AbortController();
  const means = {
    ...{ guardian, redactor, note: () => undefined, breached: findings.breach, hinted: findings.hint },
    rewound: (room: string) => rewind.get(room),
    broken: (error: OutlastError) => wrong.abort(error),
  };
  const setup = await setUp(options, means, findings);
  options.onUncaught?.((error) => {
    const stray = strayOf(error);
    if (stray) findings.broken('throws-nothing', stray.did);
    return stray !== null;
  });
  const signal = eitherOf([options.signal, wrong.signal]);
  const builtIn = options.config.target.client.kind !== 'custom';
  const absent = await staged({ ...options, signal }, setup, redactor, (stage) =>
    exercise(stage, { findings, rewind, builtIn, say: options.say ?? (() => undefined) }),
  );
  return validationOf(setup.client.name, absent, findings);
}

/** Two sessions in one room, whose client is watched. Touches nothing. */
async function setUp(
  options: ValidateOptions,
  means: Parameters<typeof prepare>[1],
  findings: Findings,
): Promise<Setup> {
  const workload = { ...options.config.workload, sessions: 2, roomSize: 2 };
  const setup = await prepare({ config: { ...options.config, workload } }, means);
  refuse(setup, options);
  return { ...setup, client: watched(setup.client, findings.breach) };
}

/** On a stage of its own, which is taken down whatever happens. */
async function staged(
  options: ValidateOptions,
  setup: Setup,
  redactor: Stage['recorder']['redactor'],
  play: (stage: Stage) => Promise<string | null>,
): Promise<string | null> {
  const folder = scratchFolder();
  const recorder = createRecorder({ file: path.join(folder, 'history.ndjson'), redactor });
  const scope = createScope((name, error) => options.say?.(`could not ${name}: ${messageOf(error)}`));
  options.onEmergency?.(() => scope.emergency());
  try {
    const { signal } = options;
    const stage = { setup, recorder, scope, random: seeded(setup.seed), signal, output: () => undefined };
    return await play(stage);
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : error;
  } finally {
    await scope[Symbol.asyncDispose]();
    await recorder[Symbol.asyncDispose]();
    await removeScratch(folder);
  }
}

function validationOf(client: string, absent: string | null, findings: Findings): Validation {
  if (absent !== null) return { client, outcome: 'skipped', reason: absent, rules: [], hints: [] };
  const rules = findings.all();
  const broken = rules.some(({ outcome }) => outcome === 'broken');
  return { client, outcome: broken ? 'fail' : 'pass', rules, hints: findings.hints };
}
