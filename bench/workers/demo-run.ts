// Runs the demo once as its settings say, judges it, and reports the verdict. SIGINT heals, and reports what there is.
import { app } from '../../build/app/index.js';
import { messageOf, OutlastError } from '../../build/base/errors.js';
import { report, settings } from '../support/in-worker.js';
import type { Scenario } from '../support/scenario.js';

export interface Playing {
  readonly scenario: Scenario;
  /** The run directory. */
  readonly folder: string;
}

export interface Played {
  readonly outcome: 'pass' | 'fail' | 'unknown' | 'skipped';
  /** The checks that failed or are unknown and that nothing else explains, or what ended the run. */
  readonly because: readonly string[];
  readonly restarts: number;
  readonly isInterrupted: boolean;
}

const interrupted = new AbortController();
// Again and again: a terminal sends it to this process as well as to the one that passes it on.
process.on('SIGINT', () => interrupted.abort(new OutlastError('INTERRUPTED', 'interrupted by SIGINT')));
const told = await settings<Playing>();
report(await played(told).catch(brokenOff));

async function played({ scenario, folder }: Playing): Promise<Played> {
  const { seed, crash, both, rolling, restarts, ...crowd } = scenario;
  const { sessions, roomSize, messagesPerSecond } = crowd;
  const { config } = await app.demo({ crash, both, rolling });
  const workload = { ...config.workload, sessions, roomSize, messagesPerSecond };
  const { verdict, failure } = await app.run({
    ...{ config: { ...config, workload }, seed, restarts, out: folder },
    ...{ allowRemote: false, signal: interrupted.signal },
  });
  const causes = verdict.tests
    .flatMap(({ checks }) => checks)
    .filter(({ binding, consequenceOf }) => binding && consequenceOf === undefined)
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
    .map(({ id, outcome }) => (outcome === verdict.outcome ? id : `${id} (${outcome})`));
  const why = [failure?.message, verdict.reason].filter((text) => text !== undefined);
  return {
    outcome: failure && verdict.outcome === 'pass' ? 'unknown' : verdict.outcome,
    because: causes.length > 0 ? causes : why,
    restarts: verdict.disruptions.length,
    isInterrupted: failure?.code === 'INTERRUPTED',
  };
}

/** Nothing came of it: nothing is known. */
function brokenOff(error: unknown): Played {
  const because = [messageOf(error)];
  return { outcome: 'unknown', because, restarts: 0, isInterrupted: interrupted.signal.aborted };
}
