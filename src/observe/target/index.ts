export { isLoopback, remoteAddresses } from './address.js';
export {
  defaultCommandTimeoutMs,
  defaultGraceMs,
  defaultReadyWithinMs,
  type AttachDescription,
  type Command,
  type LaunchDescription,
  type ServiceDescription,
} from './description.js';
export type { TargetEnvironment } from './environment.js';
export { isOwn } from './port.js';
export type {
  AnyReplica,
  AttachedReplica,
  Exit,
  Look,
  OwnReplica,
  Power,
  Scope,
  Service,
  SignalName,
  StartCall,
  Target,
  TargetKind,
} from './port.js';
export { lastWords, whenReady } from './ready.js';
export { createTarget } from './target.js';
