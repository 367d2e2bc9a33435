export { connectDoor, type ConnectDoorOptions } from './door.js';
export * from './port.js';
export { reconnecting, type ReconnectingOptions } from './reconnecting.js';
export type { ClientMeans } from './shared/means.js';
export type { Acknowledgement, Joined, OutgoingMessage, ReceivedMessage } from './shared/messages.js';
export { custom } from './custom/index.js';
export type { ClientDefinition, ClientHandles, ClientSession, Reply, Tell } from './custom/definition.js';
export type {
  RequestToken,
  SendAcknowledgement,
  SendAnswer,
  SendingOptions,
  SendRequest,
} from './http/options.js';
export { pollConnector } from './poll/index.js';
export type { PolledAnswer, PollOptions } from './poll/options.js';
export { sseConnector } from './sse/index.js';
export type { SseOptions, StreamedEvent } from './sse/options.js';
export { misbehaved } from './validate/rules.js';
export { watched } from './validate/watched.js';
export { webSocket, webSocketConnector } from './websocket/index.js';
export type { FrameFunctions, TokenPlace, WebSocketOptions } from './websocket/options.js';
export { mqtt, type MqttLibrary } from './mqtt/index.js';
export type { MqttOptions, PayloadAbout, PayloadMessage } from './mqtt/options.js';
export { socketIo } from './socketio/index.js';
export type { Library as SocketIoLibrary } from './socketio/line.js';
export {
  type Acknowledged,
  type Emission,
  type Entered,
  type Entrant,
  libraryReconnection,
  type Received,
  type Refusal,
  type RoomEntry,
  type SocketIoOptions,
} from './socketio/options.js';
export { gapsIn as gapsInSocketIo } from './socketio/protocol.js';
