import type { Network } from '../disruption/port.js';
import { type Affliction, createRelay, type Fault, type RelayDoor } from '../network/index.js';
import type { Target } from '../target/port.js';
import type { Stage } from './stage.js';

/** What stands between one session and the target: the relay's doors, by the `host:port` that they lead to. */
export class Gate {
  constructor(private readonly doors: ReadonlyMap<string, RelayDoor>) {}

  cut(): void {
    for (const door of this.doors.values()) door.cut();
  }

  restore(): void {
    for (const door of this.doors.values()) door.restore();
  }

  afflict(fault: Fault): Affliction {
    return together([...this.doors.values()].map((door) => door.afflict(fault)));
  }

  /** The address to dial instead of the target's own; the same where nothing stands before it. */
  through(address: URL): URL {
    const door = this.doors.get(placeOf(address));
    if (!door) return address;
    const url = new URL(address);
    url.hostname = door.host;
    url.port = String(door.port);
    return url;
  }
}

/** A gate for each of these sessions, before every address that the client dials. */
export async function openGates(
  stage: Stage,
  sessions: readonly string[],
  target: Target,
): Promise<ReadonlyMap<string, Gate>> {
  const relay = createRelay(stage.random.fork('relay'));
  stage.scope.undo('close the relay', async () => relay[Symbol.asyncDispose]());
  const dialled = dialsOf(stage, target).map((address) => new URL(address));
  const places = new Map(dialled.map((url) => [placeOf(url), url]));
  const gates = sessions.map(async (session) => {
    const doors = [...places].map(
      async ([place, url]) => [place, await relay.door(session, url.hostname, portOf(url))] as const,
    );
    return [session, new Gate(new Map(await Promise.all(doors)))] as const;
  });
  return new Map(await Promise.all(gates));
}

/** Where sessions connect, with the target's own ports. */
export const dialsOf = ({ setup }: Stage, target: Target): readonly string[] =>
  setup.client.dials.map((address) => target.resolve(address));

/** The network of all who have a gate. */
export const networkOf = (gates: ReadonlyMap<string, Gate>): Network => ({
  afflict: (fault) => together([...gates.values()].map((gate) => gate.afflict(fault))),
});

const together = (parts: readonly Affliction[]): Affliction => ({
  met: () => parts.reduce((sum, part) => sum + part.met(), 0),
  lift: () => {
    for (const part of parts) part.lift();
  },
});

/** Ports that an address need not name. */
const usualPorts: Readonly<Record<string, number>> = {
  'ws:': 80,
  'wss:': 443,
  'http:': 80,
  'https:': 443,
  'mqtt:': 1883,
  'mqtts:': 8883,
};

export const portOf = ({ port, protocol }: URL): number => Number(port === '' ? usualPorts[protocol] : port);
export const placeOf = (url: URL): string => `${url.hostname}:${portOf(url)}`;
