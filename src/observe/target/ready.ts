import { setTimeout as sleep } from 'node:timers/promises';
import { inWords } from '../../base/duration.js';
import { OutlastError } from '../../base/errors.js';
import { type AnyReplica, type Exit, isOwn, type Look } from './port.js';

/** Between two looks, in ms. */
const lookEveryMs = 10;

/**
 * Looks at a replica's door until it is ready, and resolves with that look. Throws `TARGET_EXITED` when it is ours and its
 * process ends before, `TARGET_NOT_READY` after `readyWithinMs`; both show the last lines that it printed.
 */
export async function whenReady(replica: AnyReplica, signal: AbortSignal): Promise<Look> {
  const begun = performance.now();
  for (;;) {
    const look = await replica.look({ signal });
    signal.throwIfAborted();
    if (isOwn(replica) && !replica.alive()) throw ended(replica, await replica.exited({ signal }));
    if (look.ready) return look;
    if (performance.now() - begun > replica.readyWithinMs) throw notReady(replica, look);
    await sleep(lookEveryMs, undefined, { signal });
  }
}

/** What it printed last, for the details of an error. */
export function lastWords(replica: AnyReplica): readonly string[] {
  const lines = replica.lastLines(20);
  return lines.length === 0 ? ['(it printed nothing)'] : lines;
}

function ended(replica: AnyReplica, exit: Exit): OutlastError {
  const how =
    exit.signal === null
      ? `exited with ${exit.exitCode ?? 'an unknown code'}`
      : `was ended by ${exit.signal}`;
  // Who ends well has gone into the background, as daemons do; who does not has said why.
  const next = exit.exitCode === 0 ? 'It has to run in the foreground' : 'Look at its last lines';
  return new OutlastError(
    'TARGET_EXITED',
    `expected ${replica.name} to be ready at ${replica.door}; its process ${how} before. ${next}`,
    { details: lastWords(replica) },
  );
}

function notReady(replica: AnyReplica, look: Look): OutlastError {
  return new OutlastError(
    'TARGET_NOT_READY',
    `expected ${replica.name} to be ready at ${replica.door} within ${inWords(replica.readyWithinMs)}; the last look: ${look.reason ?? 'not ready'}`,
    { details: lastWords(replica) },
  );
}
