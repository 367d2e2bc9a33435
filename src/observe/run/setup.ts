import type { Contract } from '../../contract/data.js';
import type { Facet, TestId } from '../../history/events.js';
import type { AnswerService } from '../answers/index.js';
import type { ClientKind } from '../client/port.js';
import type { Disruption } from '../disruption/port.js';
import type { Door, SignIn } from '../identity/port.js';
import type { Redactor } from '../record/port.js';
import type { Provision } from '../provision/port.js';
import type { LogReader, RecordSource, WhoAmI } from '../records/port.js';
import type { TargetKind } from '../target/port.js';

/** Everything that a run needs, composed and valid. */
export interface Setup {
  readonly run: string;
  readonly seed: string;
  /** `outlast/0.1.0` */
  readonly writer: string;
  readonly tests: readonly TestId[];
  readonly contract: Contract;
  readonly target: TargetKind;
  /** What is done to the target, in this order. */
  readonly strikes: readonly Strike[];
  /** From when everyone is back from one of them until the next. */
  readonly betweenMs: number;
  readonly client: ClientKind;
  readonly workload: Workload;
  /** What this set-up lacks besides what its parts say of themselves. */
  readonly without: Partial<Record<Facet, string>>;
  /** Called once, when the target is up and its placeholders can be filled in. */
  furnish(place: Place): Furniture;
  /** Is there a log that can be read? Known before the target is up. */
  readonly readsLog: boolean;
}

/** One disruption, and what of it is known before the run. */
export interface Strike {
  readonly disruption: Disruption;
  /** What is disrupted holds the sessions' connections. */
  readonly holdsConnections: boolean;
  /** What it does not show of this target, besides what it says of itself. */
  readonly lacks: Partial<Record<Facet, string>>;
  /** When it is to strike; absent: the first when all is prepared, the others `betweenMs` after everyone is back. */
  readonly moment?: StrikeMoment;
}

/** `ms` after everyone is back and chats (`whole`), or after the first of them is served again, whoever is back then (`returning`). */
export interface StrikeMoment {
  readonly when: 'whole' | 'returning';
  readonly ms: number;
}

export interface Workload {
  readonly sessions: number;
  readonly roomSize: number;
  readonly messagesPerSecond: number;
  /** How long the chat goes on undisturbed before anything is broken. */
  readonly steadyMs: number;
  /** How long nothing may arrive before the history is closed. */
  readonly quietMs: number;
  /** The longest text, in UTF-16 units. */
  readonly maxLength: number;
  readonly answerWithinMs: number;
}

/** What furniture may know of where it stands. */
export interface Place {
  resolve(text: string): string;
  readonly redactor: Redactor;
}

export interface Furniture {
  readonly provision: Provision;
  readonly signIn: SignIn;
  readonly doors: readonly Door[];
  readonly records: readonly RecordSource[];
  readonly whoAmI: WhoAmI | null;
  readonly log: LogReader | null;
  readonly answers: AnswerService | null;
}
