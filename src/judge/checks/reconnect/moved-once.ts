import type { Rollout } from '../../../contract/data.js';
import { standardRollout } from '../../../contract/contracts.js';
import { replicasOf, livesOf, rolloutOf } from '../../derived/lives.js';
import { rare } from '../../derived/chance.js';
import { movesOf, preferenceOf, type Disconnect, type Moves } from '../../derived/moves.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const movedOnce = defineCheck({
  id: 'moved-once',
  test: 'reconnect',
  about: {
    question: 'Is each session disconnected at most once in one rollout?',
    seenBy:
      'How often each session lost its connection from the beginning of the rollout until all replicas were ready. More than once is a failure where a connection was dropped while its instance was not being restarted, and where sessions were sent to replicas that were still to be restarted, with restarted ones ready for as long as a balancer may take to notice, more often than chance would (one run in ten thousand). With two replicas and none in reserve, those of the first have nowhere else to go: that is counted and shown, and fails only where the contract promises `once`. Closes that are an idle time-out are not counted.',
    causes: [
      'The balancer is set up anew whenever the list of ready replicas changes, and drops every connection.',
      'The rollout takes one replica down before another is up, so that sessions are moved to one that is next.',
      'Sessions are sent to replicas that are still to be restarted, by hash or in turn.',
    ],
    next: [
      'Start a new replica before an old one is taken down (`maxSurge` before `maxUnavailable`).',
      'Let the balancer prefer the replica with the fewest connections: a restarted one has none.',
      'Let it keep connections that are open when its list of replicas changes.',
      'Where one more disconnect does not matter, say so: `rollout: { disconnects: "any" }` in the contract.',
    ],
    modes: [71],
  },
  needs: ['balancer', 'instance'],
  passesOn: 'absence',
  binds: ({ rollout }) => (rollout ?? standardRollout).disconnects !== 'any',
  judge(context) {
    if (replicasOf(livesOf(context)).length < 2) {
      return unknown('No second replica was seen that sessions could have been moved to');
    }
    const moves = movesOf(context);
    if (moves.length === 0) return unknown('No session was connected when the rollout began');
    if (
      moves.every(({ disconnects }) => disconnects.every(({ life }) => life === null)) &&
      isAnyLost(moves)
    ) {
      return unknown(
        'No connection named an instance that is known at a door, so it cannot be said what disconnected it',
      );
    }
    return judged(context, moves);
  },
});

const isAnyLost = (moves: readonly Moves[]) => moves.some(({ disconnects }) => disconnects.length > 0);

function judged(context: Context, moves: readonly Moves[]): Finding {
  const again = moves.filter(({ disconnects }) => disconnects.length > 1);
  const preference = preferenceOf(context);
  const arePreferred = preference.chance <= rare;
  const wrong = again.filter(({ disconnects }) => isWrong(disconnects, rolloutOf(context), arePreferred));
  const figures = {
    sessions: moves.length,
    disconnects: moves.reduce((sum, { disconnects }) => sum + disconnects.length, 0),
    moreThanOnce: again.length,
    mostOften: Math.max(...moves.map(({ disconnects }) => disconnects.length)),
    choices: preference.choices,
    choicesOfNext: preference.toOld,
    ...Object.fromEntries(kinds.map((kind) => [kind, countOf(again, kind)])),
  };
  if (wrong.length > 0) return isMovedAgain(wrong, figures);
  if (again.length > 0) {
    const summary = `${count(again.length, 'session')} of ${moves.length} lost the connection more than once: what they were put on was next, as it may be where nobody is to know`;
    return pass(summary, { figures, evidence: closesOf(again) });
  }
  return pass(`None of ${count(moves.length, 'session')} lost the connection more than once`, { figures });
}

const kinds = ['needed', 'avoidable', 'needless'] as const;

/** Would a balancer that does it right have spared them? */
const isWrong = (
  disconnects: readonly Disconnect[],
  { disconnects: promise }: Rollout,
  arePreferred: boolean,
) =>
  promise === 'once' ||
  disconnects.some(({ why }) => why === 'needless' || (why === 'avoidable' && arePreferred));

const countOf = (moves: readonly Moves[], kind: Disconnect['why']) =>
  moves.reduce((sum, { disconnects }) => sum + disconnects.filter(({ why }) => why === kind).length, 0);

function isMovedAgain(wrong: readonly Moves[], figures: Finding['figures']): Finding {
  const sessions = wrong.map(({ session }) => session);
  const most = Math.max(...wrong.map(({ disconnects }) => disconnects.length));
  const times = most === 2 ? 'twice' : `up to ${most} times`;
  const summary = `${sessionsInWords(sessions)} lost the connection ${times} in one rollout: ${reasonsOf(wrong)}`;
  return fail(summary, { figures, evidence: closesOf(wrong), blames: sessions.map(sessionCause) });
}

function reasonsOf(wrong: readonly Moves[]): string {
  const [needed, avoidable, needless] = kinds.map((kind) => countOf(wrong, kind));
  return present([
    needless ? `${count(needless, 'connection')} broke while the instance was not being restarted` : null,
    avoidable
      ? `${avoidable} had been put on a replica that was next, although a restarted one was ready`
      : null,
    needed && !needless && !avoidable ? 'no restarted replica was there to take them' : null,
  ]).join(', ');
}

const closesOf = (moves: readonly Moves[]) =>
  moves
    .slice(0, 3)
    .flatMap(({ disconnects }) =>
      present(disconnects.flatMap(({ connection }) => [connection.open, connection.close])),
    );
