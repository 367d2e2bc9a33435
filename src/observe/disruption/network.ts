import { OutlastError } from '../../base/errors.js';
import { type Affliction, endsConnections, type Fault } from '../network/index.js';
import { doorsReady } from './doors.js';
import { hold } from './hold.js';
import { playWhole } from './part.js';
import type { Disruption, Scene } from './port.js';

/** Does something to the network between the sessions and the target for so long, in the relay before every session. */
export function network(fault: Fault, { forMs }: { readonly forMs: number }): Disruption {
  return {
    ...networkFault(fault.type),
    needsRelay: true,
    strike: (scene) =>
      playWhole(scene, async () => {
        await afflicted(scene, fault, forMs);
        await doorsReady(scene);
        scene.step('ready');
      }),
  };
}

/** What every fault of the network is, however it is made. */
export const networkFault = (
  type: Fault['type'],
): Pick<Disruption, 'type' | 'services' | 'needs' | 'lacks'> => ({
  type: 'network',
  services: [],
  needs: [],
  lacks: {
    restart: 'a network fault restarts nothing',
    graceful: 'a network says no goodbye',
    'exit-code': 'a network fault ends no process',
    ...(!endsConnections(type) && { loss: `the network fault ${type} closes no connection` }),
  },
});

async function afflicted(scene: Scene, fault: Fault, forMs: number): Promise<void> {
  const { scope, network: relay } = scene;
  if (!relay)
    throw new OutlastError('INTERNAL', 'expected the relay before every session for a network fault');
  await scene.untilChatting();
  let affliction: Affliction | null = null;
  const lift = () => affliction?.lift();
  const healed = scope.undo(
    'give the network back',
    () => {
      lift();
      scene.step('healed');
      return Promise.resolve();
    },
    lift,
  );
  scene.step('signal', { note: inWords(fault) });
  const made = relay.afflict(fault);
  affliction = made;
  // What a fault of this kind has met is only known when it is over.
  const released = () => ({ connections: made.met() });
  await hold({ scene, tell: (step, about) => scene.step(step, about) }, forMs, { released });
  lift();
  healed();
}

/** `latency (latency 200, jitter 50), downstream` */
export function inWords({ type, attributes, stream }: Fault): string {
  const said = Object.entries(attributes).map(([name, value]) => `${name} ${String(value)}`);
  return `${type}${said.length === 0 ? '' : ` (${said.join(', ')})`}, ${stream}`;
}
