import { type Answer, DialFailed, type Outgoing } from '../port.js';
import { attempted, MappingFailure, type MappingName } from '../shared/mapping.js';
import type { ClientMeans, Grievances } from '../shared/means.js';
import type { OutgoingMessage, ReceivedMessage } from '../shared/messages.js';
import { receiptOf, wordOf } from '../shared/receipt.js';
import type { Acknowledged, Emission, Entered, Entrant, RoomEntry, SocketIoOptions } from './options.js';
import type { Protocol } from './protocol.js';

/** What all sessions of one client share. */
export interface Kit extends Pick<ClientMeans, 'run' | 'digest'>, Grievances {
  readonly options: SocketIoOptions;
  readonly protocol: Protocol;
}

type Receipt = NonNullable<ReturnType<typeof receiptOf>>;

/** The functions of the config, for one session: what they give is looked at, and what they do wrong is told. */
export class Mapping {
  constructor(
    private readonly kit: Kit,
    /** Takes the token out of a text. */
    private readonly veil: (text: string) => string,
  ) {}

  /** What the server reads from `socket.handshake.auth`. Throws `MappingFailure`. */
  auth(token: string, entrant: Entrant): object {
    const { auth } = this.kit.options;
    if (!auth) return token === '' ? {} : { token };
    const given: unknown = attempted('socket-io.auth', () => auth(token, entrant));
    if (isObject(given) && !(given instanceof Promise) && !Array.isArray(given)) return given;
    throw new MappingFailure('socket-io.auth', { gave: given });
  }

  /** Null: the function failed. */
  send(message: Outgoing, user: string): Emission | null {
    const { send } = this.kit.options;
    const outgoing: OutgoingMessage = { id: message.message, room: message.room, text: message.text, user };
    try {
      return emissionOf('socket-io.send', () => send(outgoing), outgoing);
    } catch (error) {
      this.blamed(error);
      return null;
    }
  }

  /** Throws `MappingFailure`. */
  join(entry: RoomEntry): Emission | null {
    const { join } = this.kit.options;
    return join ? emissionOf('socket-io.join', () => join(entry), entry) : null;
  }

  /** Null: the answer does not confirm the room. Throws `DialFailed` where it refuses it. */
  joined(answer: readonly unknown[]): Exclude<Entered, { refused: string }> | null {
    const entered = this.#apply('socket-io.joined', this.kit.options.joined, answer, answer);
    if (entered?.refused === undefined) return entered;
    const { refused, unauthorized = false } = entered;
    throw new DialFailed('join', this.veil(String(refused)), { unauthorized, closed: { by: 'session' } });
  }

  /** What an answer says of a message that was sent. */
  answer(answer: readonly unknown[]): Answer {
    const { acknowledge } = this.kit.options;
    const said: Acknowledged | null = acknowledge
      ? this.#apply('socket-io.acknowledge', acknowledge, answer, answer)
      : {};
    if (said === null)
      return { answer: 'unsure', reason: 'the answer says neither yes nor no (`acknowledge` gave null)' };
    if (said.refused !== undefined) return { answer: 'nack', reason: this.veil(String(said.refused)) };
    const id = wordOf(said.storedAs);
    const position = wordOf(said.position);
    return {
      answer: 'ack',
      ...(id === undefined ? {} : { id }),
      ...(position === undefined ? {} : { position }),
    };
  }

  /** The messages that an event brings. */
  receive(event: string, parameters: readonly unknown[]): Receipt[] {
    const { receive } = this.kit.options;
    const shown = [event, ...parameters];
    const given =
      typeof receive === 'function'
        ? this.#apply('socket-io.receive', receive, [event, ...parameters], shown)
        : Object.hasOwn(receive, event)
          ? this.#apply('socket-io.receive', receive[event], parameters, shown)
          : null;
    if (given === null) return [];
    return (isList(given) ? given : [given]).flatMap((one: ReceivedMessage) => {
      const receipt = receiptOf(one, this.kit);
      if (receipt === null) this.blamed(new MappingFailure('socket-io.receive', { gave: given }, shown));
      return receipt ?? [];
    });
  }

  /** Why, in a few words; the run is told more. Throws what is nobody's mapping. */
  blamed(error: unknown): string {
    if (!(error instanceof MappingFailure)) throw error;
    this.kit.broken(error, this.veil);
    return error.message;
  }

  /** Null also where the function failed. */
  #apply<Result extends object, Given extends readonly unknown[]>(
    name: MappingName,
    map: ((...given: Given) => Result | null) | undefined,
    given: Given,
    shown: unknown,
  ): Result | null {
    try {
      const result: unknown = attempted(name, () => map?.(...given) ?? null, shown);
      if (result === null || (isObject(result) && !(result instanceof Promise)))
        return result as Result | null;
      throw new MappingFailure(name, { gave: result }, shown);
    } catch (error) {
      this.blamed(error);
      return null;
    }
  }
}

function emissionOf(name: MappingName, make: () => unknown, on: unknown): Emission {
  const given = attempted(name, make, on);
  if (Array.isArray(given) && typeof given[0] === 'string' && !reserved.has(given[0]))
    return given as unknown as Emission;
  throw new MappingFailure(name, { gave: given }, on);
}

/** Names that the library keeps for itself: `emit` throws on them. */
const reserved = new Set([
  ...['connect', 'connect_error', 'disconnect', 'disconnecting'],
  ...['newListener', 'removeListener'],
]);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** `Array.isArray` does not narrow a readonly list. */
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
