import type { App, Config, RunOptions, RunResult } from '../app/port.js';
import { exitOfResult } from './exit.js';
import type { RunFlags } from './flags.js';
import { showLive } from './live.js';
import { printError } from './print-error.js';
import { show } from './show.js';
import { listenToSignals, type Listening } from './signals.js';
import type { World } from './world.js';

export interface Conduct {
  readonly config: Config;
  readonly flags: RunFlags;
  readonly allowRemote: boolean;
  /** A skipped run is not a success. */
  readonly required: boolean;
  /** What is said beneath the report. */
  readonly remarks?: (result: RunResult) => readonly string[];
}

/** Runs, shows what came of it, and gives the exit code. Signals are heard while it runs, and end in healing. */
export async function conduct(conduct: Conduct, app: App, world: World): Promise<number> {
  using listening = listenToSignals(world);
  try {
    const result = await watched(conduct, app, world, listening);
    show(result, conduct.flags, world, conduct.remarks?.(result));
    if (result.failure && result.failure !== listening.signal.reason) printError(result.failure, world);
    return listening.exitCode ?? exitOfResult(result, conduct.required);
  } catch (error) {
    if (listening.exitCode === null) throw error;
    // Stopped before there was a history: there is nothing more to say of it.
    if (error !== listening.signal.reason) printError(error, world);
    return listening.exitCode;
  }
}

async function watched(conduct: Conduct, app: App, world: World, listening: Listening): Promise<RunResult> {
  const live = showLive(world, conduct.flags.quiet === true);
  listening.signal.addEventListener('abort', () => live.end(), { once: true });
  try {
    return await app.run({
      ...runOptions(conduct),
      signal: listening.signal,
      watch: (event) => live.see(event),
      onEmergency: (emergency) => listening.onEmergency(emergency),
      onUncaught: (deal) => listening.onUncaught(deal),
    });
  } finally {
    live.end();
  }
}

/** What the flags say of a run. */
export function runOptions({
  config,
  flags,
  allowRemote,
}: Omit<Conduct, 'required'>): Omit<RunOptions, 'signal'> {
  const { only, sessions, restarts, seed, out } = flags;
  return {
    config,
    allowRemote,
    ...(only && { only }),
    ...(sessions !== undefined && { sessions }),
    ...(restarts !== undefined && { restarts }),
    ...(seed !== undefined && { seed }),
    ...(out !== undefined && { out }),
  };
}
