import { messageOf } from '../../../base/errors.js';
import { type Attempt, type Connection, DialFailed } from '../port.js';
import { MappingFailure } from './mapping.js';
import type { Grievances } from './means.js';
import { Veil } from './veil.js';

/** Whoever dials: told once, of one of the two. */
export interface Waiting {
  entered(): void;
  failed(error: DialFailed): void;
}

export interface Dialled extends Connection {
  /** Gives the dial up: nobody waits any longer. */
  abandon(why: string): void;
}

type Begin = (waiting: Waiting) => Dialled;

interface Terms {
  readonly withinMs: number;
  readonly broken: Grievances['broken'];
}

/** Resolves when the connection is in its rooms. `begin` may throw where nothing can be asked for at all. */
export async function dial(begin: Begin, attempt: Attempt, { withinMs, broken }: Terms): Promise<Connection> {
  attempt.signal.throwIfAborted();
  try {
    return await entered(begin, attempt, withinMs);
  } catch (error) {
    if (error instanceof DialFailed) throw error;
    const veil = new Veil(attempt.credentials?.token ?? null);
    const veiled = (text: string) => veil.over(text, () => undefined);
    if (error instanceof MappingFailure) broken(error, veiled);
    throw new DialFailed('dial', veiled(messageOf(error)));
  }
}

async function entered(begin: Begin, { signal }: Attempt, withinMs: number): Promise<Connection> {
  let stopWaiting = (): void => undefined;
  try {
    return await new Promise<Connection>((resolve, failed) => {
      const connection = begin({ entered: () => resolve(connection), failed });
      const callOff = () => connection.abandon('the attempt was called off');
      const late = () => connection.abandon(`expected to be in every room within ${withinMs} ms`);
      const timer = setTimeout(late, withinMs);
      signal.addEventListener('abort', callOff, { once: true });
      stopWaiting = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', callOff);
      };
    });
  } finally {
    stopWaiting();
  }
}
