import type { DisruptionStep } from '../../../src/history/events.js';
import type { About, Scene } from '../../../src/observe/disruption/index.js';
import type { Scope, Target } from '../../../src/observe/target/index.js';

export interface Told extends About {
  readonly step: DisruptionStep;
}

/** A scene that keeps the steps it is told. */
export function sceneOf(
  target: Target,
  scope: Scope,
  signal = new AbortController().signal,
): Scene & { readonly steps: readonly Told[]; readonly names: () => readonly string[] } {
  const steps: Told[] = [];
  return {
    ...{ target, scope, signal, steps, dials: [] },
    step: (step, about) => void steps.push({ step, ...about }),
    untilChatting: () => Promise.resolve(),
    names: () => steps.map(({ step }) => step),
  };
}
