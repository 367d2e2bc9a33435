export { connectDoor, type ConnectDoorOptions } from './door.js';
export * from './port.js';
export { reconnecting, type ReconnectingOptions } from './reconnecting.js';
export { webSocket, webSocketConnector, type WebSocketMeans } from './websocket/index.js';
export type {
  Acknowledgement,
  FrameFunctions,
  Joined,
  OutgoingMessage,
  ReceivedMessage,
  TokenPlace,
  WebSocketOptions,
} from './websocket/options.js';
