// What a config file imports from `outlast`.
export {
  anonymous,
  atLeastOnce,
  atMostOnce,
  attach,
  crash,
  credentials,
  defineClient,
  defineConfig,
  exactlyOnce,
  get,
  jwt,
  launch,
  pages,
  password,
  provision,
  restart,
  rolling,
  sequence,
  sse,
  webSocket,
} from './factories.js';
export { env } from './secrets.js';
