import { messageOf, OutlastError } from '../../base/errors.js';
import { Conductor } from './conductor.js';
import { headerOf } from './header.js';
import { preflight } from './preflight.js';
import type { Stage } from './stage.js';

export type { Furniture, Place, Setup, Strike, StrikeMoment, Workload } from './setup.js';
export type { Stage } from './stage.js';
export { headerOf } from './header.js';
export { Findings, validate } from './validation/index.js';

/**
 * Runs once and writes everything down, from the header to the end. Returns what ended it early, or null; it is in the
 * history too. Healing is the caller's: whatever was broken or started stands in the stage's scope.
 */
export async function observe(stage: Stage): Promise<OutlastError | null> {
  const { recorder, signal, setup } = stage;
  const header = headerOf(setup, recorder.epoch);
  recorder.begin(header);
  try {
    const cast = await preflight(stage, header);
    if (typeof cast === 'string') {
      recorder.run({ kind: 'end', how: 'skipped', reason: cast });
      return null;
    }
    await new Conductor(stage, cast).play();
    recorder.run({ kind: 'end', how: 'completed' });
    return null;
  } catch (error) {
    // What comes of an abort may be anybody's error (Node's own have no reason in them): why it was aborted is what counts.
    const failure = asFailure(signal.aborted ? signal.reason : error);
    // A config that turns out to be wrong during the run aborts it too, and nobody interrupted anything.
    const how = signal.aborted && failure.blame !== 'usage' ? 'interrupted' : 'failed';
    recorder.run({ kind: 'end', how, reason: failure.message, code: failure.code });
    return failure;
  }
}

function asFailure(error: unknown): OutlastError {
  if (error instanceof OutlastError) return error;
  return new OutlastError('INTERNAL', messageOf(error), { cause: error });
}
