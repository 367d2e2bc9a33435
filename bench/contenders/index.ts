import type { Contender } from './contender.js';

export type { Bare, Contender } from './contender.js';

// One at a time: a process that measures one library has not loaded the others.
const contenders = {
  websocket: async () => (await import('./websocket.js')).websocket,
  sse: async () => (await import('./sse.js')).sse,
  poll: async () => (await import('./poll.js')).poll,
  socketio: async () => (await import('./socketio.js')).socketio,
  mqtt: async () => (await import('./mqtt.js')).mqtt,
  'mqtt-over-ws': async () => (await import('./mqtt.js')).mqttOverWebSocket,
} satisfies Record<string, () => Promise<Contender>>;

export type ContenderName = keyof typeof contenders;

export const contenderNames = Object.keys(contenders) as readonly ContenderName[];

export const contenderNamed = (name: ContenderName): Promise<Contender> => contenders[name]();
