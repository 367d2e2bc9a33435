import type { ContenderName } from '../contenders/index.js';

/** One benchmark: what it measures and how, in words, and the lines of its result. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, against what. */
  readonly measures: string;
  /** It takes long, and is no comparison: only who names it runs it. */
  readonly onlyByName?: true;
  run(options: Options): Promise<readonly Line[]>;
}

export interface Options {
  /** Whole runs of the demo, each with one restart. */
  readonly restarts: number;
  /** How often each side is measured, in turns; the median counts. */
  readonly rounds: number;
  /** About how many events a history has that is judged. */
  readonly events: number;
  /** Which clients are measured. */
  readonly clients: readonly ContenderName[];
  /** Whole runs of the soak, or restarts of the sweep. */
  readonly runs: number;
  /** Of the first run of the soak; a fresh one unless told. */
  readonly seed?: string;
  /** Told what is under way. */
  readonly progress: (text: string) => void;
}

/** One line of a result. */
export interface Line {
  readonly what: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** What stands beside it, measured in the same run. */
  readonly against?: string;
  /** Measured over what stands beside it. */
  readonly ratio?: number;
  readonly aim?: Aim;
}

export interface Aim {
  readonly words: string;
  readonly met: boolean;
}

export const atLeast = (value: number, bound: number, unit: string): Aim => ({
  words: `at least ${shown(bound)}${unit}`,
  met: value >= bound,
});

export const atMost = (value: number, bound: number, unit: string): Aim => ({
  words: `at most ${shown(bound)}${unit}`,
  met: value <= bound,
});

export const lessThan = (value: number, bound: number, unit: string): Aim => ({
  words: `less than ${shown(bound)}${unit}`,
  met: value < bound,
});

const shown = (bound: number): string => String(Math.round(bound * 100) / 100);
