import { doors } from '../../facts/doors.js';
import { seatsOf } from '../../facts/seats.js';
import { timeline } from '../../facts/timeline.js';
import { fail, pass, sessionCause, unknown } from '../../finding.js';
import { count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const noSecondLogin = defineCheck({
  id: 'no-second-login',
  test: 'session',
  about: {
    question: 'Did everyone stay signed in, without signing in a second time?',
    seenBy:
      'Each session signs in once, at the beginning. A renewal of its token is no sign-in. If our client had to show its password again after the disruption began, because neither its token nor its renewal was accepted any more, a user would have seen the sign-in page.',
    causes: [
      'The key that signs tokens is made anew at every start.',
      'Sessions or refresh tokens live in the memory of the process.',
      'A refresh whose answer was lost in the restart is taken for reuse, and the whole family is revoked.',
    ],
    next: [
      'What came before the second sign-in: a refused token (see `accepted-after`) or a refused refresh (see `refresh-works`)?',
    ],
    modes: [4, 5, 9],
  },
  needs: ['sign-in'],
  uses: [doors],
  passesOn: 'absence',
  judge(context) {
    const seats = seatsOf(context.header);
    const signIns = context.facts(doors).signIns.filter(({ session }) => seats.isResident(session));
    const first = signIns.filter(({ how, ok }) => how === 'first' && ok);
    const again = signIns.filter(({ how }) => how === 'again');
    const isBefore = (t: number) => context.facts(timeline).intervalOf(t) === 'before';
    const since = again.filter(({ t }) => !isBefore(t));
    const sessions = new Set(first.map(({ session }) => session)).size;
    const figures = { sessions, again: since.length, againBefore: again.length - since.length };
    if (since.length > 0) {
      const who = since.map(({ session }) => session);
      return fail(
        `${sessionsInWords(who)} had to sign in a second time (${count(since.length, 'sign-in')})`,
        {
          figures,
          evidence: since,
          blames: who.map(sessionCause),
        },
      );
    }
    if (sessions === 0)
      return unknown('No session signed in, so none could be asked to do so again', { figures });
    return pass(`${count(sessions, 'session')} signed in once, and stayed signed in`, { figures });
  },
});
