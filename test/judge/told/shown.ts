import type { Event } from '../../../src/history/events.js';
import type { CheckResult } from '../../../src/judge/index.js';

/** What a finding tells: its sentence, what it counted (it may count more), and the events that it shows (`shown`). */
export interface Told {
  readonly says: string;
  readonly figures: CheckResult['figures'];
  readonly shows: string;
}

/** Evidence in short: kind and time of each event, its session and its message, as in `ack@420.75 s6 6.1`. */
export const shown = (evidence: readonly Event[]): string =>
  evidence.map((event) => [whenOf(event), ...whoseOf(event)].join(' ')).join(', ');

const whenOf = ({ kind, t }: Event) => `${kind}@${Math.round(t * 1_000) / 1_000}`;

function whoseOf(event: Event): string[] {
  const session = 'session' in event ? [`s${event.session}`] : [];
  const message = 'message' in event && event.message ? [event.message.replace(/^[^.]*\./, '')] : [];
  return [...session, ...message];
}
