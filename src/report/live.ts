import { inWords } from '../base/duration.js';
import type { Event, EventOf, Phase } from '../history/events.js';
import { count, pad, safe, sign, type Look } from './layout.js';
import type { ProgressView } from './progress.js';

const phaseWords: Readonly<Record<Phase, string>> = {
  preflight: 'looking at the target',
  establish: 'signing in and connecting',
  steady: 'chatting, undisturbed',
  before: 'reading what is stored',
  disrupt: 'disrupting under load',
  recover: 'waiting for everyone to come back',
  settle: 'waiting for the last messages',
  audit: 'trying tokens, reading what is stored',
};

/** The live view of a run: two lines, redrawn in place. */
export function liveLines(view: ProgressView, look: Look): string[] {
  const clock = pad(seconds(view.t), 7);
  return [
    `  ${look.paint('quiet', clock)} ${look.paint('strong', phaseInWords(view.phase))}${disruptionInWords(view, look)}`,
    `  ${look.paint('quiet', pad('', 7))} ${bar(view, look)} ${view.up}/${view.of} sessions up  ${look.paint(
      'quiet',
      `${count(view.perSecond)} messages a second, ${count(view.acknowledged)} acknowledged`,
    )}`,
  ];
}

/** What a pipe is told of an event: a line for what a reader of a log wants to know, null for all others. */
export function plainLine(event: Event): string | null {
  const said = plainWords(event);
  return said === null ? null : `${seconds(event.t).padStart(8)}  ${safe(said, { unicode: true }, 300)}`;
}

function plainWords(event: Event): string | null {
  if (event.kind === 'phase') return `${event.phase}: ${phaseWords[event.phase]}`;
  if (event.kind === 'disruption') return stepInWords(event);
  if (event.kind === 'note') return event.text;
  if (event.kind === 'end') return event.how === 'completed' ? null : `${event.how}: ${event.reason ?? ''}`;
  return null;
}

function stepInWords({ type, step, service, signal, exitCode, note }: EventOf<'disruption'>): string {
  const about = [
    signal,
    exitCode === undefined || exitCode === null ? undefined : `exit code ${exitCode}`,
    note,
  ];
  const details = about.filter((part) => part !== undefined).join(', ');
  return `${type}${service === undefined ? '' : ` of ${service}`}: ${step}${details === '' ? '' : ` (${details})`}`;
}

function phaseInWords(phase: ProgressView['phase']): string {
  if (phase === 'starting') return 'starting the target';
  return phase === 'over' ? 'judging' : phaseWords[phase];
}

function disruptionInWords({ disruption }: ProgressView, look: Look): string {
  if (disruption === null) return '';
  return look.paint(
    'unknown',
    safe(` ${sign('dot', look)} ${disruption.type} of ${disruption.service}: ${disruption.step}`, look),
  );
}

const barWidth = 20;

function bar({ up, of }: ProgressView, look: Look): string {
  const full = of === 0 ? 0 : Math.round((up / of) * barWidth);
  return (
    look.paint('pass', sign('bar', look).repeat(full)) +
    look.paint('quiet', sign('gap', look).repeat(barWidth - full))
  );
}

const seconds = (ms: number): string => (ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : inWords(ms));
