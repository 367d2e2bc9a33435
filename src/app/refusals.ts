import { OutlastError } from '../base/errors.js';
import { refusals } from '../observe/disruption/index.js';
import { remoteAddresses } from '../observe/target/index.js';
import type { Setup } from '../observe/run/index.js';
import type { RunOptions } from './port.js';

/** What a run must not do is refused before anything is touched. Throws `POWER_MISSING`, `REMOTE_TARGET`. */
export function refuse(setup: Setup, { allowRemote }: Pick<RunOptions, 'allowRemote'>): void {
  const [missing] = setup.strikes.flatMap(({ disruption }) => refusals(disruption, setup.target));
  if (missing) throw missing;
  const touched = setup.strikes.flatMap(({ disruption }) => disruption.addresses ?? []);
  const remote = remoteAddresses([...setup.target.addresses, ...setup.client.dials, ...touched]);
  if (remote.length === 0 || allowRemote) return;
  throw new OutlastError(
    'REMOTE_TARGET',
    `expected a target on this machine (127.0.0.1, [::1], localhost); ${remote.join(', ')} ${remote.length === 1 ? 'is' : 'are'} not. ` +
      'If it is yours to disrupt, say so with --allow-remote',
  );
}
