import { againstBudget } from '../../derived/budget.js';
import { recoveriesTimed } from '../../derived/timed.js';
import { recoveriesOf } from '../../derived/timings.js';
import { readCostsOf } from '../../derived/storm.js';
import { unlessUnrestored, unrestored } from '../../derived/unrestored.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { defineCheck } from '../define.js';

export const recovery = defineCheck({
  id: 'recovery',
  test: 'performance',
  about: {
    question: 'How long until a session is whole again: back, caught up, and heard?',
    seenBy:
      'From the moment at which a session noticed that its connection was lost until it is in its rooms again, the messages that it missed are there, and a first message of its own was acknowledged. Where it had nothing to say for a while, only the round trip of its first message counts, not the silence. How long it took after the restart to read the stored log of a room to its end is told beside it.',
    causes: [
      'Everyone fetches what was missed at the same moment.',
      'The first operations wait for pools and caches that fill only when they are needed.',
      'The replay is read in small pages, one after the other.',
    ],
    next: [
      'Compare with `reconnect-time`: what is the difference, the catching up or the first round trip?',
      'Watch the database while everyone comes back.',
    ],
    modes: [19, 86, 89],
  },
  needs: [],
  uses: [messages, reads],
  passesOn: 'absence',
  judge(context, end) {
    const timed = recoveriesTimed(context);
    if (timed.length === 0) return unrestored(context, end);
    const { recoveryMs } = context.header.contract.budgets;
    const found = unlessUnrestored(context, againstBudget('Recovery', recoveryMs, timed));
    const withoutRoundTrip = recoveriesOf(context).filter(({ hasRoundTrip }) => !hasRoundTrip).length;
    return { ...found, figures: { ...found.figures, withoutRoundTrip, ...readCostsOf(context) } };
  },
});
