import type { DisruptionStep, EventOf } from '../../history/events.js';
import type { Power, Scope, Target } from '../target/port.js';

export interface Disruption {
  readonly type: string;
  readonly services: readonly string[];
  /** Any one of these powers over each of its services is enough. */
  readonly needs: readonly Power[];
  /** Does it give the process time to say goodbye? Otherwise the reason why not. */
  readonly graceful: true | string;
  /** Returns when every service is ready again at the door; throws `RESTART_FAILED` when one is not. */
  strike(scene: Scene): Promise<void>;
}

/** Where a disruption happens. */
export interface Scene {
  readonly target: Target;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  step(step: DisruptionStep, about?: Partial<Omit<EventOf<'disruption'>, 'kind' | 't' | 'step'>>): void;
}
