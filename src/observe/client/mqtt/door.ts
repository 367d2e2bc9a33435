import type { MqttClient } from 'mqtt';
import type { Door, Knock } from '../../identity/port.js';
import type { Seat } from '../port.js';
import { isFailure, statusOf } from './codes.js';
import { loginOf } from './entrance.js';
import { clientIdOf, clientName, type Kit } from './kit.js';
import type { Suback } from './packets.js';
import { visit, type Visitor } from './visit.js';

/**
 * The way in as a door: a token is shown as the password, and a room is subscribed to, which is the privileged operation.
 * *Out* is a definite refusal (CONNACK 4 or 5; 134 or 135 in MQTT 5). Silence, or a broker that is not there: no answer.
 */
export function mqttDoor(kit: Kit, seat: Seat): Door {
  let knocks = 0;
  return {
    name: clientName,
    via: 'connect',
    knock: async (token, { signal }) => {
      const knocking = new Knocking(kit, seat);
      const entrance = {
        ...{ options: kit.options, kept: false },
        login: loginOf(seat, token === null ? null : { token, label: 'door' }),
        clientId: clientIdOf(kit, `${seat.session}door${++knocks}`),
        through: seat.resolve(kit.options.url),
        origin: (seat.origin ?? seat.resolve)(kit.options.url),
      };
      await visit(kit.library, entrance, knocking, signal);
      return knocking.heard;
    },
  };
}

/** What one knock heard so far. */
class Knocking implements Visitor {
  heard: Knock = { let: 'no-answer' };
  #client: MqttClient | null = null;

  constructor(
    private readonly kit: Kit,
    private readonly seat: Seat,
  ) {}

  readonly letIn = (client: MqttClient): void => {
    this.#client = client;
    const [room] = this.seat.rooms;
    if (room === undefined) client.end();
    else client.subscribe(this.kit.topics.of(room), () => undefined);
  };

  readonly refused = (code: number): void => {
    const status = statusOf(code);
    if (status !== undefined) this.heard = { let: 'out', status };
  };

  readonly granted = ({ granted }: Suback): void => {
    const code = Number(granted[0] ?? 128);
    if (isFailure(code)) this.refused(code);
    else this.heard = { let: 'in' };
    this.#client?.end();
  };
}
