import type { Event } from '../../../src/history/events.js';
import type { CheckResult } from '../../../src/judge/index.js';
import type { Cause, Outcome } from '../../../src/judge/port.js';
import { finding } from '../result.js';
import type { Told as History } from '../story.js';

/** What a finding tells: its sentence, what it counted, and the events that it shows (`shown`). */
export interface Told {
  readonly says: string;
  readonly figures: CheckResult['figures'];
  readonly shows: string;
}

/** The same with the outcome, and whom it blames (`blamed`). */
export interface Whole extends Told {
  readonly is: Outcome;
  readonly blames: string;
}

/** All that a check tells of a history, in short. */
export function whole(told: History, id: string): Whole {
  const { outcome, summary, figures, evidence, blames } = finding(told, id);
  return { is: outcome, says: summary, figures, shows: shown(evidence), blames: blamed(blames) };
}

/** Evidence in short: kind and time of each event, its session and its message, as in `ack@420.75 s6 6.1`. */
export const shown = (evidence: readonly Event[]): string =>
  evidence.map((event) => [whenOf(event), ...whoseOf(event)].join(' ')).join(', ');

/** Whom it blames in short, as in `session 6, message 6.1`. */
export const blamed = (blames: readonly Cause[]): string =>
  blames.map(({ subject, id }) => `${subject} ${withoutRun(id)}`).join(', ');

const whenOf = ({ kind, t }: Event) => `${kind}@${Math.round(t * 1_000) / 1_000}`;

function whoseOf(event: Event): string[] {
  const session = 'session' in event ? [`s${event.session}`] : [];
  const message = 'message' in event && event.message ? [withoutRun(event.message)] : [];
  return [...session, ...message];
}

const withoutRun = (id: string) => id.replace(/^[^.]*\./, '');
