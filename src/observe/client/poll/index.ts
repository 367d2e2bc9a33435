import { dial, type Waiting } from '../shared/dialling.js';
import { unfilled } from '../http/address.js';
import type { Connector } from '../port.js';
import { type ClientMeans, grievancesOf } from '../shared/means.js';
import { PollConnection } from './connection.js';
import type { PollOptions } from './options.js';

/** A session asks for what is new again and again, and sends by requests: what `reconnecting` begins anew when it fails. */
export function pollConnector(options: PollOptions, means: ClientMeans): Connector {
  const { url, sendTo, positions = true, answerWithinMs = 5_000 } = options;
  const kit = { options, run: means.run, digest: means.digest, ...grievancesOf('poll', means) };
  return {
    name: 'poll',
    dials: [url, ...(sendTo === undefined ? [] : [sendTo])].map(unfilled),
    lacks: {
      connection: 'messages are asked for again and again: no connection is held that could be lost',
      'close-codes': 'no connection is held, so none is closed with a code',
      instance: 'each question may be answered by another instance',
      ...(positions
        ? {}
        : { positions: 'the client says that messages carry no positions (`positions: false`)' }),
    },
    // What is in a room is shown to those who may read it.
    admission: 'join',
    dial: (attempt) => {
      const begin = (waiting: Waiting) => new PollConnection(kit, attempt, waiting);
      return dial(begin, attempt, { withinMs: answerWithinMs + 1_000, broken: kit.broken });
    },
  };
}
