import { answers, type Answer } from '../facts/answers.js';
import { timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { placementOf, type Placement } from './placement.js';

/** An answer that was not to be cancelled, and how it went with it. */
export interface Streamed {
  readonly answer: Answer;
  /** Null where what is stored is not known. */
  readonly placement: Placement | null;
  /** Parts had come before something struck, and it was not over then. */
  readonly wasUnderWay: boolean;
  /** Its reader lost the connection afterwards. */
  readonly wasInterrupted: boolean;
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

/** When something struck while this answer was under way; null: nothing did. */
function struckAt(context: Context, { parts, over }: Answer): number | null {
  const firstAt = parts[0]?.t ?? Infinity;
  const overAt = over?.t ?? Infinity;
  const strikes = context.facts(timeline).disruptions.flatMap(({ struckAt }) => struckAt ?? []);
  return strikes.find((at) => firstAt < at && at < overAt) ?? null;
}

function streamed(context: Context, answer: Answer): Streamed {
  const at = struckAt(context, answer);
  const lost = at === null ? undefined : answer.connections.find(({ step, t }) => isLoss(step) && t >= at);
  const attempt = lost?.attempt ?? Infinity;
  return {
    answer,
    placement: placementOf(answer),
    wasUnderWay: at !== null,
    wasInterrupted: lost !== undefined,
    wentOn: answer.parts.some((part) => part.attempt > attempt),
  };
}

const isLoss = (step: string) => step === 'lost' || step === 'refused';

/** Why no answer was under way, in words. */
export function idleInWords(context: Context): string {
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
