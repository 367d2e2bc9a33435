import type { DisruptionStep, EventOf } from '../../history/events.js';
import type { Power, Scope, Target } from '../target/port.js';

export interface Disruption {
  readonly type: string;
  readonly services: readonly string[];
  /** Any one of these powers over each of its services is enough. */
  readonly needs: readonly Power[];
  /** Does it give the process time to say goodbye? Otherwise the reason why not. */
  readonly graceful: true | string;
  /**
   * Returns when every service is ready again at the door. Throws `RESTART_FAILED` when one is not, or when what answers there is
   * not it; `POWER_MISSING` before anything is touched.
   */
  strike(scene: Scene): Promise<void>;
}

/** What is told with a step. */
export type About = Partial<Omit<EventOf<'disruption'>, 'kind' | 't' | 'step'>>;

/** Where a disruption happens. */
export interface Scene {
  readonly target: Target;
  /** What is broken is registered here before it is broken, with how to heal it. */
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Told in this order for each replica: begin, signal, exited, port-closed, started, ready, end; or failed. */
  step(step: DisruptionStep, about?: About): void;
}
