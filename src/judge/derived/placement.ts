import type { EventOf } from '../../history/events.js';
import { digitsOfUnit } from '../../history/sketch.js';
import type { Answer } from '../facts/answers.js';

type Part = EventOf<'part'>;

/** Where a part does not follow what its reader had. Offsets and lengths are units of the stored text. */
export type Fault =
  /** What came again, or never came, between the part and the one before it. */
  | {
      readonly is: 'repeated' | 'missing';
      readonly part: Part;
      readonly from: number;
      readonly units: number;
    }
  /** It begins or ends with half a character. */
  | { readonly is: 'split'; readonly part: Part }
  /** Every part is at its place, and some letter is another one all the same; the last part is named. */
  | { readonly is: 'altered'; readonly part: Part }
  /** It is the first of so many that stand nowhere in the stored answer. */
  | { readonly is: 'elsewhere'; readonly part: Part; parts: number };

/** All that a reader got, laid along the stored text. */
export interface Placement {
  readonly faults: readonly Fault[];
  /** Up to where in the stored text the reader has come; null: its last parts are not in there. */
  readonly reached: number | null;
}

/** As many units are looked for where a part does not follow: fewer may stand in several places. */
const anchorUnits = 24;
/** A shorter run that does not follow is not looked for at all. */
const shortestAnchor = 4;

/** Null where the stored text is not known. */
export function placementOf(answer: Answer): Placement | null {
  const { after, over, parts } = answer;
  if (after === null || after.sketch === null) return null;
  // The same text, character for character: nothing has to be looked for.
  if (over?.digest !== undefined && over.digest === after.digest) return { faults: [], reached: after.units };
  const { faults, reached } = new Walk(after.sketch, (after.broken ?? 0) > 0).along(parts);
  const part = parts.at(-1);
  // A sketch does not tell all letters apart; digests do.
  const isAltered =
    faults.length === 0 &&
    reached === after.units &&
    over?.digest !== undefined &&
    after.digest !== undefined;
  return isAltered && part ? { faults: [{ is: 'altered', part }], reached } : { faults, reached };
}

class Walk {
  readonly #faults: Fault[] = [];
  /** Where the next part belongs; null: the last one was not found. */
  #at: number | null = 0;
  #lastAt = 0;

  constructor(
    private readonly stored: string,
    private readonly storedIsBroken: boolean,
  ) {}

  along(parts: readonly Part[]): Placement {
    for (const [index, part] of parts.entries())
      if (part.units > 0) this.#place(part, parts.slice(index + 1, index + anchorUnits));
    return { faults: this.#faults, reached: this.#at };
  }

  #place(part: Part, next: readonly Part[]): void {
    if (this.#at !== null && this.#stands(part.sketch, this.#at)) return this.#moveTo(this.#at + part.units);
    if (part.broken !== undefined && !this.storedIsBroken) return this.#split(part);
    const found = this.#find(anchorOf(part, next));
    if (found === null) return this.#elsewhere(part);
    const expected = this.#at;
    if (expected !== null && found < expected) this.#seam('repeated', part, found, expected - found);
    else if (expected !== null) this.#seam('missing', part, expected, found - expected);
    this.#moveTo(found + part.units);
  }

  #seam(is: 'repeated' | 'missing', part: Part, from: number, units: number): void {
    this.#faults.push({ is, part, from, units });
  }

  /** What is left of it cannot be told from where it should be: the next part is looked for. */
  #split(part: Part): void {
    this.#faults.push({ is: 'split', part });
    this.#at = null;
  }

  #elsewhere(part: Part): void {
    const last = this.#faults.at(-1);
    if (this.#at === null && last?.is === 'elsewhere') last.parts += 1;
    else this.#faults.push({ is: 'elsewhere', part, parts: 1 });
    this.#at = null;
  }

  #moveTo(at: number): void {
    this.#at = at;
    this.#lastAt = at;
  }

  #stands(sketch: string, at: number): boolean {
    return this.stored.startsWith(sketch, at * digitsOfUnit);
  }

  /** The place of a run of marks that is nearest to where the reader was. */
  #find(anchor: string): number | null {
    if (anchor.length < shortestAnchor * digitsOfUnit) return null;
    let nearest: number | null = null;
    for (
      let index = this.stored.indexOf(anchor);
      index !== -1;
      index = this.stored.indexOf(anchor, index + 1)
    ) {
      if (index % digitsOfUnit !== 0) continue;
      const at = index / digitsOfUnit;
      if (nearest === null || Math.abs(at - this.#lastAt) < Math.abs(nearest - this.#lastAt)) nearest = at;
    }
    return nearest;
  }
}

/** The first of these and what came after it on the same connection, up to the first half of a character. */
function anchorOf(first: Part, next: readonly Part[]): string {
  let anchor = first.sketch;
  for (const { attempt, sketch, broken } of next) {
    if (anchor.length >= anchorUnits * digitsOfUnit || attempt !== first.attempt || broken !== undefined)
      break;
    anchor += sketch;
  }
  return anchor;
}
