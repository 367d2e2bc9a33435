import type { EventOf } from '../../history/events.js';
import { connections, type Connection, type Line } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { timeline } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { atMostLikely } from './chance.js';
import { lifeOf, livesOf, readyFor, rolloutOf, type Life } from './lives.js';

/** Where one session is when the chat is over. */
export interface Place {
  readonly session: string;
  readonly open: EventOf<'open'>;
  readonly life: Life;
  /** Several replicas had been ready for a while when it was put there. */
  readonly hadChoice: boolean;
}

export interface Placements {
  readonly ends: readonly Place[];
  /** Those of the replicas that were ready in the end, emptier ones too. */
  readonly counts: readonly { readonly name: string; readonly sessions: number }[];
  /** Times in the run that there was a choice between replicas with more and with fewer sessions. */
  readonly chosen: number;
  /** Of these, how often it fell on one with the most. */
  readonly fullest: number;
  /** At most how likely so uneven an end is, if each session were put anywhere with the same chance. */
  readonly chance: number;
  /** At most how likely so strong a preference for the fullest is, by chance. */
  readonly preference: number;
}

/** How sessions were put on replicas. Source: semantics, "Balancers and rolling restarts". */
export const placementsOf = once((context): Placements => {
  const ends = placesAtTheEnd(context);
  const final = livesOf(context).filter(({ readyTo }) => readyTo === Infinity);
  const counts = final.map((life) => ({
    name: life.name,
    sessions: ends.filter((place) => place.life === life).length,
  }));
  const most = Math.max(0, ...counts.map(({ sessions }) => sessions));
  const chance = Math.min(1, final.length * atMostLikely(most, ends.length, 1 / Math.max(1, final.length)));
  const choices = choicesOf(context);
  const fullest = choices.filter(({ isFullest }) => isFullest).length;
  const expected = choices.reduce((sum, { probability }) => sum + probability, 0);
  const preference = atMostLikely(fullest, choices.length, expected / Math.max(1, choices.length));
  return { ends, counts, chosen: choices.length, fullest, chance, preference };
});

function placesAtTheEnd(context: Context): Place[] {
  const audit = context.facts(timeline).phaseAt('audit') ?? Infinity;
  return residentsOf(context).flatMap(({ session, connections: all }): Place[] => {
    const last = all.findLast(({ ready }) => ready !== null && ready.t < audit);
    const life = last && lifeOf(context, last);
    if (!last?.open || !life || life.readyTo !== Infinity) return [];
    return [{ session, open: last.open, life, hadChoice: choiceAt(context, last).length > 1 }];
  });
}

interface Choice {
  readonly isFullest: boolean;
  /** Of falling on one of the fullest, by chance. */
  readonly probability: number;
}

/** Every time that a session was put somewhere, in the order of time, with what was where already. */
function choicesOf(context: Context): Choice[] {
  const load = new Map<Life, number>();
  const change = (life: Life, by: number) => load.set(life, (load.get(life) ?? 0) + by);
  return arrivalsAndLeaves(context).flatMap(({ connection, life, isArrival }) => {
    const choice = isArrival ? choiceAmong(choiceAt(context, connection), life, load) : [];
    change(life, isArrival ? 1 : -1);
    return choice;
  });
}

function choiceAmong(lives: readonly Life[], chosen: Life, load: ReadonlyMap<Life, number>): Choice[] {
  const loads = lives.map((life) => load.get(life) ?? 0);
  const most = Math.max(...loads);
  const fullest = loads.filter((one) => one === most).length;
  if (fullest === lives.length || !lives.includes(chosen)) return [];
  return [{ isFullest: (load.get(chosen) ?? 0) === most, probability: fullest / lives.length }];
}

function arrivalsAndLeaves(context: Context) {
  const all = residentsOf(context).flatMap(({ connections: each }) =>
    each.flatMap((connection) => {
      const life = lifeOf(context, connection);
      if (!life || !connection.open) return [];
      const arrival = { t: connection.open.t, connection, life, isArrival: true };
      return connection.close
        ? [arrival, { ...arrival, t: connection.close.t, isArrival: false }]
        : [arrival];
    }),
  );
  return all.sort((one, other) => one.t - other.t);
}

/** The lives that it could have been put on. */
function choiceAt(context: Context, { connect, open }: Connection): readonly Life[] {
  return readyFor(livesOf(context), connect?.t ?? open?.t ?? 0, rolloutOf(context).noticeMs);
}

const residentsOf = (context: Context): readonly Line[] =>
  [...context.facts(connections).values()].filter(({ session }) =>
    seatsOf(context.header).isResident(session),
  );
