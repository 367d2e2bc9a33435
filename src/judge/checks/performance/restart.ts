import { againstBudget, type Timed } from '../../derived/budget.js';
import { downtimeBudgetMs } from '../../derived/downtime.js';
import { goneFinding } from '../../derived/gone.js';
import { shows } from '../../derived/proof.js';
import { reconnectsOf, restartsOf } from '../../derived/timings.js';
import { serviceCause, sessionCause, unknown } from '../../finding.js';
import type { Cause, Context } from '../../port.js';
import { agree, list } from '../../words.js';
import { defineCheck } from '../define.js';

export const restart = defineCheck({
  id: 'restart',
  test: 'performance',
  about: {
    question: 'Is each restarted service ready again within the budget?',
    seenBy:
      'From the first signal to the first look at the door that finds it ready again, by an independent prober that looks every 20 ms or so. The time includes the draining, and not what a disruption keeps the service down for on purpose. A service that does not come back at all fails.',
    causes: [
      'Draining waits for something that does not end, up to the grace period.',
      'The start waits for caches, migrations or connections, one after the other.',
      'A port that is still in use makes the new process try again.',
    ],
    next: [
      'Look at the events of kind "disruption": how long from the signal to "exited", and from "started" to "ready"?',
      'Read the output of the service in the run directory, below `target/`.',
    ],
    modes: [68, 88],
  },
  needs: ['restart'],
  passesOn: 'presence',
  judge(context, end) {
    const gone = goneFinding(context, end, 'The restart was not completed');
    if (gone) return gone;
    const restarts = restartsOf(context).filter(({ disruption: index }) =>
      shows(context.header, { index }, 'restart'),
    );
    if (restarts.length === 0) return unknown('Nothing was restarted in this history');
    const timed = restarts.flatMap(({ restart: { service, name }, timing, evidence }): Timed[] =>
      timing ? [{ name, timing, blames: [serviceCause(service), ...waiters(context)], evidence }] : [],
    );
    const { restartMs } = context.header.contract.budgets;
    const found = againstBudget('The restart', restartMs, timed);
    const unready = restarts.flatMap(({ timing, restart }) => (timing ? [] : [restart]));
    // One of them that was too slow is shown, whatever became of the others.
    if (unready.length > 0 && found.outcome !== 'fail') {
      const summary = `It was not seen that ${list(unready.map(({ name }) => name))} ${agree(unready.length, 'is', 'are')} ready again before the history ended`;
      return unknown(summary, { blames: unready.map(({ service }) => serviceCause(service)) });
    }
    return found;
  },
});

/** Sessions that were slow only because the service was down: without that, they would have been in time. */
function waiters(context: Context): Cause[] {
  const { reconnectMs, recoveryMs } = context.header.contract.budgets;
  const budget = Math.min(reconnectMs, recoveryMs, downtimeBudgetMs(context));
  return reconnectsOf(context)
    .filter(({ timing, split }) => timing.ms > budget && timing.ms - split.down <= budget)
    .map(({ from }) => sessionCause(from.session));
}
