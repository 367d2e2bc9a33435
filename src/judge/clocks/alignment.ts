import type { Precedence } from './survey.js';

/** So far from the true time may the epoch of a file be, in ms: clocks that a time server keeps are nearer. */
const toleranceMs = 1_000;
/** So much may clocks contradict each other, in ms: none runs exactly as fast as another. It makes the bounds wider. */
const mostSlackMs = 128;

/** By clock: what is added to its readings, in ms. */
export type Offsets = readonly number[];

/** How several clocks can stand to each other. */
export interface Alignment {
  /** The likeliest: the epochs as they are, where no message contradicts them; else the middle of what messages allow. */
  readonly offsets: Offsets;
  /** The bounds of what is possible, in some combinations; empty where there is nothing to doubt. */
  readonly others: readonly Offsets[];
  /** The width of the bounds between which a clock stands to the reference, in ms: that of the widest. */
  readonly withinMs: number;
  /** The most that an epoch was corrected by, in ms. */
  readonly correctedMs: number;
}

interface Limits {
  readonly low: Offsets;
  readonly high: Offsets;
}

/**
 * Aligns clocks by their epochs and by what came before what. The clock `reference` is right by definition. Null: the messages contradict the
 * epochs by more than a second, or each other by more than clocks drift apart in a run.
 */
export function alignmentOf(
  clocks: number,
  reference: number,
  precedences: readonly Precedence[],
): Alignment | null {
  const high = Array.from({ length: clocks }, (_, clock) => (clock === reference ? 0 : toleranceMs));
  const free: Limits = { low: high.map((most) => 0 - most), high };
  for (let slack = 0; slack <= mostSlackMs; slack = slack === 0 ? 1 : slack * 2) {
    const loose = precedences.map((one) => ({ ...one, lead: one.lead - slack }));
    const [earliest, latest] = [lowest(free, loose), highest(free, loose)];
    if (earliest && latest) return between({ low: earliest, high: latest }, precedences, loose);
  }
  return null;
}

function between(
  limits: Limits,
  precedences: readonly Precedence[],
  loose: readonly Precedence[],
): Alignment {
  const { low, high } = limits;
  const areRight = precedences.every(({ lead }) => lead <= 0);
  const offsets = low.map((least, clock) => (areRight ? 0 : (least + (high[clock] ?? least)) / 2));
  const others = new Map<string, Offsets>();
  for (const one of [low, high, ...contrasts(limits, loose)]) others.set(one.join(), one);
  others.delete(offsets.join());
  return {
    offsets,
    others: [...others.values()],
    withinMs: Math.max(0, ...low.map((least, clock) => (high[clock] ?? least) - least)),
    correctedMs: Math.max(0, ...offsets.map(Math.abs)),
  };
}

/**
 * Alignments in which some clocks are as late as they can be and the others as early as they then can. Clocks are numbered in
 * binary, and each digit parts them once each way: so any two of them are apart in one.
 */
function contrasts({ low, high }: Limits, loose: readonly Precedence[]): Offsets[] {
  const digits = low.length > 2 ? Math.ceil(Math.log2(low.length)) : 0;
  return Array.from({ length: digits * 2 }, (_, index) => {
    const isLate = (clock: number) => ((clock >> (index >> 1)) & 1) === (index & 1);
    const raised = low.map((least, clock) => (isLate(clock) ? (high[clock] ?? least) : least));
    return lowest({ low: raised, high }, loose) ?? raised;
  });
}

/** The earliest that each clock can be; null: there is no way. Bellman's and Ford's, on differences. */
function lowest({ low, high }: Limits, precedences: readonly Precedence[]): Offsets | null {
  const offsets = [...low];
  for (let round = 0; round <= offsets.length; round++) {
    let isDone = true;
    for (const { from, to, lead } of precedences) {
      const least = (offsets[from] ?? 0) + lead;
      if (least <= (offsets[to] ?? 0) + 1e-6) continue;
      if (least > (high[to] ?? 0) + 1e-6) return null;
      offsets[to] = least;
      isDone = false;
    }
    if (isDone) return offsets;
  }
  return null;
}

/** The latest that each clock can be: the earliest, seen in a mirror. */
function highest({ low, high }: Limits, precedences: readonly Precedence[]): Offsets | null {
  const negated = (offsets: Offsets) => offsets.map((offset) => 0 - offset);
  const turned = precedences.map((one) => ({ ...one, from: one.to, to: one.from }));
  const found = lowest({ low: negated(high), high: negated(low) }, turned);
  return found && negated(found);
}
