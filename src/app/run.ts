import path from 'node:path';
import { messageOf, type OutlastError } from '../base/errors.js';
import { freshId, seeded } from '../base/random.js';
import { secretsRead } from '../config/index.js';
import type { Config } from '../config/types.js';
import { misbehaved } from '../observe/client/index.js';
import { createRecorder, createRedactor, type Recorder, type Redactor } from '../observe/record/index.js';
import { observe, type Setup } from '../observe/run/index.js';
import { createScope, eitherOf, startGuardian } from '../system/index.js';
import { compose, type Means } from './compose.js';
import { files, makeRunFolder } from './folder.js';
import { judgeFile, writeVerdict } from './judge.js';
import { targetOutput } from './output.js';
import type { RunOptions, RunResult } from './port.js';
import { refuse } from './refusals.js';
import { repeated } from './restarts.js';
import { strayOf } from './uncaught.js';

/** What outlasts a run, where several are made of one target. */
export interface Ground extends Pick<Means, 'redactor' | 'guardian'> {
  /** Takes the place of judging alone: what else is looked for in the history need not be read once more. */
  readonly judge?: typeof judgeFile;
  /** Changes the set-up of a run before anything is touched. */
  readonly adapt?: (setup: Setup) => Setup;
}

/** Holds sessions, disrupts, heals, judges and writes the run directory. */
export async function run(options: RunOptions): Promise<RunResult> {
  await using guardian = startGuardian();
  // Awaited here: the guardian would be let go at once, and a run that is killed would leave everything behind.
  return await runOn(options, { redactor: knowingSecrets(), guardian });
}

/** A redactor that knows the secrets which the config has read. */
export function knowingSecrets(): Redactor {
  const redactor = createRedactor();
  for (const secret of secretsRead()) redactor.add(secret);
  return redactor;
}

/** A run like any other, on a ground that is the caller's. */
export async function runOn(options: RunOptions, ground: Ground): Promise<RunResult> {
  const { redactor, guardian, adapt = (setup) => setup, judge = judgeFile } = ground;
  const early: string[] = [];
  let note = (text: string): void => void early.push(text);
  const wrong = new AbortController();
  const broken = (error: OutlastError) => wrong.abort(error);
  const means = { redactor, guardian, broken, note: (text: string) => note(text) };
  const setup = adapt(await prepare(options, means));
  refuse(setup, options);
  const folder = await makeRunFolder(options.out, setup.run, new Date());
  const history = path.join(folder, files.history);
  const recorder = createRecorder({ file: history, redactor });
  note = (text) => recorder.run({ kind: 'note', text });
  early.forEach(note);
  options.onUncaught?.((error) => blamed(error, options.config, broken));
  const signal = eitherOf([options.signal, wrong.signal]);
  const failure = await record({ ...options, signal }, setup, recorder, folder);
  const result = await writeVerdict(await judge(history, options.only), folder);
  return failure === null ? result : { ...result, failure };
}

/** What a client of the config's own threw, and nobody caught, ends the run with an error; true where it was that. */
function blamed(error: unknown, config: Config, broken: (error: OutlastError) => void): boolean {
  const { client } = config.target;
  const stray = client.kind === 'custom' ? strayOf(error) : null;
  if (client.kind !== 'custom' || stray === null) return false;
  broken(misbehaved(client.name, { rule: 'throws-nothing', ...stray }));
  return true;
}

/** The set-up of a run, composed and checked; nothing is touched. */
export async function prepare(
  options: Pick<RunOptions, 'config' | 'only' | 'sessions' | 'restarts' | 'seed'>,
  means: Omit<Means, 'run' | 'seed'>,
): Promise<Setup> {
  const { only, sessions, seed, restarts = 1 } = options;
  const config = repeated(options.config, restarts);
  const workload = sessions === undefined ? config.workload : { ...config.workload, sessions };
  const wanted: Config = { ...config, workload, only: only ?? config.only };
  return compose(wanted, { ...means, run: freshId(), seed: seed ?? freshId() });
}

/** Observes, heals whatever happened, and closes the history. Throws only when the history could not be written. */
async function record(
  options: RunOptions,
  setup: Setup,
  recorder: Recorder,
  folder: string,
): Promise<OutlastError | null> {
  const stopWatching = options.watch ? recorder.watch(options.watch) : () => undefined;
  const output = targetOutput(path.join(folder, files.target));
  const scope = createScope((name, error) => {
    recorder.run({ kind: 'note', text: `could not ${name}: ${messageOf(error)}` });
  });
  options.onEmergency?.(() => scope.emergency());
  const write = watchful(recorder, options.signal);
  try {
    const stage = { setup, recorder, scope, random: seeded(setup.seed), signal: write.signal };
    return await observe({ ...stage, output: (service, text) => output.write(service, text) });
  } finally {
    await scope[Symbol.asyncDispose]();
    stopWatching();
    await output[Symbol.asyncDispose]();
    await recorder[Symbol.asyncDispose]();
    write.throwIfBroken();
  }
}

/** Ends the run when it is interrupted, and when what is seen can no longer be written down. */
function watchful(recorder: Recorder, interrupted: AbortSignal) {
  const broken = new AbortController();
  let failure: unknown = null;
  recorder.broken.catch((error: unknown) => {
    failure = error;
    broken.abort(error);
  });
  return {
    signal: eitherOf([interrupted, broken.signal]),
    throwIfBroken() {
      if (failure !== null) throw failure;
    },
  };
}
