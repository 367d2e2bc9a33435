export { createRelay } from './relay.js';
export type { Relay, RelayDoor } from './relay.js';
