import { OutlastError, messageOf } from '../../base/errors.js';
import { type AnyReplica, lastWords, whenReady } from '../target/index.js';
import type { Scene } from './port.js';

/**
 * Resolves when every door of the target is ready, but for those of `except`. Throws `TARGET_GONE` for one that is not ready in its
 * time: `after` says what it did not get over.
 */
export async function doorsReady(
  { target, signal }: Pick<Scene, 'target' | 'signal'>,
  { except = [], after = 'it' }: { readonly except?: readonly string[]; readonly after?: string } = {},
): Promise<void> {
  const services = [...target.services.values()].filter(({ name }) => !except.includes(name));
  const ready = async (replica: AnyReplica) => {
    try {
      await whenReady(replica, signal);
    } catch (error) {
      signal.throwIfAborted();
      const why = `${replica.name} did not get over ${after}: ${messageOf(error)}`;
      throw new OutlastError('TARGET_GONE', why, { cause: error, details: lastWords(replica) });
    }
  };
  await Promise.all(services.flatMap(({ replicas }) => replicas).map(ready));
}
