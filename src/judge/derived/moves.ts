import { connections, isCutAt, type Connection, type Line } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { timeline, wholeAgainAt, type Disruption, type Timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { atMostLikely } from './chance.js';
import { lifeOf, livesOf, readyFor, rolloutOf, type Life } from './lives.js';
import { isOfRestart, silencesOf } from './silences.js';

/** One time that a session lost its connection in a rollout. */
export interface Disconnect {
  readonly connection: Connection;
  /** Null: its instance is not known. */
  readonly life: Life | null;
  /**
   * `needed`: its instance was restarted, and when it had come there no restarted one was there to take it. `avoidable`: one
   * was. `needless`: its instance was not being restarted.
   */
  readonly why: 'needed' | 'avoidable' | 'needless';
}

/** Where sessions were put while old replicas and restarted ones were ready. */
export interface Preference {
  readonly choices: number;
  /** Of these, on a replica that was still to be restarted. */
  readonly toOld: number;
  /** At most how likely so many are, if each session were put anywhere with the same chance. */
  readonly chance: number;
}

/** What one rollout did to one session. */
export interface Moves {
  readonly session: string;
  readonly disruption: Disruption;
  readonly disconnects: readonly Disconnect[];
}

/** How long after a rollout its last closes may still come, in ms. */
const aftermathMs = 1_000;

/** By session and disruption, for those that had a connection when it began. Source: semantics, "Balancers and rolling restarts". */
export const movesOf = once((context): readonly Moves[] => {
  const view = context.facts(timeline);
  const seats = seatsOf(context.header);
  const lines = [...context.facts(connections).values()].filter(({ session }) => seats.isResident(session));
  return view.disruptions
    .filter(({ struckAt }) => struckAt !== null)
    .flatMap((disruption) => lines.flatMap((line) => movesIn(context, view, line, disruption) ?? []));
});

function movesIn(context: Context, view: Timeline, line: Line, disruption: Disruption): Moves | null {
  const { beginAt } = disruption;
  const until = Math.min(endOf(view, disruption), view.phaseAt('audit') ?? Infinity);
  const held = line.connections.filter(
    ({ ready, close }) => ready !== null && (close?.t ?? Infinity) >= beginAt,
  );
  // Who was away when it began is judged by `messages-lost` and the like.
  if (!held.some(({ ready }) => (ready?.t ?? Infinity) < beginAt)) return null;
  const timedOut = new Set(silencesOf(context).timedOut.map(({ connection }) => connection));
  const lost = held.filter((connection) => isLost(line, connection, until) && !timedOut.has(connection));
  const disconnects = lost.map((connection) => disconnectOf(context, disruption, connection));
  return { session: line.session, disruption, disconnects };
}

/** A rollout is over some time after all of its replicas are ready, or when the next disruption begins. */
function endOf(view: Timeline, { index }: Disruption): number {
  const next = view.disruptions.find((one) => one.index > index)?.beginAt ?? Infinity;
  return Math.min(next, wholeAgainAt(view) + aftermathMs);
}

const isLost = (line: Line, { close }: Connection, until: number) =>
  close !== null && close.by !== 'session' && close.t < until && !isCutAt(line, close.t);

function disconnectOf(context: Context, disruption: Disruption, connection: Connection): Disconnect {
  const life = lifeOf(context, connection);
  const { close, connect, open } = connection;
  if (close && !isOfRestart(context, connection, close.t)) return { connection, life, why: 'needless' };
  const cameAt = connect?.t ?? open?.t ?? 0;
  const { noticeMs } = rolloutOf(context);
  const restarted = readyFor(livesOf(context), cameAt, noticeMs).filter((one) => isDone(one, disruption));
  return { connection, life, why: restarted.length > 0 ? 'avoidable' : 'needed' };
}

/** Did the balancer prefer replicas that were next? One that goes by loads, takes turns or hashes does not. */
export const preferenceOf = once((context): Preference => {
  const { disruptions } = context.facts(timeline);
  const choices = [...context.facts(connections).values()].flatMap(({ connections: all }) =>
    all.flatMap((connection) => disruptions.flatMap((one) => choiceIn(context, one, connection) ?? [])),
  );
  const toOld = choices.filter(({ isOld }) => isOld).length;
  const expected = choices.reduce((sum, { probability }) => sum + probability, 0);
  const chance = atMostLikely(toOld, choices.length, expected / Math.max(1, choices.length));
  return { choices: choices.length, toOld, chance };
});

/** Null: there was no choice between an old one and a restarted one. */
function choiceIn(context: Context, disruption: Disruption, connection: Connection) {
  const life = lifeOf(context, connection);
  const t = connection.connect?.t ?? connection.open?.t ?? 0;
  if (!life) return null;
  const ready = readyFor(livesOf(context), t, rolloutOf(context).noticeMs);
  const old = ready.filter(({ ended }) => ended?.disruption === disruption);
  const restarted = ready.filter((one) => isDone(one, disruption));
  if (old.length === 0 || restarted.length === 0 || !ready.includes(life)) return null;
  return { isOld: old.includes(life), probability: old.length / ready.length };
}

/** Restarted in this disruption, and not to be ended by it any more, as one from the reserve is. */
const isDone = ({ readyFrom, ended }: Life, disruption: Disruption) =>
  readyFrom >= disruption.beginAt && ended?.disruption !== disruption;
