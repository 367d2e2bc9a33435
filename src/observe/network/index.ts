export { endsConnections } from './fault.js';
export type { Affliction, Fault, Stream } from './fault.js';
export { createRelay } from './relay.js';
export { Tap } from './tap.js';
export type { Relay, RelayDoor } from './relay.js';
