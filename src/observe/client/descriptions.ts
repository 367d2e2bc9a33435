// What clients are told, as types alone. Declarations that users' configs reach come from here and not from `index.ts`,
// which names the types of libraries that most users do not install.
export type { ClientDefinition, ClientHandles, ClientSession, Reply, Tell } from './custom/definition.js';
export type {
  RequestToken,
  SendAcknowledgement,
  SendAnswer,
  SendingOptions,
  SendRequest,
} from './http/options.js';
export type { MqttOptions, PayloadAbout, PayloadMessage } from './mqtt/options.js';
export type { PolledAnswer, PollOptions } from './poll/options.js';
export type { Acknowledgement, Joined, OutgoingMessage, ReceivedMessage } from './shared/messages.js';
export type {
  Acknowledged,
  Emission,
  Entered,
  Entrant,
  Received,
  Refusal,
  RoomEntry,
  SocketIoOptions,
} from './socketio/options.js';
export type { SseOptions, StreamedEvent } from './sse/options.js';
export type { FrameFunctions, TokenPlace, WebSocketOptions } from './websocket/options.js';
