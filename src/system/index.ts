export { abortable } from './abortable.js';
export { atomicWrite } from './atomic-write.js';
export { startGuardian, type Guardian } from './guardian.js';
export { http, jsonOf, type HttpAnswer, type HttpRequest } from './http.js';
export { watchParent } from './orphan.js';
export { freePort, isOwnEcho, portTaken } from './ports.js';
export {
  startGroup,
  stopGroup,
  within,
  ProcessGroup,
  type Exit,
  type GroupCommand,
} from './process-group.js';
export { runCommand, type CommandRun } from './run-command.js';
export { removeScratch, removeScratchNow, scratchFolder } from './scratch.js';
export { createScope, type Scope, type Trouble } from './scope.js';
export { eitherOf } from './signals.js';
export { wordsOf } from './words.js';
