export { isLoopback, remoteAddresses } from './address.js';
export { countOf } from './description.js';
export type { AttachDescription, Command, LaunchDescription, ServiceDescription } from './description.js';
export { prepared } from './command.js';
export { environmentFor, type TargetEnvironment } from './environment.js';
export type { ManagerDescription } from './managers/index.js';
export { type Counts, numbered, ownerOf } from './names.js';
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
  ServiceKind,
  SignalName,
  StartCall,
  Target,
  TargetKind,
} from './port.js';
export { lastWords, whenReady } from './ready.js';
export { createTarget } from './target.js';
