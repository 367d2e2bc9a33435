import { inWords } from '../../../base/duration.js';
import { livesOf, readyFor, replicasOf, rolloutOf, turnsOf, type Life } from '../../derived/lives.js';
import { connections, isCutAt, type Line, type Refusal } from '../../facts/connections.js';
import { seatsOf } from '../../facts/seats.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, list, sessionsInWords, span } from '../../words.js';
import { defineCheck } from '../define.js';

/** Answers of what stands before a service that does not answer, or of one that is leaving. */
const unserved: readonly number[] = [502, 503, 504];
/** What changes so soon after an attempt began may still have met it. */
const underWayMs = 1_000;

export const routedToReady = defineCheck({
  id: 'routed-to-ready',
  test: 'reconnect',
  about: {
    question: 'While one replica is away, does the balancer send sessions to one that is ready?',
    seenBy:
      'Attempts to connect that were not served (no connection, a connection that was cut or hung in the handshake, or 502, 503 or 504), although another replica was ready at its own door. Only attempts count before which no replica had changed for as long as a balancer may take to notice (`rollout.notice` of the contract, 2 s unless told): what happens in that time is figures.',
    causes: [
      'The balancer has no health checks, or they are too rare: it goes on sending sessions to the replica that is gone.',
      'It counts connections, and the replica that is gone has the fewest.',
      'Its health check asks whether the port is open, or whether the process lives, and not whether it is ready.',
      'A replica that is leaving still says that it is ready.',
    ],
    next: [
      'Let the balancer ask each replica whether it is ready, and stop sending to it before it closes its door.',
      'Let it try another replica when the connection to one fails.',
      'Where its checks are rarer on purpose, say so: `rollout: { notice }` in the contract.',
    ],
    modes: [63, 70],
  },
  needs: ['balancer'],
  passesOn: 'presence',
  judge(context) {
    const lives = livesOf(context);
    if (replicasOf(lives).length < 2) {
      return unknown('No second replica was seen that sessions could have been sent to');
    }
    const residents = residentsOf(context);
    const failed = residents.flatMap((line) => line.refusals.filter((refusal) => isFailure(line, refusal)));
    const meanwhile = residents.flatMap((line) => servedWhileAway(line, lives));
    const misled = failed.flatMap((refusal) => misledAt(context, lives, refusal) ?? []);
    const figures = {
      servedWhileAway: meanwhile.length,
      failed: failed.length,
      misled: misled.length,
      noticeMs: rolloutOf(context).noticeMs,
    };
    if (misled.length > 0) return isMisled(misled, lives, figures);
    if (meanwhile.length > 0) return isServed(meanwhile.length, failed.length, figures);
    return unknown(notExercised(failed.length), { figures });
  },
});

const residentsOf = (context: Context): readonly Line[] =>
  [...context.facts(connections).values()].filter(({ session }) =>
    seatsOf(context.header).isResident(session),
  );

/** Nobody answered, or somebody who had nobody to ask. What a replica answers to a token or a session is another matter. */
function isFailure(line: Line, { event, connect }: Refusal): boolean {
  if (!connect || (event.at !== 'dial' && event.at !== 'handshake')) return false;
  const { status } = event;
  const isCut = isCutAt(line, connect.t) || isCutAt(line, event.t);
  return !isCut && (status === undefined || unserved.includes(status));
}

/** The attempts that got through while one replica was ready and another was not. */
const servedWhileAway = ({ connections: all }: Line, lives: readonly Life[]): number[] =>
  all.flatMap(({ connect, open }) => (connect && open && isOneAway(lives, connect.t) ? [connect.t] : []));

function isOneAway(lives: readonly Life[], t: number): boolean {
  const ready = readyFor(lives, t, 0);
  return (
    ready.length > 0 &&
    replicasOf(ready).length < replicasOf(lives.filter(({ readyFrom }) => readyFrom <= t)).length
  );
}

interface Misled {
  readonly refusal: Refusal;
  readonly ready: readonly Life[];
  /** How long nothing had changed. */
  readonly settledMs: number;
}

/** Null: it may not have been noticed yet. */
function misledAt(context: Context, lives: readonly Life[], refusal: Refusal): Misled | null {
  const at = refusal.connect?.t ?? refusal.event.t;
  const { noticeMs } = rolloutOf(context);
  const until = Math.min(refusal.event.t, at + underWayMs);
  const turns = turnsOf(lives);
  const ready = readyFor(lives, at, noticeMs);
  if (ready.length === 0 || turns.some((t) => t > at - noticeMs && t <= until)) return null;
  const settledMs = at - Math.max(...turns.filter((t) => t <= at), 0);
  return { refusal, ready, settledMs };
}

function isMisled(misled: readonly Misled[], lives: readonly Life[], figures: Finding['figures']): Finding {
  const sessions = misled.map(({ refusal }) => refusal.event.session);
  const answers = [...new Set(misled.map(({ refusal }) => answerOf(refusal)))];
  const summary = `${count(misled.length, 'attempt')} of ${sessionsInWords(sessions)} to connect ${agree(misled.length, 'was', 'were')} not served (${list(answers)}), although ${whoWasReady(misled, lives)} ready, for ${span(misled.map(({ settledMs }) => settledMs))} already`;
  const evidence = misled.slice(0, 4).flatMap(({ refusal }) => present([refusal.connect, refusal.event]));
  return fail(summary, { figures, evidence, blames: sessions.map(sessionCause) });
}

function whoWasReady(misled: readonly Misled[], lives: readonly Life[]): string {
  const all = replicasOf(lives).length;
  const whileAway = misled.find(({ ready }) => replicasOf(ready).length < all);
  return whileAway ? `another replica (${list(replicasOf(whileAway.ready))}) was` : 'all replicas were';
}

const answerOf = ({ event }: Refusal) =>
  event.status === undefined ? (event.reason ?? 'no answer') : String(event.status);

function isServed(served: number, failed: number, figures: Finding['figures']): Finding {
  const summary = `${count(served, 'attempt')} to connect ${agree(served, 'was', 'were')} served while a replica was away`;
  const { noticeMs = 0 } = figures;
  const aside =
    failed === 0
      ? ''
      : `; ${failed} failed within the ${inWords(noticeMs)} that a balancer may take to notice`;
  return pass(`${summary}${aside}`, { figures });
}

const notExercised = (failed: number) =>
  failed === 0
    ? 'Nobody connected while one replica was away and another ready, so nothing shows where they would have been sent'
    : `${count(failed, 'attempt')} to connect failed while a replica was away, and none was served; it was away for too short a time to tell whether that would have gone on`;
