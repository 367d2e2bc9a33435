import type { ClientKind } from '../port.js';
import { reconnecting, type ReconnectingOptions } from '../reconnecting.js';
import type { ClientMeans } from '../shared/means.js';
import type { ClientDefinition } from './definition.js';
import { dialled } from './dialled.js';
import { libraryDoor } from './door.js';
import { SelfReconnecting } from './itself.js';
import { kitOf } from './kit.js';

/** A user's own library as a client. What it does wrong is told to `means.breached`, or else ends in `means.broken`. */
export function custom(
  definition: ClientDefinition,
  means: ClientMeans,
  reconnection: ReconnectingOptions = {},
): ClientKind {
  const kit = kitOf(definition, means);
  if (definition.reconnects === 'us') return reconnecting(dialled(kit), reconnection);
  const { name, url, alsoDials = [], lacks = {}, offlineSend = 'refused', resends = 'workload' } = definition;
  const open: ClientKind['open'] = (seat, observe) => new SelfReconnecting(kit, seat, observe);
  return {
    ...{ name, lacks, offlineSend, resends, reconnects: 'itself', dials: [url, ...alsoDials], open },
    // Without an acknowledgement nothing shows that a token was let in.
    ...(lacks.acknowledgements === undefined
      ? { door: (seat, probe) => libraryDoor(name, open, seat, probe) }
      : {}),
  };
}
