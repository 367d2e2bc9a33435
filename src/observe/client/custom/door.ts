import { eitherOf } from '../../../system/signals.js';
import type { Door, Knock } from '../../identity/port.js';
import type { Client, Observe, Outgoing, Seat } from '../port.js';

/**
 * The way in of a library that reconnects by itself, as a door: it is opened with one token, and used until that is let in
 * (a probe is acknowledged) or refused.
 */
export function libraryDoor(
  name: string,
  open: (seat: Seat, observe: Observe) => Client,
  seat: Seat,
  probe: () => Outgoing,
): Door {
  return {
    name,
    via: 'connect',
    knock: async (token, { signal }) => {
      const heard: Heard = {};
      const refused = new AbortController();
      const there: Seat = {
        ...seat,
        credentials: () => Promise.resolve({ token: token ?? '', label: 'door' }),
        rejected: () => refused.abort(),
      };
      await using client = open(there, listening(heard));
      const either = eitherOf([signal, refused.signal]);
      const answer = await admission(client, probe, either).catch((): Knock['let'] => 'no-answer');
      return { ...heard, let: refused.signal.aborted ? 'out' : answer };
    },
  };
}

interface Heard {
  status?: number;
  instance?: string;
}

const listening = (heard: Heard): Observe => {
  return (seen) => {
    if (seen.kind === 'open' && seen.instance !== undefined) heard.instance = seen.instance;
    if (seen.kind === 'refused' && seen.status !== undefined) heard.status = seen.status;
    if (seen.kind === 'close' && seen.code !== undefined) heard.status = seen.code;
  };
};

async function admission(client: Client, probe: () => Outgoing, signal: AbortSignal): Promise<Knock['let']> {
  await client.connect({ signal });
  const { answer } = await client.send(probe(), { signal, written: () => undefined });
  return answer === 'ack' ? 'in' : 'no-answer';
}
