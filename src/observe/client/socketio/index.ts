import type { ClientKind } from '../port.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { SocketIoClient } from './client.js';
import { socketIoDoor } from './door.js';
import type { Library } from './line.js';
import type { Kit } from './mapping.js';
import type { SocketIoOptions } from './options.js';
import { protocolOf } from './protocol.js';

/**
 * Sessions speak through socket.io-client, which comes back by itself and keeps what is sent meanwhile. `library` is the
 * package as the user has it. Throws `CONFIG_INVALID`.
 */
export function socketIo(options: SocketIoOptions, means: ClientMeans, library: Library): ClientKind {
  const protocol = protocolOf(options);
  const grievances = grievancesOf('socket.io', means);
  const kit: Kit = { options, protocol, run: means.run, digest: means.digest, ...grievances };
  return {
    name: 'socket.io',
    dials: [options.url],
    reconnects: 'itself',
    offlineSend: 'buffered',
    resends: protocol.retries ? 'library' : 'workload',
    lacks: protocol.lacks,
    open: (seat, observe) => new SocketIoClient(kit, library, seat, observe),
    ...(protocol.admission === 'unseen'
      ? {}
      : { door: (seat, probe) => socketIoDoor(kit, library, { seat, probe }) }),
  };
}
