import { seeded } from '../../../src/base/random.js';
import { tagOf } from '../../../src/history/tag.js';
import type { Credentials, Outgoing, Seat } from '../../../src/observe/client/index.js';

export const run = 'r0000001';
export const forever = new AbortController().signal;

export interface TestSeat extends Seat {
  /** Labels of the tokens that the target refused. */
  readonly refusedTokens: string[];
}

/** A seat whose tokens are `token-1`, `token-2`, …: another one after each that was refused. */
export function seatAt(changes: Partial<Seat> = {}): TestSeat {
  const refusedTokens: string[] = [];
  return {
    session: '1',
    user: 'ada',
    rooms: ['lobby'],
    credentials: () => {
      const number = refusedTokens.length + 1;
      return Promise.resolve({ token: `token-${number}`, label: `s1-${number}` });
    },
    rejected: ({ label }: Credentials) => refusedTokens.push(label),
    resolve: (url) => new URL(url),
    random: seeded('a seat'),
    ...changes,
    refusedTokens,
  };
}

/** Message number `number` of a session, as the workload would write it. */
export function messageOf(number: number, words = 'hello', session = '1'): Outgoing {
  const message = `${run}.${session}.${number}`;
  return { message, room: 'lobby', text: `${tagOf(message)} ${words}` };
}

/** A send that is never called off. */
export const patient = () => ({ signal: forever, written: () => undefined });
