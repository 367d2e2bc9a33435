import { messageOf } from '../base/errors.js';
import type { Event, Header, Kind, TestId } from '../history/events.js';
import { checks as catalogue } from './checks/index.js';
import { connections } from './facts/connections.js';
import { messages } from './facts/messages.js';
import { notices } from './facts/notices.js';
import { withPlaceTold } from './facts/place-told.js';
import { timeline } from './facts/timeline.js';
import { unknown } from './finding.js';
import type { Accumulator, Check, Context, End, Finding, Fold, Outcome, Projection } from './port.js';
import { lackOf } from './lacks.js';
import { verdictFrom, type Judged } from './assemble.js';
import { outcomesOf, type Outcomes } from './sweep/outcomes.js';
import type { Verdict } from './verdict.js';

export interface JudgingOptions {
  /** Of the tests that the plan asks for, only these. */
  readonly only?: readonly TestId[];
  /** The catalogue unless told. */
  readonly checks?: readonly Check[];
}

export interface About {
  /** Wall clock, ISO 8601. */
  readonly judgedAt: string;
  /** What the reader of the history noticed: a torn last line, events of unknown kinds. */
  readonly notes?: readonly string[];
  /** What else came out where the clocks of several files may stand otherwise to each other. */
  readonly doubt?: Doubt;
}

/** `within`: how well the clocks are known, in words. By the id of a check: what it found under the other alignments. */
export interface Doubt {
  readonly within: string;
  readonly outcomes: ReadonlyMap<string, ReadonlySet<Outcome>>;
}

export interface Judging {
  /** Takes one event, in the order of the file. Never throws. */
  see(event: Event): void;
  /** Call once, when all has been seen. `end` is null where the program that wrote the history was killed. */
  verdict(end: End, about: About): Verdict;
  /** What became of each disruption that struck; call once, after `verdict`. */
  outcomes(): Outcomes;
}

/** Folds every check over one history, in one pass. */
export function judging(header: Header, options: JudgingOptions = {}): Judging {
  const asked = header.plan.tests.filter((test) => options.only?.includes(test) ?? true);
  const all = (options.checks ?? catalogue).filter(({ test }) => asked.includes(test));
  return new OnePass(header, asked, all);
}

class OnePass implements Judging {
  readonly #facts: Facts;
  readonly #folds: readonly Folding[];
  readonly #dispatch: (event: Event) => void;
  #lastAt = 0;
  #outcomes: () => Outcomes = () => new Map();

  constructor(
    readonly header: Header,
    readonly asked: readonly TestId[],
    readonly checks: readonly Check[],
  ) {
    const basic = [timeline, connections, messages, notices];
    this.#facts = new Facts(header, [...basic, ...checks.flatMap(({ uses }) => uses)]);
    const able = checks.filter((check) => lackOf(check, header) === null);
    this.#folds = able.map((check) => new Folding(check, this.#facts));
    this.#dispatch = dispatcher([...this.#facts.all, ...this.#folds]);
  }

  see(event: Event): void {
    this.#lastAt = Math.max(this.#lastAt, event.t);
    this.#dispatch(withPlaceTold(event));
  }

  verdict(end: End, about: About): Verdict {
    const { doubt } = about;
    const findings = new Map(
      this.#folds.map((fold) => [
        fold.check,
        sure(fold.judge(end), doubt?.outcomes.get(fold.check.id), doubt),
      ]),
    );
    const results = this.checks.map((check): Judged => {
      return { check, lacks: lackOf(check, this.header), finding: findings.get(check) ?? null };
    });
    const { asked } = this;
    const totalMs = end?.t ?? this.#lastAt;
    const verdict = verdictFrom({ context: this.#facts, end, about, asked, results, totalMs });
    this.#outcomes = () => outcomesOf(this.#facts, results, verdict, end);
    return verdict;
  }

  outcomes(): Outcomes {
    return this.#outcomes();
  }
}

/** What depends on how clocks stand to each other, and they are not known so well, is not known. */
function sure(found: Finding, others: ReadonlySet<Outcome> | undefined, doubt: Doubt | undefined): Finding {
  if (!others || !doubt || [...others].every((outcome) => outcome === found.outcome)) return found;
  if (found.outcome === 'unknown') return found;
  return unknown(
    `It depends on how the clocks of the files stand to each other, which is known to within ${doubt.within}: ${found.summary}`,
    found,
  );
}

/** Something that sees the events of some kinds, and that breaks alone. */
interface Watcher {
  readonly kinds: readonly Kind[];
  see(event: Event): void;
}

function dispatcher(watchers: readonly Watcher[]): (event: Event) => void {
  const byKind = new Map<string, Watcher[]>();
  for (const watcher of watchers) {
    for (const kind of new Set(watcher.kinds)) byKind.set(kind, [...(byKind.get(kind) ?? []), watcher]);
  }
  return (event) => {
    for (const watcher of byKind.get(event.kind) ?? []) watcher.see(event);
  };
}

/** One projection; once it has thrown it sees nothing more, and who asks for it is told. */
class Gathering implements Watcher {
  readonly kinds: readonly Kind[];
  readonly #accumulator: Accumulator<unknown>;
  #thrown: { readonly error: unknown } | null = null;

  constructor(projection: Projection<unknown>, header: Header) {
    this.kinds = projection.kinds;
    this.#accumulator = projection.start(header);
  }

  see(event: Event): void {
    if (this.#thrown) return;
    try {
      this.#accumulator.see(event);
    } catch (error) {
      this.#thrown = { error };
    }
  }

  get view(): unknown {
    if (this.#thrown) throw this.#thrown.error;
    return this.#accumulator.view;
  }
}

/** The shared facts of one history. */
class Facts implements Context {
  readonly #gatherings = new Map<Projection<unknown>, Gathering>();

  constructor(
    readonly header: Header,
    projections: readonly Projection<unknown>[],
  ) {
    for (const one of new Set(projections)) this.#gatherings.set(one, new Gathering(one, header));
  }

  get all(): readonly Watcher[] {
    return [...this.#gatherings.values()];
  }

  facts<View>(projection: Projection<View>): View {
    const gathering = this.#gatherings.get(projection);
    if (!gathering)
      throw new Error(`the facts "${projection.id}" are not among those that this check says it uses`);
    // Filed under the projection that made it, so this is its view.
    return gathering.view as View;
  }
}

/** One check at work; whatever it throws makes it `unknown`. */
class Folding implements Watcher {
  readonly kinds: readonly Kind[];
  #fold: Fold | null = null;
  #thrown: { readonly error: unknown } | null = null;

  constructor(
    readonly check: Check,
    context: Context,
  ) {
    this.kinds = check.kinds;
    this.#attempt(() => (this.#fold = check.start(context)));
  }

  see(event: Event): void {
    if (!this.#thrown) this.#attempt(() => this.#fold?.see?.(event));
  }

  judge(end: End): Finding {
    let finding: Finding | undefined;
    if (!this.#thrown) this.#attempt(() => (finding = this.#fold?.judge(end)));
    if (finding) return finding;
    return unknown(`This check failed: ${messageOf(this.#thrown?.error ?? 'it found nothing')}`);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#thrown = { error };
    }
  }
}
