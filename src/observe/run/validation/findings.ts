import { type Breach, type RuleId, rules } from '../../client/validate/rules.js';

/** What an exercise showed of one rule. */
export interface RuleFinding {
  readonly rule: RuleId;
  readonly outcome: 'kept' | 'broken' | 'not-exercised';
  /** Broken: what it did, each thing once. Not exercised: why, in one. */
  readonly said: readonly string[];
  readonly expects: string;
  /** What its author should do; of what was not exercised: whether there is anything to do. */
  readonly advice: string;
}

/** Why a rule was not exercised, and what its author can do about that: nothing, unless told. */
export interface Unexercised {
  readonly why: string;
  readonly toDo?: string;
}

const nothing = 'Nothing is to be done';

/** Longer lists say nothing more. */
const shown = 3;

/** What was seen of each rule. One breach outweighs everything. */
export class Findings {
  readonly #broken = new Map<RuleId, string[]>();
  readonly #kept = new Set<RuleId>();
  readonly #skipped = new Map<RuleId, Unexercised>();
  readonly #hints = new Set<string>();

  readonly breach = ({ rule, did }: Breach): void => {
    const all = this.#broken.get(rule) ?? [];
    if (all.length < shown && !all.includes(did)) this.#broken.set(rule, [...all, did]);
  };

  broken(rule: RuleId, did: string): void {
    this.breach({ rule, did });
  }

  kept(...all: readonly RuleId[]): void {
    for (const rule of all) this.#kept.add(rule);
  }

  skip(unexercised: Unexercised, ...all: readonly RuleId[]): void {
    for (const rule of all) this.#skipped.set(rule, unexercised);
  }

  /** What could be told better, and breaks no rule. */
  readonly hint = (hint: string): void => {
    this.#hints.add(hint);
  };

  get hints(): readonly string[] {
    return [...this.#hints];
  }

  /** A rule holds, or does not. */
  judge(holds: boolean, rule: RuleId, did: string): void {
    if (holds) this.kept(rule);
    else this.broken(rule, did);
  }

  all(): readonly RuleFinding[] {
    return (Object.keys(rules) as RuleId[]).map((rule) => ({ rule, ...rules[rule], ...this.#of(rule) }));
  }

  #of(rule: RuleId): Pick<RuleFinding, 'outcome' | 'said'> & Partial<RuleFinding> {
    const broken = this.#broken.get(rule);
    if (broken) return { outcome: 'broken', said: broken };
    if (this.#kept.has(rule)) return { outcome: 'kept', said: [] };
    const { why, toDo = nothing } = this.#skipped.get(rule) ?? {
      why: 'the exercise did not come to it',
      ...(this.#broken.size > 0 ? { toDo: 'Mend what is broken, and validate again' } : {}),
    };
    return { outcome: 'not-exercised', said: [why], advice: toDo };
  }
}
