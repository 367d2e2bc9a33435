import { OutlastError } from '../../src/base/errors.js';
import { checkConfig } from '../../src/config/index.js';
import { anonymous, launch, restart, webSocket } from '../../src/config/face.js';
import type { Config } from '../../src/config/index.js';

/** Two replicas and one in reserve, and what they depend on. */
const services = {
  chat: launch({
    ...{ command: 'node chat.js {port:chat}', replicas: 2, spare: 1 },
    ready: 'http://127.0.0.1:{port:chat}/',
  }),
  database: launch({ command: 'db {port:database}', ready: 'tcp://127.0.0.1:{port:database}' }),
};
const url = 'ws://127.0.0.1:{port:chat.1}/';

/** A config that is right but for these parts. */
const configOf = (parts: { readonly client?: unknown; readonly disruption?: unknown }) => ({
  target: { services, users: anonymous(), client: webSocket({ url }) },
  disruption: restart('chat'),
  ...('disruption' in parts && { disruption: parts.disruption }),
  ...('client' in parts && { target: { services, users: anonymous(), client: parts.client } }),
});

/** The disruption as the engine gets it. */
export const checkedDisruption = (disruption: unknown): Config['disruption'] =>
  checkConfig(configOf({ disruption })).disruption;

/** A WebSocket client as the engine gets it. */
export const checkedWebSocket = (options: object): Config['target']['client'] =>
  checkConfig(configOf({ client: { ...webSocket({ url }), ...options } })).target.client;

export const problemsOfDisruption = (disruption: unknown) => problemsOf({ disruption });

export const problemsOfWebSocket = (options: object) =>
  problemsOf({ client: { ...webSocket({ url }), ...options } });

const problemsOf = (parts: Parameters<typeof configOf>[0]) => problemsIn(configOf(parts));

/** The lines of what is wrong with a config. */
export function problemsIn(config: unknown): readonly string[] {
  try {
    checkConfig(config);
  } catch (error) {
    if (error instanceof OutlastError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}
