import { againstBudget } from '../../derived/budget.js';
import { reconnectsTimed } from '../../derived/timed.js';
import { reconnectsOf, type Split } from '../../derived/timings.js';
import { stormOf } from '../../derived/storm.js';
import { unlessUnrestored, unrestored } from '../../derived/unrestored.js';
import { round } from '../../finding.js';
import type { Context } from '../../port.js';
import { defineCheck } from '../define.js';

export const reconnect = defineCheck({
  id: 'reconnect',
  test: 'performance',
  about: {
    question: 'How long do reconnects take over all sessions, and where does the time go?',
    seenBy:
      "The same times as in `reconnect-time`, as a distribution: the median, the slowest, and from 100 sessions on the percentiles; with the share of each part at the slowest. The service being down, the client's own waiting between two attempts, the handshake, and the joining of rooms are told apart. The shape of the return is told as well: the most attempts to connect within one second, and the most within 50 ms, which are in step.",
    causes: [
      'The slowest is far from the median: some are turned away, by a limit of the rate or of the number of connections.',
      'All are about as slow: the service was down for so long.',
    ],
    next: [
      'Watch how the median and the slowest change when you double the number of sessions.',
      'One restart is one sample: repeat the run before you compare numbers.',
    ],
    modes: [86, 87, 90],
  },
  needs: ['connection'],
  passesOn: 'absence',
  judge(context, end) {
    const timed = reconnectsTimed(context);
    if (timed.length === 0) return unrestored(context, end);
    const { reconnectMs } = context.header.contract.budgets;
    const found = unlessUnrestored(context, againstBudget('A reconnect', reconnectMs, timed));
    return { ...found, figures: { ...found.figures, ...partsOf(context), ...stormOf(context) } };
  },
});

/** The longest of each part, in ms. */
function partsOf(context: Context): Readonly<Record<string, number>> {
  const splits = reconnectsOf(context).map(({ split }) => split);
  const most = (part: keyof Split) => round(Math.max(...splits.map((split) => split[part])));
  return {
    downMs: most('down'),
    waitingMs: most('waiting'),
    handshakeMs: most('handshake'),
    joinedMs: most('joined'),
  };
}
