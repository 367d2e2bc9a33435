import { inWords } from '../../../base/duration.js';
import { fail, pass, unknown } from '../../finding.js';
import { heldBetween, idleBetween, timeline, type Timeline } from '../../facts/timeline.js';
import { defineCheck } from '../define.js';

/** What the disruption was told to last, and how long somebody took to begin. */
function askedForMs(view: Timeline, end: number): number {
  const waits = view.disruptions.map(({ type, beginAt, struckAt }) =>
    type === 'watch' ? (struckAt ?? end) - beginAt : 0,
  );
  return waits.reduce((sum, ms) => sum + ms, heldBetween(view, 0, end));
}

export const total = defineCheck({
  id: 'total',
  test: 'performance',
  about: {
    question: 'Is everything, from the first sign-in to the last look, done within the budget?',
    seenBy:
      'The time of the whole run, from the beginning of the history to its end: signing in, chatting, the restart, the return, the quiet time at the end and the audit; without what a disruption was told to last. Where it would be within the budget but for the time that this program itself stood still, it is unknown. It is the time for which someone waits for the verdict.',
    causes: [
      'Signing in many users is slow (passwords are hashed on purpose so that it takes time).',
      'The chat does not settle: something stays unanswered until a time-out.',
    ],
    next: [
      'Look at the events of kind "phase": which phase took longest?',
      'For long runs say how long they may take: `budgets: { total: "10m" }` in the contract.',
    ],
    modes: [],
  },
  needs: [],
  passesOn: 'presence',
  judge(context, end) {
    const { totalMs: budgetMs } = context.header.contract.budgets;
    if (end?.how !== 'completed') {
      return unknown('The run did not come to its end, so it is not known how long it takes');
    }
    const view = context.facts(timeline);
    const heldMs = askedForMs(view, end.t);
    const ms = end.t - heldMs;
    const aside = heldMs === 0 ? '' : `, besides ${inWords(heldMs)} that the disruption was told to take`;
    // A stall while the target was held is off already.
    const stalledMs = idleBetween(view, 0, end.t) - heldBetween(view, 0, end.t);
    const figures = {
      totalMs: ms,
      budgetMs,
      ...(heldMs > 0 && { heldMs }),
      ...(stalledMs > 0 && { stalledMs }),
    };
    const summary = `Everything took ${inWords(ms)} (may take ${inWords(budgetMs)})${aside}`;
    if (ms > budgetMs && ms - stalledMs <= budgetMs) {
      const ours = `${summary}, of which this program itself stood still for ${inWords(stalledMs)}`;
      return unknown(ours, { figures, evidence: [end] });
    }
    return (ms <= budgetMs ? pass : fail)(summary, { figures, evidence: [end] });
  },
});
