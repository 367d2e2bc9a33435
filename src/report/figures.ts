import { inWords } from '../base/duration.js';
import { splitWords } from '../judge/words.js';
import type { DisruptionFigures, RunFigures, Spread } from '../judge/verdict.js';
import { count, counted } from './layout.js';

/** A name and what there is to say of it. */
export type Row = readonly [name: string, said: string];

/** How long one disruption took, and what it was for the sessions. */
export function disruptionRows(figures: DisruptionFigures): Row[] {
  const { type, services, reconnectMs, recoveryMs, reconnectSplitMs } = figures;
  const where = services.length === 0 ? '' : `${services.join(', ')}: `;
  return [
    [type, `${where}${tookInWords(figures)}`],
    ...spreadRows('reconnect', reconnectMs),
    ...(reconnectSplitMs ? [['', splitInWords(reconnectSplitMs)] as const] : []),
    ...spreadRows('recovery', recoveryMs),
  ];
}

/** What it was told to last is counted nowhere, and said here. */
function tookInWords({ restarts, restartMs, heldMs }: DisruptionFigures): string {
  const held = heldMs === null ? [] : [`held for ${inWords(heldMs)}, which is not counted`];
  const again = restartMs === null ? 'never ready again' : `ready again after ${inWords(restartMs)}`;
  const parts = restarts ? [again, ...held] : held;
  return parts.length === 0 ? 'not seen in force' : parts.join('; ');
}

/** Whose time a median reconnect was: the target's until it was ready, then the client's own waiting, then that of both. */
function splitInWords(split: NonNullable<DisruptionFigures['reconnectSplitMs']>): string {
  const parts = [
    [split.down, splitWords.down],
    [split.waiting, splitWords.waiting],
    [split.handshake, splitWords.handshake],
    [split.joined, splitWords.joined],
  ] as const;
  return `of the median: ${parts.map(([ms, name]) => `${inWords(ms)} ${name}`).join(', ')}`;
}

function spreadRows(name: string, spread: Spread | null): Row[] {
  if (spread === null || spread.n === 0) return [];
  const tail = spread.p99 === null ? '' : `, p99 ${inWords(spread.p99)}`;
  return [[name, `median ${inWords(spread.p50)}${tail}, slowest ${inWords(spread.max)}`]];
}

/** What the run was made of. */
export function runRows({ sessions, disruptedSessions, messages, ...figures }: RunFigures): Row[] {
  if (sessions === 0) return [];
  const { downtimeMs, deploysPerMonth } = figures;
  return [
    ...(downtimeMs === null || deploysPerMonth === null ? [] : [downtimeRow(downtimeMs, deploysPerMonth)]),
    ['sessions', `${count(sessions)}, ${count(disruptedSessions)} of them disrupted`],
    ['messages', messagesInWords(messages)],
    ['total', inWords(figures.totalMs)],
  ];
}

function downtimeRow({ max }: Spread, deploysPerMonth: number): Row {
  const room = Number.isFinite(deploysPerMonth)
    ? counted(Math.floor(deploysPerMonth), 'such deploy')
    : 'any number of such deploys';
  return ['downtime', `${inWords(max)} at most, which leaves room for ${room} a month`];
}

function messagesInWords(figures: RunFigures['messages']): string {
  const { sent, unoffered, acknowledged, refused, unsure, received } = figures;
  const parts = [`${count(sent)} sent`, `${count(acknowledged)} acknowledged`];
  if (refused > 0) parts.push(`${count(refused)} refused`);
  if (unsure > 0) parts.push(`${count(unsure)} unsure`);
  const aside = unoffered > 0 ? `; ${count(unoffered)} found no connection` : '';
  return `${[...parts, `${count(received)} received`].join(', ')}${aside}`;
}
