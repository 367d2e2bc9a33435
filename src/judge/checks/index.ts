import type { Check } from '../port.js';
import { acrossInstances } from './continuity/across-instances.js';
import { answersCancelled } from './continuity/answers-cancelled.js';
import { answersComplete } from './continuity/answers-complete.js';
import { answersContinuous } from './continuity/answers-continuous.js';
import { logKept } from './continuity/log-kept.js';
import { messagesAltered } from './continuity/messages-altered.js';
import { messagesDuplicated } from './continuity/messages-duplicated.js';
import { messagesLeaked } from './continuity/messages-leaked.js';
import { messagesLost } from './continuity/messages-lost.js';
import { messagesPhantom } from './continuity/messages-phantom.js';
import { messagesReordered } from './continuity/messages-reordered.js';
import { threadContinues } from './continuity/thread-continues.js';
import { chatLog } from './integrity/chat-log.js';
import { noRecordChanged } from './integrity/no-record-changed.js';
import { sessionData } from './integrity/session-data.js';
import { userData } from './integrity/user-data.js';
import { availability } from './performance/availability.js';
import { reconnect } from './performance/reconnect.js';
import { recovery } from './performance/recovery.js';
import { restart } from './performance/restart.js';
import { total } from './performance/total.js';
import { anyInstance } from './reconnect/any-instance.js';
import { connectionWasLost } from './reconnect/connection-was-lost.js';
import { idleTimeOut } from './reconnect/idle-time-out.js';
import { movedOnce } from './reconnect/moved-once.js';
import { reconnectTime } from './reconnect/reconnect-time.js';
import { reconnected } from './reconnect/reconnected.js';
import { resumedHonestly } from './reconnect/resumed-honestly.js';
import { routedToReady } from './reconnect/routed-to-ready.js';
import { spread } from './reconnect/spread.js';
import { cameBack } from './session/came-back.js';
import { closeCode } from './session/close-code.js';
import { exitCode } from './session/exit-code.js';
import { identityKept } from './session/identity-kept.js';
import { noSecondLogin } from './session/no-second-login.js';
import { requestsFinished } from './session/requests-finished.js';
import { acceptedAfter } from './token/accepted-after.js';
import { acceptedBefore } from './token/accepted-before.js';
import { forgedRefused } from './token/forged-refused.js';
import { notExpired } from './token/not-expired.js';
import { refreshWorks } from './token/refresh-works.js';
import { revokedRefused } from './token/revoked-refused.js';
import { secretsHidden } from './token/secrets-hidden.js';

/** The catalogue, in the order of the six tests. */
export const checks: readonly Check[] = [
  ...[identityKept, noSecondLogin, cameBack, closeCode, exitCode, requestsFinished],
  ...[acceptedBefore, acceptedAfter, notExpired, refreshWorks, revokedRefused, forgedRefused, secretsHidden],
  ...[connectionWasLost, reconnected, reconnectTime, resumedHonestly],
  ...[routedToReady, anyInstance, movedOnce, spread, idleTimeOut],
  ...[messagesLost, messagesDuplicated, messagesReordered, messagesAltered],
  ...[messagesLeaked, messagesPhantom, logKept, threadContinues, acrossInstances],
  ...[answersComplete, answersContinuous, answersCancelled],
  ...[userData, sessionData, chatLog, noRecordChanged],
  ...[restart, recovery, reconnect, total, availability],
];
