import { setTimeout as sleep } from 'node:timers/promises';
import type { SeenOfRun } from '../../history/events.js';
import { eitherOf } from '../../system/signals.js';
import type { AnyReplica, Target } from '../target/index.js';

export interface Probing {
  /** Resolves when nothing more will be told. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Looks at the doors of services, each on its own, until stopped or aborted: independent of those who disrupt and of the sessions.
 * A look's `spacing` is counted from the beginning of the one before to its own end: what changed in between did so in that time.
 */
export function probe(
  target: Target,
  services: readonly string[],
  options: { readonly everyMs: number; readonly signal: AbortSignal },
  observe: (seen: SeenOfRun) => void,
): Probing {
  const stopping = new AbortController();
  const signal = eitherOf([options.signal, stopping.signal]);
  const replicas = services.flatMap((name) => target.services.get(name)?.replicas ?? []);
  const watching = Promise.all(replicas.map((replica) => watch(replica, options.everyMs, signal, observe)));
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

async function watch(
  replica: AnyReplica,
  everyMs: number,
  signal: AbortSignal,
  observe: (seen: SeenOfRun) => void,
): Promise<void> {
  let lastBegun: number | null = null;
  while (!signal.aborted) {
    const begun = performance.now();
    const { up, ready, instance } = await replica.look({ signal });
    // A look that was broken off shows nothing.
    if (signal.aborted) return;
    const spacing = performance.now() - (lastBegun ?? begun);
    const told = instance === undefined ? {} : { instance };
    const { service, index } = replica;
    observe({ kind: 'probe', service, replica: index, up, ready, spacing, ...told });
    lastBegun = begun;
    const pause = begun + everyMs - performance.now();
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
