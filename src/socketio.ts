// What users import from `outlast/socketio`: sessions that speak through socket.io-client, which they install themselves.
export * from './config/faces/socketio.js';
export type { SocketIoOptions } from './config/input/socket-io.js';
