import { it } from 'vitest';
import type { ClientKind } from '../../../src/observe/client/index.js';
import type { Facet } from '../../../src/history/events.js';
import type { Ability, Harness } from './harness.js';
import { means } from './stand.js';

interface Needs {
  readonly abilities?: readonly Ability[];
  /** What the protocol must have. */
  readonly facets?: readonly Facet[];
  readonly offlineSend?: ClientKind['offlineSend'];
}

/** A test; skipped, with the reason in its name, where the server or the protocol cannot do what it needs. */
export function exercise(harness: Harness, needs: Needs, name: string, story: () => Promise<void>): void {
  const why = obstacle(harness, needs);
  if (why === null) it(name, story);
  else it.skip(`${name} (not exercised: ${why})`, story);
}

function obstacle(harness: Harness, { abilities = [], facets = [], offlineSend }: Needs): string | null {
  // Describes only: nothing is dialled there.
  const kind = harness.kind(9, means);
  if (offlineSend !== undefined && kind.offlineSend !== offlineSend) {
    return `what is sent without a connection is ${kind.offlineSend}`;
  }
  const lacks = facets.flatMap((facet) => kind.lacks[facet] ?? []);
  const without = abilities.flatMap((ability) => harness.without?.[ability] ?? []);
  return [...lacks, ...without][0] ?? null;
}
