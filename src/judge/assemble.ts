import type { TestId } from '../history/events.js';
import { consequences } from './causes.js';
import { disruptionFigures, runFigures } from './figures.js';
import { messages } from './facts/messages.js';
import { notices } from './facts/notices.js';
import { headlineOf } from './headlines.js';
import { lackOfAll } from './lacks.js';
import { merge } from './outcomes.js';
import type { Check, Context, End, Finding, Outcome } from './port.js';
import type { CheckResult, RunFigures, TestResult, Verdict } from './verdict.js';
import { listed } from './words.js';

/** What became of one check. */
export interface Judged {
  readonly check: Check;
  /** Why it is skipped; null: it was judged. */
  readonly lacks: string | null;
  readonly finding: Finding | null;
}

export interface Judgement {
  readonly context: Context;
  readonly end: End;
  readonly about: { readonly judgedAt: string; readonly notes?: readonly string[] };
  readonly asked: readonly TestId[];
  readonly results: readonly Judged[];
  readonly totalMs: number;
}

/** Merges what the checks found into a verdict. Source: semantics, "Outcomes". */
export function verdictFrom(judgement: Judgement): Verdict {
  const { context, end, about } = judgement;
  const { run, seed, writer, epoch } = context.header;
  const skipped = end?.how === 'skipped' ? (end.reason ?? 'the run was skipped') : null;
  const explained = consequences(findingsOf(judgement), roomOf(context));
  const tests = judgement.asked.map((id) => testResult(id, judgement, skipped, explained));
  const outcome = skipped === null ? outcomeOf(tests, end) : 'skipped';
  const reason = skipped ?? reasonOf(outcome, tests, end);
  const notes = [...(about.notes ?? []), ...orElse(() => context.facts(notices), [])];
  return {
    ...{ outlast: 1, run, seed, writer, startedAt: epoch, judgedAt: about.judgedAt },
    outcome,
    ...(reason === null ? {} : { reason }),
    tests,
    disruptions: orElse(() => disruptionFigures(context), []),
    figures: orElse(() => runFigures(context, judgement.totalMs), nothingMeasured(judgement.totalMs)),
    notes,
  };
}

const findingsOf = ({ results }: Judgement) =>
  new Map(
    results.flatMap(({ check, finding }): [string, Finding][] => (finding ? [[check.id, finding]] : [])),
  );

export function roomOf(context: Context): (message: string) => string | null {
  const ledger = orElse(() => context.facts(messages), null);
  return (message) => ledger?.messages.get(message)?.send?.room ?? null;
}

function testResult(
  id: TestId,
  { results, context }: Judgement,
  skipped: string | null,
  explained: ReadonlyMap<string, string>,
): TestResult {
  const own = results.filter(({ check }) => check.test === id);
  const checks = own.map((judged) => checkResult(judged, context, skipped, explained));
  const judged = checks.filter(({ outcome }) => outcome !== 'skipped');
  const binding = judged.filter((check) => check.binding);
  if (binding.length > 0) {
    const outcome = merge(binding.map((check) => check.outcome));
    return { id, outcome, headline: headlineOf(id, outcome, checks), checks };
  }
  const reason =
    judged.length > 0
      ? 'the contract promises nothing that this test judges'
      : (skipped ??
        lackOfAll(
          own.map(({ check }) => check),
          context.header,
        ));
  return { id, outcome: 'skipped', reason, headline: `Skipped: ${reason}`, checks };
}

function checkResult(
  { check, lacks, finding }: Judged,
  { header }: Context,
  skipped: string | null,
  explained: ReadonlyMap<string, string>,
): CheckResult {
  const { id } = check;
  const binding = check.binds(header.contract);
  const why = skipped ?? lacks;
  if (why !== null || !finding) {
    return { id, outcome: 'skipped', binding, summary: why ?? '', figures: {}, evidence: [] };
  }
  const cause = explained.get(id);
  const { outcome, summary, figures, evidence, likely } = finding;
  return {
    ...{ id, outcome, binding },
    ...(cause === undefined ? {} : { consequenceOf: cause }),
    ...{ summary, figures, evidence },
    ...(likely === undefined ? {} : { likely }),
  };
}

/** A history that did not come to its end may show a failure, and is never better than `unknown`. */
function outcomeOf(tests: readonly TestResult[], end: End): Outcome {
  const merged = merge(tests.map(({ outcome }) => outcome));
  return merged === 'pass' && end?.how !== 'completed' ? 'unknown' : merged;
}

function reasonOf(outcome: Outcome, tests: readonly TestResult[], end: End): string | null {
  if (end === null) return 'the history breaks off without an end: the program that wrote it was killed';
  if (end.how === 'interrupted') return end.reason ?? 'the run was interrupted';
  if (end.how === 'failed') return end.reason ?? 'the run was given up';
  if (outcome === 'skipped') return listed(tests.map(({ reason }) => reason ?? ''));
  if (outcome !== 'unknown') return null;
  return tests.find((test) => test.outcome === 'unknown')?.headline ?? 'no test was asked for';
}

/** Facts that broke on a strange history leave figures empty; the checks that needed them say why. */
function orElse<T, Other>(work: () => T, other: Other): T | Other {
  try {
    return work();
  } catch {
    return other;
  }
}

const nothingMeasured = (totalMs: number): RunFigures => ({
  totalMs,
  sessions: 0,
  disruptedSessions: 0,
  messages: { sent: 0, unoffered: 0, acknowledged: 0, received: 0, refused: 0, unsure: 0 },
  downtimeMs: null,
  deploysPerMonth: null,
});
