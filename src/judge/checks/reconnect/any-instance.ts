import type { Event } from '../../../history/events.js';
import { crossingsOf, unknownSessionsOf, type Crossing, type Unknown } from '../../derived/crossings.js';
import { messages } from '../../facts/messages.js';
import { fail, messageCauses, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** Something was lost either way; this only says whose fault it is. */
const rarelySpared = 0.01;

export const anyInstance = defineCheck({
  id: 'any-instance',
  test: 'reconnect',
  about: {
    question: 'Can a session go on at any instance, not only at the one that it left?',
    seenBy:
      'Sessions that came back on another instance than they left. In two ways they may find that they belong to one: they are refused as a session that nobody knows (400, 404, 410 or a close of that kind) although their token is good; or they are let in, and what they missed is not replayed (or they are told to begin anew), while those that came back to the instance that they had left got theirs.',
    causes: [
      'What is known of a session lives in the memory of the instance that it was on, and the balancer is relied on to bring it back there.',
      'The buffer that is replayed from is kept by each instance for its own sessions.',
      'The balancer’s table of who belongs where was lost, or names a replica that is no more.',
    ],
    next: [
      'Keep sessions, and what has to be replayed, where all instances can read it.',
      'Until then: does a session that is refused begin anew at once, so that at least it is not refused for ever?',
      'Look at the events "refused" and "open" of the sessions that are named: which instance had they left, which did they meet?',
    ],
    modes: [72, 74],
  },
  needs: ['balancer', 'instance'],
  uses: [messages],
  passesOn: 'absence',
  judge(context) {
    const crossings = crossingsOf(context);
    const strangers = unknownSessionsOf(context);
    const other = crossings.filter(({ isSame }) => !isSame);
    const same = crossings.filter(({ isSame }) => isSame);
    const isLosing = losing(context, crossings);
    const losers = other.filter(isLosing);
    const figures = {
      toAnother: other.length,
      toTheSame: same.length,
      refusedAsUnknown: strangers.length,
      losing: losers.length,
      losingAtTheSame: same.filter(isLosing).length,
    };
    if (strangers.length > 0) return areUnknown(strangers, figures);
    if (losers.length > 0) return lostElsewhere(other, same, isLosing, figures);
    if (other.length > 0) {
      const summary = `${count(other.length, 'time')} a session came back on another instance, and went on there`;
      return pass(summary, { figures });
    }
    return unknown('No session came back on another instance than it had left', { figures });
  },
});

type IsLosing = (crossing: Crossing) => boolean;

/** It was owed something and did not get it; or it was told to begin anew, by a target that tells others that they go on. */
function losing({ header }: Context, crossings: readonly Crossing[]): IsLosing {
  const tells = crossings.some(({ to }) => to.ready?.claims === 'resumed');
  const replays = header.contract.delivery !== 'at-most-once';
  return ({ to, lost }) => (replays && lost.length > 0) || (tells && to.ready?.claims === 'fresh');
}

function areUnknown(strangers: readonly Unknown[], figures: Finding['figures']): Finding {
  const sessions = strangers.map(({ session }) => session);
  const answers = [...new Set(strangers.map(({ refused }) => wordsOf(refused)))];
  const summary = `${sessionsInWords(sessions)} ${agree(sessions, 'was', 'were')} refused as unknown (${list(answers)}) on another instance than ${agree(sessions, 'it', 'they')} had left, with a token that is good`;
  const evidence = strangers
    .slice(0, 3)
    .flatMap(({ from, connect, refused }) => present<Event>([from.open, connect, refused]));
  return fail(summary, { figures, evidence, blames: sessions.map(sessionCause) });
}

const wordsOf = ({ status, reason }: Unknown['refused']) =>
  [status === undefined ? '' : String(status), reason ?? ''].filter((part) => part !== '').join(' ');

/** Those who came elsewhere lost something. Did those who came back to where they had been keep everything? */
function lostElsewhere(
  other: readonly Crossing[],
  same: readonly Crossing[],
  isLosing: IsLosing,
  figures: Finding['figures'],
): Finding {
  const losers = other.filter(isLosing);
  const who = whoCameElsewhere(losers);
  const kept = same.filter((crossing) => isExercised(crossing) && !isLosing(crossing));
  const more = { figures, ...about(losers) };
  if (same.some(isLosing)) {
    return pass(
      `${who}, and lost something; but so did some that came back to the one that they had left`,
      more,
    );
  }
  if (!areSpared(other.filter(isExercised).length, losers.length, kept.length)) {
    return unknown(
      `${who}, and lost something; too few came back to the one that they had left to compare`,
      more,
    );
  }
  const spared = `the ${count(kept.length, 'return')} to the instance that was left missed nothing`;
  return fail(`${who}, and ${whatOf(losers)}; ${spared}`, more);
}

function whoCameElsewhere(losers: readonly Crossing[]): string {
  const sessions = losers.map(({ session }) => session);
  return `${sessionsInWords(sessions)} came back on another instance than ${agree(sessions, 'it', 'they')} had left`;
}

function whatOf(losers: readonly Crossing[]): string {
  const ids = new Set(losers.flatMap(({ lost }) => lost.map(({ message }) => message.id)));
  return ids.size > 0 ? `${count(ids.size, 'message')} never came` : 'had to begin anew';
}

function about(losers: readonly Crossing[]) {
  const lost = losers.flatMap((crossing) => crossing.lost);
  return {
    evidence: losers
      .slice(0, 3)
      .flatMap(({ from, to, lost: [miss] }) => present<Event>([from.open, to.open, miss?.message.acks[0]])),
    blames:
      lost.length > 0
        ? messageCauses(lost.map(({ message }) => message.id))
        : losers.map(({ session }) => sessionCause(session)),
  };
}

const isExercised = ({ owed, to }: Crossing) =>
  owed > 0 || to.ready?.claims === 'resumed' || to.ready?.claims === 'fresh';

/** If those who came back to where they had been lost as often as the others, would they all have been spared so rarely? */
function areSpared(exercised: number, losers: number, kept: number): boolean {
  const share = (losers + 1) / (Math.max(exercised, losers) + 2);
  return kept > 0 && (1 - share) ** kept <= rarelySpared;
}
