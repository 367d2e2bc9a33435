import type { DisruptionStep, EventOf, Facet } from '../../history/events.js';
import type { Affliction, Fault } from '../network/index.js';
import type { Power, Scope, ServiceKind, Target } from '../target/port.js';

/** One thing that is done to the target. */
export interface Disruption {
  readonly type: string;
  /** Whose doors are watched meanwhile. */
  readonly services: readonly string[];
  /** Any one of these powers over each of its services is enough; where none is named, none is needed. */
  readonly needs: readonly Power[];
  /** Why it cannot be done to a service over which there is a power, in words; null, or absent: it can. */
  objection?(service: ServiceKind): string | null;
  /** What it does not show, with the reason: checks that need it leave this disruption out. */
  readonly lacks: Partial<Record<Facet, string>>;
  /** What else it touches, to refuse what is remote before anything is touched. */
  readonly addresses?: readonly string[];
  /** Every session has to reach the target through the relay, which this disrupts. */
  readonly needsRelay?: boolean;
  /** Called once, when the target is up and before sessions connect. Whatever it makes is taken away by the scope. */
  prepare?(ground: Ground): Promise<void>;
  /**
   * Returns when every service is ready again at the door. Throws `RESTART_FAILED` when one is not, or when what answers there is
   * not it; `TARGET_GONE` when what depends on it is not; `DISRUPTION_FAILED` when nothing could be done; `POWER_MISSING` before
   * anything is touched.
   */
  strike(scene: Scene): Promise<void>;
}

/** What is told with a step. */
export type About = Partial<Omit<EventOf<'disruption'>, 'kind' | 't' | 'step'>>;

/** Where disruptions are prepared. */
export interface Ground {
  readonly target: Target;
  /** Where sessions connect. */
  readonly dials: readonly string[];
  /** What is broken is registered here before it is broken, with how to heal it. */
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

/** Where a disruption happens. */
export interface Scene extends Ground {
  /**
   * Told in this order for each replica: begin, signal, exited, port-closed, held, released, started, ready, end, as far as there
   * is such a step; or failed.
   */
  step(step: DisruptionStep, about?: About): void;
  /**
   * Resolves when something has just been acknowledged, or nothing is for too long. Awaited last before the first signal: whatever had
   * to be looked up for it has taken its time by then, and a disruption in a quiet moment proves little.
   */
  untilChatting(): Promise<void>;
  /** The relay before every session; there for those who need it. */
  readonly network?: Network;
}

/** The network of all sessions. */
export interface Network {
  /** Puts a fault in force on every connection there is and will be, until it is lifted. */
  afflict(fault: Fault): Affliction;
}
