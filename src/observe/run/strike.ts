import { probe } from '../disruption/index.js';
import type { Network, Scene } from '../disruption/port.js';
import type { Target } from '../target/port.js';
import { dialsOf } from './gates.js';
import type { Strike } from './setup.js';
import type { Stage } from './stage.js';

/** How often the independent prober looks at each door. */
const probeEveryMs = 20;

interface Means extends Pick<Scene, 'untilChatting'> {
  readonly target: Target;
  readonly network?: Network;
}

/** Strikes once, with the independent prober watching the doors until the target is ready again. `index` counts from 0. */
export async function strike(
  stage: Stage,
  { target, network, untilChatting }: Means,
  { disruption }: Strike,
  index: number,
): Promise<void> {
  const { recorder, signal, scope } = stage;
  const dials = dialsOf(stage, target);
  const watching = probe(target, disruption.services, { everyMs: probeEveryMs, signal }, (seen) =>
    recorder.run(seen),
  );
  const scene: Scene = {
    ...{ target, scope, signal, dials, untilChatting },
    ...(network && { network }),
    step: (step, about) =>
      recorder.run({ kind: 'disruption', disruption: index, type: disruption.type, step, ...about }),
  };
  try {
    await disruption.strike(scene);
  } finally {
    await watching.stop();
  }
}
