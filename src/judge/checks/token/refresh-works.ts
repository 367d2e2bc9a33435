import { doors } from '../../facts/doors.js';
import { timeline, wholeAgainAt } from '../../facts/timeline.js';
import { fail, pass, sessionCause, unknown } from '../../finding.js';
import { agree, count, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const refreshWorks = defineCheck({
  id: 'refresh-works',
  test: 'token',
  about: {
    question: 'Can a token from before the restart still be renewed after it?',
    seenBy:
      'A renewal after the restart succeeds, and from its beginning none is refused. A renewal without an answer is tried again, with the same token, as every client does: that is no reuse.',
    causes: [
      'Refresh tokens live in the memory of the process.',
      'The answer to a renewal was lost in the restart, the client asks again, and that is taken for the reuse of a stolen token: the whole family is revoked.',
    ],
    next: [
      'Was the same refresh token shown twice? Then yield the same child again until that is first used.',
      'Keep refresh tokens (or their hashes) where they survive the process.',
    ],
    modes: [4, 5],
  },
  needs: ['refresh'],
  uses: [doors],
  passesOn: 'presence',
  judge(context) {
    const { intervalOf } = context.facts(timeline);
    const since = context
      .facts(doors)
      .signIns.filter(({ how, t }) => how === 'refresh' && intervalOf(t) !== 'before');
    const refused = since.filter(({ ok, status }) => !ok && isRefusal(status));
    const renewed = since.filter(({ ok, t }) => ok && t >= wholeAgainAt(context.facts(timeline)));
    const figures = { renewed: renewed.length, refused: refused.length };
    if (refused.length > 0) {
      const who = refused.map(({ session }) => session);
      const statuses = listed(refused.map(({ status }) => String(status)));
      return fail(
        `The renewal of the ${agree(who, 'token', 'tokens')} of ${sessionsInWords(who)} was refused since the restart (${statuses})`,
        {
          figures,
          evidence: refused.slice(0, 4),
          blames: who.map(sessionCause),
        },
      );
    }
    if (renewed.length === 0) return unknown('No token was renewed after the restart', { figures });
    return pass(`${count(renewed.length, 'renewal')} after the restart, none refused since it began`, {
      figures,
    });
  },
});

/** A request for a renewal is refused with any of these. Source: RFC 6749 5.2, and what services answer instead. */
const isRefusal = (status: number | undefined) => status === 400 || status === 401 || status === 403;
