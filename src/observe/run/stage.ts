import type { Random } from '../../base/random.js';
import type { Phase } from '../../history/events.js';
import type { Recorder } from '../record/port.js';
import type { Scope } from '../target/port.js';
import type { Setup } from './setup.js';

/** Where a run takes place, and what its parts share. */
export interface Stage {
  readonly setup: Setup;
  readonly recorder: Recorder;
  readonly scope: Scope;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** What a service printed, redacted. */
  readonly output: (service: string, text: string) => void;
}

export const enter = (stage: Stage, phase: Phase): void => stage.recorder.run({ kind: 'phase', phase });

/** Waits. Rejects when the signal aborts. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
