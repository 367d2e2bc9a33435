import { inWords } from '../../base/duration.js';
import { OutlastError } from '../../base/errors.js';
import type { Look } from '../target/index.js';
import { whenBack } from './back.js';
import { DoorWatch } from './door-watch.js';
import { instanceOf, type Part, playAll } from './part.js';
import type { Disruption } from './port.js';

/** Between two looks while nothing happens, in ms: it may be long, and a restart that closes a door closes it for longer. */
const lookEveryMs = 20;

/**
 * Does nothing but watch the doors while somebody deploys by hand, or another program does. It is over when each of the services
 * has been restarted. Throws `DISRUPTION_FAILED` when the first sign of it does not come in time.
 */
export function watch(services: readonly string[], { forMs }: { readonly forMs: number }): Disruption {
  return {
    type: 'watch',
    services,
    needs: [],
    lacks: { 'exit-code': 'what somebody else deploys is not ours, so its exit code is not seen' },
    strike: (scene) => playAll(scene, services, (part) => watchOne(part, forMs)),
  };
}

async function watchOne(part: Part, forMs: number): Promise<void> {
  const { replica, scene, tell } = part;
  const before = await replica.look({ signal: scene.signal });
  const patience = `for up to ${inWords(forMs)}`;
  tell('begin', { ...instanceOf(before), note: `deploy ${replica.name} now: Outlast watches ${patience}` });
  let isSeen = false;
  const seen = (sign: string) => {
    if (!isSeen) tell('signal', { note: `seen at the door: ${sign}` });
    isSeen = true;
  };
  const refusing = () => seen('connections are refused');
  const door = new DoorWatch(part, { everyMs: lookEveryMs, refusing });
  const last = await door.until((look, elapsedMs) => signOf(look, before) !== null || elapsedMs > forMs);
  const sign = signOf(last, before);
  if (sign === null) {
    const why = `expected somebody to deploy ${replica.name} within ${inWords(forMs)}; nothing changed at ${replica.door}`;
    throw new OutlastError('DISRUPTION_FAILED', why);
  }
  seen(sign);
  await whenBack(part, before, door);
}

/** What shows that a deploy has begun, in words; null: nothing yet. */
function signOf(look: Look, before: Look): string | null {
  if (look.refused) return 'connections are refused';
  if (look.instance !== undefined && before.instance !== undefined && look.instance !== before.instance)
    return 'another instance';
  return look.ready ? null : `not ready (${look.reason ?? 'no reason told'})`;
}
