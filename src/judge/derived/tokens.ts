import { isGood } from '../../history/credentials.js';
import type { EventOf } from '../../history/events.js';
import { connections, type Refusal } from '../facts/connections.js';
import { doors, isDefinite } from '../facts/doors.js';
import { seatsOf } from '../facts/seats.js';
import { timeline, type Interval } from '../facts/timeline.js';
import { once } from '../once.js';
import type { Context } from '../port.js';

export type Knock = EventOf<'door'>;

/** A knock with a token that belongs out, and what its answer is worth. */
export interface Trial {
  readonly knock: Knock;
  readonly interval: Interval;
  /**
   * `in`: let in, whatever else. `refused`: out, where a good token was let in at the same door in the same interval, by
   * the same instance where instances are known; or where that instance had let sessions in. `nothing`: no answer, or a door that refuses everybody.
   */
  readonly proves: 'in' | 'refused' | 'nothing';
}

/** Knocks with tokens that belong out, by whether they had to be refused at that moment. Source: semantics, "Tokens". */
export const trialsOf = once((context): readonly Trial[] => {
  const { knocks } = context.facts(doors);
  const { intervalOf } = context.facts(timeline);
  const isOpenTo = openDoorsOf(context);
  return knocks
    .filter(({ credential }) => !isGood(credential))
    .filter((knock) => isDue(context, knock))
    .map((knock) => {
      const interval = intervalOf(knock.t);
      const proves =
        knock.let === 'in' ? 'in' : knock.let === 'out' && isOpenTo(knock) ? 'refused' : 'nothing';
      return { knock, interval, proves };
    });
});

/** Whether the door, and the instance where instances are known, was one that lets good tokens in then. */
function openDoorsOf(context: Context): (bad: Knock) => boolean {
  const { intervalOf } = context.facts(timeline);
  const placeOf = ({ door, t }: Knock) => `${intervalOf(t)} ${door}`;
  const answers = new Map<string, Map<string | undefined, boolean>>();
  const answered = context.facts(doors).knocks.filter((knock) => knock.let !== 'no-answer');
  for (const good of answered.filter(({ credential }) => isGood(credential))) {
    const byInstance = answers.get(placeOf(good)) ?? new Map<string | undefined, boolean>();
    answers.set(placeOf(good), byInstance);
    byInstance.set(good.instance, good.let === 'in' || byInstance.get(good.instance) === true);
  }
  const instances = letSessionsIn(context);
  return (bad) => {
    const known = [...(answers.get(placeOf(bad)) ?? [])].filter(([instance]) =>
      isSame(instance, bad.instance),
    );
    if (known.length > 0) return known.some(([, wasLetIn]) => wasLetIn);
    return bad.via === 'connect' && (instances.get(bad.instance ?? '') ?? Infinity) < bad.t;
  };
}

/** The instances that let sessions in, where connections are made; when they first did. Behind a balancer they are more than good knocks meet. */
function letSessionsIn(context: Context): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  const lines = [...context.facts(connections).values()];
  for (const { open, ready } of lines.flatMap((line) => line.connections)) {
    if (!ready || open?.instance === undefined) continue;
    since.set(open.instance, Math.min(ready.t, since.get(open.instance) ?? Infinity));
  }
  return since;
}

const isSame = (one: string | undefined, other: string | undefined) =>
  one === undefined || other === undefined || one === other;

/** A revoked token must be refused from when the contract says; all others at once. */
function isDue(context: Context, { credential, token, t }: Knock): boolean {
  if (credential !== 'revoked') return true;
  const revokedAt = context.facts(doors).revokedAt.get(token) ?? Number.NEGATIVE_INFINITY;
  return t >= revokedAt + (context.header.contract.revocationMs ?? 0);
}

/** A good token, within its life and not revoked, at a moment at which it was tried. */
export function isValidAt(context: Context, token: string | undefined, t: number): boolean {
  if (token === undefined) return true;
  const { expiresAt, revokedAt } = context.facts(doors);
  return t < (expiresAt.get(token) ?? Infinity) && t < (revokedAt.get(token) ?? Infinity);
}

/** Good tokens that were tried at doors while they were valid. */
export const goodKnocksOf = (context: Context): readonly Knock[] =>
  context
    .facts(doors)
    .knocks.filter(({ credential, token, t }) => isGood(credential) && isValidAt(context, token, t));

/** A session was told no, definitely, while it tried to connect or to sign in with its token. */
export interface TokenRefusal extends Refusal {
  readonly session: string;
  /** The label; absent where the history does not say which token it was. */
  readonly token?: string;
  /** When the token was issued, as far as the history shows. */
  readonly issuedAt: number;
}

/** Refusals of sessions' tokens. A room that does not let someone in refuses no token. */
export const tokenRefusalsOf = once((context): readonly TokenRefusal[] => {
  const seats = seatsOf(context.header);
  const issued = new Map(context.facts(doors).signIns.map(({ token, t }) => [token, t]));
  return [...context.facts(connections).values()].flatMap(({ session, refusals }) =>
    refusals
      .filter(({ event }) => seats.isResident(session) && event.at !== 'join' && isDefinite(event.status))
      .map((refusal) => {
        const token = refusal.connect?.token;
        const issuedAt = issued.get(token) ?? 0;
        return { ...refusal, session, issuedAt, ...(token === undefined ? {} : { token }) };
      }),
  );
});
