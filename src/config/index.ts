export { checkConfig } from './check.js';
export { loadConfig } from './load.js';
export { secretsRead } from './secrets.js';
export type { Config } from './types.js';
