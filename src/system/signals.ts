import { setMaxListeners } from 'node:events';

/** Aborts with the first of some signals. Many sessions may listen to it: Node's warning at eleven means nothing here. */
export function eitherOf(signals: readonly AbortSignal[]): AbortSignal {
  const either = AbortSignal.any([...signals]);
  setMaxListeners(0, either);
  return either;
}
