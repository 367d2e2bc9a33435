import { messages } from './facts/messages.js';
import { seatsOf } from './facts/seats.js';
import { heldBetween, timeline, type Disruption, type Restart } from './facts/timeline.js';
import { deploysPerMonth, downtimesOf } from './derived/downtime.js';
import { shows } from './derived/proof.js';
import { struckOf } from './derived/returns.js';
import { spreadOf } from './derived/spread.js';
import { reconnectsOf, recoveriesOf, restartsOf, type Reconnect } from './derived/timings.js';
import { connections } from './facts/connections.js';
import { round } from './finding.js';
import type { Context } from './port.js';
import type { DisruptionFigures, RunFigures } from './verdict.js';

/** What was measured of each disruption, whatever the checks make of it. */
export function disruptionFigures(context: Context): DisruptionFigures[] {
  return context.facts(timeline).disruptions.map((disruption) => figuresOf(context, disruption));
}

function figuresOf(context: Context, disruption: Disruption): DisruptionFigures {
  const { index, type, restarts } = disruption;
  const isRestart = shows(context.header, disruption, 'restart') && restarts.some(isSeen);
  const services = restartsOf(context).filter((one) => one.disruption === index);
  const times = services.map(({ timing }) => timing?.ms ?? null);
  const reconnects = reconnectsOf(context).filter(({ from }) => from.disruption.index === index);
  const recoveries = recoveriesOf(context).filter(({ from }) => from.disruption.index === index);
  return {
    type,
    services: [...new Set(restarts.flatMap(({ begin }) => begin.service ?? []))],
    restarts: isRestart,
    restartMs: isRestart ? longest(times) : null,
    heldMs: heldIn(context, disruption),
    reconnectMs: spreadOf(reconnects.map(({ timing }) => timing.ms)),
    recoveryMs: spreadOf(recoveries.map(({ timing }) => timing.ms)),
    reconnectSplitMs: splitOf(medianOf(reconnects)),
  };
}

/** Was anything of it seen, besides that it was to be? Nobody deploys while Outlast watches, a command fails at once. */
const isSeen = ({ signal, exited, portClosed, started, ready }: Restart): boolean =>
  [signal, exited, portClosed, started, ready].some((step) => step !== null);

const longest = (times: readonly (number | null)[]): number | null =>
  times.length === 0 || times.includes(null) ? null : round(Math.max(...times.map((ms) => ms ?? 0)));

function heldIn(context: Context, { restarts }: Disruption): number | null {
  const holds = restarts.flatMap(({ held, released }) =>
    held && released ? [[held.t, released.t] as const] : [],
  );
  if (holds.length === 0) return null;
  const [from, to] = [Math.min(...holds.map(([t]) => t)), Math.max(...holds.map(([, t]) => t))];
  return round(heldBetween(context.facts(timeline), from, to));
}

/** The session in the middle: its parts belong together, which medians of the parts would not. */
function medianOf(reconnects: readonly Reconnect[]): Reconnect | null {
  const sorted = [...reconnects].sort((one, other) => one.timing.ms - other.timing.ms);
  return sorted[Math.max(0, Math.ceil(sorted.length / 2) - 1)] ?? null;
}

function splitOf(reconnect: Reconnect | null): DisruptionFigures['reconnectSplitMs'] {
  if (!reconnect) return null;
  const { down, waiting, handshake, joined } = reconnect.split;
  return { down: round(down), waiting: round(waiting), handshake: round(handshake), joined: round(joined) };
}

/** `totalMs`: from the epoch to the last event. */
export function runFigures(context: Context, totalMs: number): RunFigures {
  const { sent, unoffered, acknowledged, received, refused, unsure } = context.facts(messages).totals();
  const planned = context.header.plan.sessions.filter(({ role }) => role !== 'auditor').length;
  const downtimes = downtimesOf(context);
  return {
    totalMs: round(totalMs),
    sessions:
      planned || [...context.facts(connections).keys()].filter(seatsOf(context.header).isResident).length,
    disruptedSessions: new Set(struckOf(context).map(({ session }) => session)).size,
    messages: { sent, unoffered, acknowledged, received, refused, unsure },
    downtimeMs: spreadOf(downtimes.map(({ ms }) => ms)),
    deploysPerMonth: deploysPerMonth(context),
  };
}
