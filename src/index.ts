// What users import from `outlast`: everything that a config file is written with.
export * from './config/face.js';
export type {
  AnswersOptions,
  AttachOptions,
  ConfigInput,
  ContractOptions,
  CustomClientOptions,
  GetOptions,
  JwtOptions,
  LaunchOptions,
  PagesOptions,
  PasswordOptions,
  PollInput,
  PollOptions,
  ProvisionOptions,
  SseOptions,
  TargetInput,
  WebSocketOptions,
  WorkloadInput,
} from './config/input.js';
export type {
  ClientHandles,
  ClientSession,
  PolledAnswer,
  Reply,
  SendAnswer,
  StreamedEvent,
  Tell,
} from './observe/client/descriptions.js';
export type { Duration } from './base/duration.js';
export { OutlastError, type ErrorCode } from './base/errors.js';
export type { TestId } from './history/events.js';
export type { CheckResult, TestResult, Verdict } from './judge/verdict.js';
