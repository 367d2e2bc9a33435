import { answers, type Answer } from '../facts/answers.js';
import { timeline, type Disruption } from '../facts/timeline.js';
import { unknown } from '../finding.js';
import { once } from '../once.js';
import type { Context, Finding } from '../port.js';
import { unknownOf, unmetOf } from './met.js';
import { placementOf, type Placement } from './placement.js';

/** An answer that was not to be cancelled, and how it went with it. */
export interface Streamed {
  readonly answer: Answer;
  /** Null where what is stored is not known. */
  readonly placement: Placement | null;
  /** In the order in which they struck. */
  readonly interruptions: readonly Interruption[];
}

/** A disruption that struck while an answer was under way: parts had come before, and it was not over then. */
export interface Interruption {
  readonly disruption: Disruption;
  /** Its reader lost the connection afterwards. */
  readonly wasLost: boolean;
  /** Parts came on a connection after that. */
  readonly wentOn: boolean;
}

/** Source: semantics, "Streamed answers". */
export const streamedOf = once((context): readonly Streamed[] => {
  const asked = [...context.facts(answers).values()].filter(
    ({ purpose, asked }) => purpose !== 'cancel' && asked !== null,
  );
  return asked.map((answer) => streamed(context, answer));
});

const streamed = (context: Context, answer: Answer): Streamed => ({
  answer,
  placement: placementOf(answer),
  interruptions: context.facts(timeline).disruptions.flatMap((one) => interruptionBy(one, answer) ?? []),
});

function interruptionBy(disruption: Disruption, answer: Answer): Interruption | null {
  const { struckAt: at } = disruption;
  const { parts, over, connections } = answer;
  if (at === null || (parts[0]?.t ?? Infinity) >= at || at >= (over?.t ?? Infinity)) return null;
  const lost = connections.find(({ step, t }) => isLoss(step) && t >= at);
  const attempt = lost?.attempt ?? Infinity;
  return { disruption, wasLost: lost !== undefined, wentOn: parts.some((part) => part.attempt > attempt) };
}

const isLoss = (step: string) => step === 'lost' || step === 'refused';

export const wasUnderWay = ({ interruptions }: Streamed): boolean => interruptions.length > 0;

/** Of which disruption nothing is known, as no answer was under way when it struck; null: of none. */
export function idleFinding(
  context: Context,
  streamed: readonly Streamed[],
  figures: Finding['figures'],
): Finding | null {
  const met = streamed.flatMap(({ interruptions }) => interruptions.map(({ disruption }) => disruption));
  if (met.length === 0)
    return unknown(`No answer was under way when the service was struck: ${idleInWords(context)}`, {
      figures,
    });
  const idle = unmetOf(context, ['streams'], met);
  return unknownOf(context, idle, (named) => `No answer was under way when ${named} struck`, figures);
}

/** Why no answer was under way, in words. */
function idleInWords(context: Context): string {
  const all = [...context.facts(answers).values()];
  const refused = all.find(({ asked }) => asked === null)?.connections[0]?.reason;
  if (all.length === 0) return 'nothing was asked';
  if (refused !== undefined && all.every(({ asked }) => asked === null))
    return `no question was taken: ${refused}`;
  const over = all.filter(({ purpose, over }) => purpose === 'restart' && over !== null);
  return over.length > 0
    ? 'those that were asked for were over before it, or had not begun: ask for longer ones (target.answers.questions)'
    : 'none of those that were asked for had begun';
}
