import { createReadStream } from 'node:fs';
import { readHistory } from '../../build/history/index.js';
import { reconnectsOf, type Reconnect } from '../../build/judge/derived/timings.js';
import { judging, type Check } from '../../build/judge/index.js';

/** Of the sessions that lost their connection in this history, the one that took longest to be back. */
export async function slowestReconnect(file: string): Promise<Reconnect> {
  let slowest: Reconnect | undefined;
  const look: Check = {
    ...{ id: 'slowest', test: 'reconnect', needs: [], uses: [], kinds: [] },
    about: { question: '', seenBy: '', causes: [], next: [], modes: [] },
    binds: () => false,
    start: (context) => ({
      judge() {
        slowest = [...reconnectsOf(context)].sort((one, other) => other.timing.ms - one.timing.ms)[0];
        return { outcome: 'pass', summary: '', figures: {}, evidence: [], blames: [] };
      },
    }),
  };
  const history = await readHistory(createReadStream(file), file);
  const judgement = judging(history.header, { checks: [look] });
  for await (const events of history.batches) for (const event of events) judgement.see(event);
  judgement.verdict(null, { judgedAt: history.header.epoch });
  if (!slowest) throw new Error(`expected sessions that lost their connection in ${file}`);
  return slowest;
}
