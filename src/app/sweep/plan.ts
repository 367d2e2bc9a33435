import { OutlastError } from '../../base/errors.js';
import type { Random } from '../../base/random.js';
import type { CrashDescription, DisruptionDescription, RestartDescription } from '../../config/types.js';
import type { RestartKind } from '../../judge/index.js';
import type { StrikeMoment } from '../../observe/run/index.js';

/** What is restarted in a sweep, and how long it may take to go. */
export interface Struck {
  readonly services: readonly string[];
  readonly graceMs?: number;
}

/** One restart of a batch. */
export interface PlannedRestart {
  readonly disruption: RestartDescription | CrashDescription;
  readonly moment: StrikeMoment;
}

/**
 * From when the target is whole, or the first session is served again, until it is struck: at most so long, in ms. Many messages
 * fall into it; and what was acknowledged before it is still fresh, without which a restart would show nothing.
 */
const longestPauseMs = 120;
/** A kill while it starts comes so long after the start at most. */
const longestStartMs = 250;
/** How often a restart meets sessions that are not all back yet, and how often a kill is followed by another at the start. */
const shares = { returning: 0.3, again: 0.25 } as const;

/** The restarts of one batch, at moments drawn from `random`: the same seed plans the same. */
export function planBatch(
  runs: number,
  kinds: readonly RestartKind[],
  struck: Struck,
  random: Random,
): readonly PlannedRestart[] {
  const planned: PlannedRestart[] = [];
  for (let index = 0; index < runs; index++) {
    const kind = kinds[index % kinds.length] ?? 'graceful';
    // Never two in a row: who is struck on the way back is still to be back in time.
    const mayMeet = index > 0 && planned.at(-1)?.moment.when === 'whole';
    const draws = { meets: random(), ms: random(), again: random(), againMs: random() };
    const when = mayMeet && draws.meets < shares.returning ? 'returning' : 'whole';
    planned.push({
      moment: { when, ms: draws.ms * longestPauseMs },
      disruption: describe(kind, struck, draws.again < shares.again ? draws.againMs * longestStartMs : null),
    });
  }
  return planned;
}

function describe(kind: RestartKind, struck: Struck, againMs: number | null): PlannedRestart['disruption'] {
  if (kind === 'graceful') return { kind: 'restart', ...struck };
  const { services } = struck;
  return { kind: 'crash', services, ...(againMs !== null && { againMs }) };
}

/** What a config restarts. Throws `USAGE` where it does something else, which a sweep does not repeat. */
export function struckBy(disruption: DisruptionDescription): Struck {
  const all = disruption.kind === 'sequence' ? disruption.disruptions : [disruption];
  const restarts = all.filter((one) => one.kind === 'restart' || one.kind === 'crash');
  const other = all.find((one) => one.kind !== 'restart' && one.kind !== 'crash');
  if (other) {
    throw new OutlastError(
      'USAGE',
      `expected a config whose disruption is restart(…) or crash(…), which a sweep repeats; got ${other.kind}`,
    );
  }
  const grace = restarts.find((one) => one.kind === 'restart')?.graceMs;
  const services = [...new Set(restarts.flatMap((one) => one.services))];
  return { services, ...(grace !== undefined && { graceMs: grace }) };
}
