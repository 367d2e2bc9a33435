import type { Contract } from '../contract/data.js';
import type { Event, EventOf, Facet, Header, Kind, TestId } from '../history/events.js';

/** `fail` > `unknown` > `pass`; `skipped` is neutral and decided before the run. */
export type Outcome = 'pass' | 'fail' | 'unknown' | 'skipped';

/** What a finding is about. One cause, one finding: a finding all of whose causes another explains steps back. */
export interface Cause {
  readonly subject: 'session' | 'message' | 'room' | 'service' | 'disruption';
  readonly id: string;
}

/** What a check says. */
export interface Finding {
  readonly outcome: Exclude<Outcome, 'skipped'>;
  /** One sentence for a person: who, which, when. */
  readonly summary: string;
  /** Numbers by name; durations are named `…Ms`. */
  readonly figures: Readonly<Record<string, number>>;
  /** The smallest set of events that shows it. */
  readonly evidence: readonly Event[];
  readonly blames: readonly Cause[];
  /** What the figures make likelier than the first of the check's usual causes; and what to look at then. */
  readonly likely?: Likely;
}

export interface Likely {
  readonly cause: string;
  readonly next: string;
}

/** Shared facts (the ledger of messages, of connections, …), folded once, whatever the number of checks. */
export interface Projection<View> {
  readonly id: string;
  readonly kinds: readonly Kind[];
  start(header: Header): Accumulator<View>;
}
export interface Accumulator<View> {
  see(event: Event): void;
  readonly view: View;
}

/** What a check may look at. */
export interface Context {
  readonly header: Header;
  facts<View>(projection: Projection<View>): View;
}

/** The end of a history: null where the program that wrote it was killed. */
export type End = EventOf<'end'> | null;

export interface Fold {
  see?(event: Event): void;
  judge(end: End): Finding;
}

/** One property, judged by folding over a history. Pure. */
export interface Check {
  /** Unique among all checks. */
  readonly id: string;
  readonly test: TestId;
  /** `explain` and the pages of docs/checks are made from it. */
  readonly about: About;
  /** Missing: the check is skipped, with the reason of the plan. */
  readonly needs: readonly Facet[];
  readonly uses: readonly Projection<unknown>[];
  readonly kinds: readonly Kind[];
  /** Does the contract promise it? Otherwise it is measured and shown, and does not bind. */
  binds(contract: Contract): boolean;
  start(context: Context): Fold;
}

export interface About {
  /** What it asks, for a person, as one question. */
  readonly question: string;
  /** How it is seen in a history. */
  readonly seenBy: string;
  /** What usually causes a failure. */
  readonly causes: readonly string[];
  /** What to look at next. */
  readonly next: readonly string[];
  /** Numbers of the catalogue of failure modes that it catches. */
  readonly modes: readonly number[];
}
