import type { Facet, Header } from '../../src/history/events.js';
import type { Check, Finding } from '../../src/judge/port.js';
import { header } from './facts/view-of.js';

export const finding = (outcome: Finding['outcome'], more: Partial<Finding> = {}): Finding => ({
  ...{ outcome, summary: `it is ${outcome}`, figures: {}, evidence: [], blames: [] },
  ...more,
});

/** A check that finds the same in every history. */
export const checkOf = (id: string, found: Finding, more: Partial<Check> = {}): Check => ({
  ...{ id, test: 'session', needs: [], uses: [], kinds: [], binds: () => true },
  about: { question: '', seenBy: '', causes: [], next: [], modes: [] },
  start: () => ({ judge: () => found }),
  ...more,
});

/** A header whose plan lacks these, for these reasons. */
export const headerWithout = (without: Partial<Record<Facet, string>>): Header => ({
  ...header,
  plan: { ...header.plan, without },
});
