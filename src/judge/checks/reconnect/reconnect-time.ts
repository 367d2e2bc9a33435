import { againstBudget } from '../../derived/budget.js';
import { reconnectsTimed } from '../../derived/timed.js';
import { unlessUnrestored, unrestored } from '../../derived/unrestored.js';
import { defineCheck } from '../define.js';

export const reconnectTime = defineCheck({
  id: 'reconnect-time',
  test: 'reconnect',
  about: {
    question: 'Is every session that lost its connection back in its rooms within the budget?',
    seenBy:
      "From the moment at which the session noticed the loss to the moment at which it was signed in and in its rooms again. The whole counts against the budget, because it is what a user waits for; the split says whose time it was: the service was down, the client's own waiting between two attempts (ours where Outlast dials, the library's where it reconnects by itself), the handshake, the joining. Sessions that were cut at the network on purpose are not timed.",
    causes: [
      'The service is slow to be ready again.',
      'Everyone comes back at the same moment, and signing in or joining is slow for that many.',
      'The client waits long between two attempts (its back-off), compared with the restart.',
    ],
    next: [
      'Look at the largest part of the split of the slowest session.',
      'Where it was down: see `restart`. Where it waited: let the client try again sooner at first, with jitter.',
    ],
    modes: [10, 86, 90, 91, 92],
  },
  needs: ['connection'],
  passesOn: 'absence',
  judge(context, end) {
    const timed = reconnectsTimed(context);
    if (timed.length === 0) return unrestored(context, end);
    const { reconnectMs } = context.header.contract.budgets;
    return unlessUnrestored(context, againstBudget('Coming back', reconnectMs, timed));
  },
});
