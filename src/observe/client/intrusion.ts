import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Knock } from '../identity/port.js';
import { type Attempt, type Connector, DialFailed, type Intrusion, type Seat } from './port.js';

/**
 * One attempt to enter rooms that are somebody else's, with a token of its own. `in`: the rooms were confirmed, and it stayed
 * to listen. `out`: it was definitely refused. What it sees is told as events of its own session. An abort is no answer.
 */
export async function intrude(
  connector: Connector,
  seat: Seat,
  { cursors, observe, listensMs }: Intrusion,
  { signal }: Call,
): Promise<Knock['let']> {
  let isOpen = false;
  const tell: Attempt['observe'] = (seen) => {
    if (seen.kind === 'open') isOpen = true;
    observe(seen);
  };
  try {
    const credentials = await seat.credentials({ signal });
    observe({ kind: 'connect', door: connector.name, token: credentials.label });
    const attempt = { seat, credentials, cursors: new Map(cursors), signal, observe: tell };
    await using connection = await connector.dial(attempt);
    observe({ kind: 'ready', claims: connection.claims });
    await Promise.race([connection.closed, sleep(listensMs, undefined, { signal, ref: false })]);
    observe({ kind: 'close', by: 'session', code: 1000 });
    return 'in';
  } catch (error) {
    const answer = refused(error, isOpen, observe);
    return signal.aborted ? 'no-answer' : answer;
  }
}

function refused(error: unknown, isOpen: boolean, observe: Attempt['observe']): Knock['let'] {
  if (!(error instanceof DialFailed)) return 'no-answer';
  const { at, reason, more } = error;
  const { status, closed } = more;
  observe({ kind: 'refused', at, reason, ...(status === undefined ? {} : { status }) });
  if (isOpen) observe({ kind: 'close', by: closed?.by ?? 'unknown' });
  return isDefinite(error) ? 'out' : 'no-answer';
}

/** Of HTTP: it is busy, or took too long; that is no answer to who asks. */
const passing = new Set([408, 425, 429]);

/** Told no, to who it is or to what it asked for: by the target, in words of its protocol. */
function isDefinite({ at, more: { status = 0, unauthorized = false, closed } }: DialFailed): boolean {
  if (unauthorized) return true;
  if (status >= 400 && status < 500) return !passing.has(status);
  // The connection lives, and we gave it up because of an answer.
  return at === 'join' && closed?.by === 'session';
}
