import { dialsOf } from '../gates.js';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { headerOf } from '../header.js';
import { enrolAll } from '../enrolment.js';
import { provide } from '../preflight.js';
import type { Furniture } from '../setup.js';
import type { Stage } from '../stage.js';
import type { Target } from '../../target/port.js';
import { Exercise, type Means, type Pair } from './exercise.js';
import { openWays, type Way } from './ways.js';

export { Findings, type RuleFinding } from './findings.js';

/** The event loop may stand still for so long: the garbage of a busy machine, in ms. */
const stillMs = 1_000;

/**
 * Brings the target up and takes its client through everything that a run does to it. Returns why nothing could be
 * exercised, or null. What is broken or started is healed by the stage's scope.
 */
export async function validate(stage: Stage, means: Means): Promise<string | null> {
  const { setup, scope, signal, recorder } = stage;
  recorder.begin(headerOf(setup, recorder.epoch));
  const target = await setup.target.start({ scope, signal, output: stage.output });
  if ('absent' in target) return target.absent;
  const furniture = setup.furnish({ resolve: (text) => target.resolve(text), redactor: recorder.redactor });
  const ground = { target, scope, signal, dials: dialsOf(stage, target) };
  for (const { disruption } of setup.strikes) await disruption.prepare?.(ground);
  const pair = await pairAt(stage, target, furniture);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  await new Exercise(stage, pair, means).play();
  delay.disable();
  const longest = Math.round(delay.max / 1e6);
  if (longest >= stillMs)
    means.findings.broken('never-blocks', `let the event loop stand still for ${longest} ms`);
  return null;
}

async function pairAt(stage: Stage, target: Target, furniture: Furniture): Promise<Pair> {
  const header = headerOf(stage.setup, stage.recorder.epoch);
  const settled = await provide(stage, header, furniture);
  const [first, second] = header.plan.sessions;
  if (!first || !second) throw new RangeError('a validation has two sessions');
  const ways = await openWays(stage, [first.session, second.session], target);
  const [ada, bob] = enrolAll(stage, [first, second], { target, furniture, settled, ways });
  if (!ada || !bob) throw new RangeError('a validation has two members');
  const wayOf = (session: string): Way => {
    const way = ways.get(session);
    if (!way) throw new RangeError(`no way for session ${session}`);
    return way;
  };
  return { target, ada, bob, ways: { ada: wayOf(first.session), bob: wayOf(second.session) } };
}
