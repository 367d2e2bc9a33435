import { setMaxListeners } from 'node:events';

/** Node 20 forgets the timer of an `AbortSignal.timeout` that is only reachable through `AbortSignal.any`, and then it never fires. */
const kept = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/** Aborts with the first of some signals. Many sessions may listen to it: Node's warning at eleven means nothing here. */
export function eitherOf(signals: readonly AbortSignal[]): AbortSignal {
  const either = AbortSignal.any([...signals]);
  setMaxListeners(0, either);
  kept.set(either, signals);
  return either;
}
