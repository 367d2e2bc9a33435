// What a config file imports from `outlast`.
export {
  atLeastOnce,
  atMostOnce,
  attach,
  crash,
  defineConfig,
  exactlyOnce,
  get,
  jwt,
  launch,
  pages,
  password,
  provision,
  restart,
  webSocket,
} from './factories.js';
export { env } from './secrets.js';
