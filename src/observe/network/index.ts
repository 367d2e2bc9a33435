export { createRelay } from './relay.js';
export { Tap } from './tap.js';
export type { Relay, RelayDoor } from './relay.js';
