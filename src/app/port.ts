import type { OutlastError } from '../base/errors.js';
import type { Config } from '../config/types.js';
import type { Event, TestId } from '../history/events.js';
import type { Verdict } from '../judge/verdict.js';
import type { Validation } from '../report/index.js';
import type { RestartKind } from '../judge/index.js';
import type { Sweep, SweepBatch } from './sweep/port.js';

export { testIds, type Event, type TestId } from '../history/events.js';
export type { Config } from '../config/types.js';
export type { RestartKind } from '../judge/index.js';
export type { Sweep, SweepBatch } from './sweep/port.js';
export type { Verdict } from '../judge/verdict.js';

/** What the faces of Outlast (the command line, the suite for test runners) may ask for. */
export interface App {
  /** The checked config in `path`, or the one in the working directory. Throws `CONFIG_NOT_FOUND`, `CONFIG_THREW`, `CONFIG_INVALID`. */
  load(path?: string): Promise<Config>;
  /** Holds sessions, disrupts, heals, judges and writes the run directory. An abort heals, and judges what is there. */
  run(options: RunOptions): Promise<RunResult>;
  /** Restarts again and again, keeps the runs that failed, and sums up. An abort heals, and sums up what there is. */
  sweep(options: SweepOptions): Promise<Sweep>;
  /** What the client of a config does with each rule that clients have to keep, on its target. */
  validate(options: ValidateOptions): Promise<Validation>;
  /** What a run would do, in words. Touches nothing. */
  dryRun(options: RunOptions): Promise<string>;
  /** Judges again one history (the latest run's where none is named): a file, a run directory, or several files of one run. Writes its verdict. */
  judge(paths: readonly string[], options: JudgeOptions): Promise<RunResult>;
  /** Which of several are parts of one history, each to be judged together. */
  together(paths: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** The verdict of a run directory as it stands, or of a history file as judged now. Writes nothing. */
  verdict(path: string | undefined): Promise<RunResult>;
  /** The reference service as a config. Throws `REFERENCE_MISSING`; `USAGE` for a variant that is not there. */
  demo(options: DemoOptions): Promise<Demo>;
  /** The broken variants of the reference service. */
  variants(): Promise<readonly Variant[]>;
}

export interface ValidateOptions {
  readonly config: Config;
  readonly allowRemote: boolean;
  readonly signal: AbortSignal;
  /** Told of each step, in words. */
  readonly say?: (step: string) => void;
  readonly onEmergency?: RunOptions['onEmergency'];
  readonly onUncaught?: RunOptions['onUncaught'];
}

export interface RunOptions {
  readonly config: Config;
  readonly only?: readonly TestId[];
  readonly sessions?: number;
  /** How often it is disrupted, one after the other: once unless told. */
  readonly restarts?: number;
  readonly seed?: string;
  /** The run directory itself. */
  readonly out?: string;
  readonly allowRemote: boolean;
  readonly signal: AbortSignal;
  /** Told of every event: the live view. */
  readonly watch?: (event: Event) => void;
  /** Called once with the synchronous last resort: heals at once, on a second signal. */
  readonly onEmergency?: (emergency: () => void) => void;
  /** Called once with what deals with an error that nobody caught: true where it was the client of the config. */
  readonly onUncaught?: (deal: (error: unknown) => boolean) => void;
}

export interface SweepOptions extends Omit<RunOptions, 'restarts' | 'seed' | 'out' | 'watch'> {
  /** How many restarts. */
  readonly runs: number;
  /** In turn. */
  readonly kinds: readonly RestartKind[];
  /** Of the first batch. */
  readonly seed?: string;
  /** The folder of the sweep itself, empty or not there. */
  readonly out?: string;
  /** Told of each batch when it is over. */
  readonly told?: (batch: SweepBatch) => void;
}

export interface JudgeOptions {
  readonly only?: readonly TestId[];
  /** Where the verdict is written: beside the history unless told. */
  readonly out?: string;
  /** Told how much of the history has been read, from 0 to 1, where it is one file of which that is known. */
  readonly read?: (share: number) => void;
}

export interface RunResult {
  readonly verdict: Verdict;
  /** The run directory. */
  readonly folder: string;
  /** The files in it, by their names. */
  readonly files: readonly string[];
  /** What ended the run early; the verdict is of what was seen until then. */
  readonly failure?: OutlastError;
}

export interface DemoOptions {
  /** SIGKILL instead of SIGTERM. */
  readonly crash: boolean;
  /** Auth is disrupted as well as the backend. */
  readonly both: boolean;
  /** Several backends behind a balancer, restarted one after the other. */
  readonly rolling: boolean;
  /** How often the run will disrupt it: once unless told. Some variants are broken from the second time on. */
  readonly restarts?: number;
  /** The name of a broken variant. */
  readonly variant?: string;
}

export interface Demo {
  readonly config: Config;
  /** What a reader should know before it starts, a sentence a line. */
  readonly say: readonly string[];
  /** Which checks a broken variant must fail; absent for the whole service. */
  readonly expected?: Expected;
}

/** Ids of checks. `consequences` fail as well, and are explained by one of `fails`. */
export interface Expected {
  readonly fails: readonly string[];
  readonly consequences: readonly string[];
}

export interface Variant {
  readonly name: string;
  /** One sentence: what is wrong. */
  readonly title: string;
}
