import type { Seat } from '../port.js';
import type { ClientSession, Tell } from './definition.js';
import type { Kit } from './kit.js';
import type { Life } from './life.js';

/** What the client is given: its seat, in the words of its author. */
export function sessionOf(
  { definition, rewound }: Kit,
  seat: Seat,
  of: {
    readonly token: () => Promise<string>;
    readonly cursors: ReadonlyMap<string, string>;
    readonly signal: AbortSignal;
    readonly tell: Tell;
  },
): ClientSession {
  const through = (address: string) => seat.resolve(address).href;
  const { user, rooms } = seat;
  return {
    ...{ user, rooms, through, token: of.token, signal: of.signal, tell: of.tell },
    url: through(definition.url),
    after: (room) => rewound(room) ?? of.cursors.get(room) ?? null,
  };
}

/** What is told goes to the life that it is of; `late` is told of what comes when there is none any more. */
export function tellingOf(
  life: (told: keyof Tell) => Life | null,
  answered: (id: string, reply: unknown) => void,
  connecting: () => void,
): Tell {
  return {
    connecting,
    opened: (about) => life('opened')?.opened(about),
    joining: (room, about) => life('joining')?.joining(room, about),
    joined: (room, about) => life('joined')?.joined(room, about),
    ready: (about) => life('ready')?.ready(about),
    received: (message) => life('received')?.received(message),
    refused: (why) => life('refused')?.refused(why),
    closed: (how) => life('closed')?.closed(how),
    acknowledged: ({ id, ...more }) => {
      if (life('acknowledged')) answered(id, { answer: 'ack', ...more });
    },
    rejected: ({ id, reason }) => {
      if (life('rejected')) answered(id, { answer: 'nack', reason });
    },
  };
}
