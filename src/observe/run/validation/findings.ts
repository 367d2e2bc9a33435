import { type Breach, type RuleId, rules } from '../../client/validate/rules.js';

/** What an exercise showed of one rule. */
export interface RuleFinding {
  readonly rule: RuleId;
  readonly outcome: 'kept' | 'broken' | 'not-exercised';
  /** Broken: what it did, each thing once. Not exercised: why, in one. */
  readonly said: readonly string[];
  readonly expects: string;
  readonly advice: string;
}

/** Longer lists say nothing more. */
const shown = 3;

/** What was seen of each rule. One breach outweighs everything. */
export class Findings {
  readonly #broken = new Map<RuleId, string[]>();
  readonly #kept = new Set<RuleId>();
  readonly #skipped = new Map<RuleId, string>();

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

  skip(why: string, ...all: readonly RuleId[]): void {
    for (const rule of all) this.#skipped.set(rule, why);
  }

  /** A rule holds, or does not. */
  judge(holds: boolean, rule: RuleId, did: string): void {
    if (holds) this.kept(rule);
    else this.broken(rule, did);
  }

  all(): readonly RuleFinding[] {
    return (Object.keys(rules) as RuleId[]).map((rule) => ({ rule, ...rules[rule], ...this.#of(rule) }));
  }

  #of(rule: RuleId): Pick<RuleFinding, 'outcome' | 'said'> {
    const broken = this.#broken.get(rule);
    if (broken) return { outcome: 'broken', said: broken };
    if (this.#kept.has(rule)) return { outcome: 'kept', said: [] };
    return { outcome: 'not-exercised', said: [this.#skipped.get(rule) ?? 'the exercise did not come to it'] };
  }
}
