import path from 'node:path';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');

/** The shared key of the fixtures' services: no file of a run may hold it. */
export const tokenKey = 'the-key-of-the-fixtures-0123456789abcdef';

export interface ConfigOptions {
  /** More variables for the service. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More lines for `launch({ … })`. */
  readonly launch?: string;
  /** Instead of the launched service. */
  readonly backend?: string;
  readonly ready?: string;
  readonly socket?: string;
  /** The line that says what is promised, such as `contract: exactlyOnce(),`. */
  readonly contract?: string;
}

const health = 'http://127.0.0.1:{port:backend}/health';
const socket = 'ws://127.0.0.1:{port:backend}/ws';

/** A config, as text, that judges one of the fixtures' services: `service` is its file there and its arguments. */
export function configFor(service: readonly string[], options: ConfigOptions = {}): string {
  const [file = '', ...args] = service;
  const environment = {
    ...{ PORT: '{port:backend}', DATA: '{folder:data}', JWT_SECRET: tokenKey },
    ...options.environment,
  };
  const launched = `launch({
    command: ${JSON.stringify([process.execPath, path.join(fixtures, file), ...args])},
    environment: ${JSON.stringify(environment)},
    ready: ${JSON.stringify(options.ready ?? health)},
    instance: 'boot',
    ${options.launch ?? ''}
  })`;
  return `
import { attach, defineConfig, exactlyOnce, get, jwt, launch, pages, restart, webSocket } from 'outlast';

export default defineConfig({
  target: {
    services: { backend: ${options.backend ?? launched} },
    users: jwt({ secret: '${tokenKey}' }),
    client: webSocket({ url: ${JSON.stringify(options.socket ?? socket)}, token: 'query', dialTimeout: '2s' }),
    records: { profile: get('/users/me') },
    log: pages(),
  },
  ${options.contract ?? ''}
  workload: { sessions: 8, roomSize: 4, messagesPerSecond: 50, steady: '300ms', quiet: '300ms' },
  disruption: restart('backend'),
});
`;
}
