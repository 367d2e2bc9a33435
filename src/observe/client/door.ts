import type { Call, Door, Knock } from '../identity/port.js';
import { type Connection, type Connector, DialFailed, type Outgoing, type Seat } from './port.js';

export interface ConnectDoorOptions {
  /** Unless told: the connector's name, which is also what sessions call the door that they come in by. */
  readonly name?: string;
  /** In whose place the door is tried: it needs a room that no check judges. */
  readonly seat: Seat;
  /** A message for a target that confirms no joins: its acknowledgement shows that the token was let in. */
  readonly probe: () => Outgoing;
}

/**
 * A door that is a connection. *In* is a privileged operation done: a join that the target confirmed, or, where joins are
 * not confirmed, a probe that it acknowledged. *Out* is a definite refusal (401, 403, close 4401 or 1008). A handshake alone,
 * a dead port, silence: no answer. What happens there is told nobody: only the knock is evidence.
 */
export function connectDoor(connector: Connector, options: ConnectDoorOptions): Door {
  return {
    name: options.name ?? connector.name,
    via: 'connect',
    knock: async (token, call) => {
      const heard: Heard = {};
      try {
        await using connection = await dial(connector, options.seat, token, { ...call, heard });
        return { ...heard, ...(await admission(connector, connection, options, call)) };
      } catch (error) {
        return { ...heard, ...knockOf(error) };
      }
    },
  };
}

interface Heard {
  instance?: string;
}

function dial(
  connector: Connector,
  seat: Seat,
  token: string | null,
  { signal, heard }: Call & { readonly heard: Heard },
): Promise<Connection> {
  return connector.dial({
    seat,
    credentials: token === null ? null : { token, label: 'door' },
    cursors: new Map(),
    signal,
    observe: (seen) => {
      if (seen.kind === 'open' && seen.instance !== undefined) heard.instance = seen.instance;
    },
  });
}

async function admission(
  connector: Connector,
  connection: Connection,
  { seat, probe }: ConnectDoorOptions,
  { signal }: Call,
): Promise<Knock> {
  if (connector.admission === 'join' && seat.rooms.length > 0) return { let: 'in' };
  if (connector.admission === 'unseen') return refusalOf(connection);
  const answer = await connection.send(probe(), { signal, written: () => undefined });
  return answer.answer === 'ack' ? { let: 'in' } : refusalOf(connection);
}

/** Was the connection that was to be tried closed because of the token? One that is still open says nothing. */
async function refusalOf(connection: Connection): Promise<Knock> {
  const closed = await Promise.race([connection.closed, Promise.resolve(null)]);
  if (!closed) return { let: 'no-answer' };
  const status = closed.code === undefined ? {} : { status: closed.code };
  return { let: closed.unauthorized === true || closed.code === 1008 ? 'out' : 'no-answer', ...status };
}

function knockOf(error: unknown): Knock {
  if (!(error instanceof DialFailed)) return { let: 'no-answer' };
  const { unauthorized = false, status, instance } = error.more;
  return {
    let: unauthorized ? 'out' : 'no-answer',
    ...(status === undefined ? {} : { status }),
    ...(instance === undefined ? {} : { instance }),
  };
}
