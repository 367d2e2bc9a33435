import { isProved } from '../../derived/proof.js';
import { returnsOf, wasAnyoneThere } from '../../derived/returns.js';
import { tokenRefusalsOf, type TokenRefusal } from '../../derived/tokens.js';
import { connections } from '../../facts/connections.js';
import { doors } from '../../facts/doors.js';
import { seatsOf } from '../../facts/seats.js';
import { timeline } from '../../facts/timeline.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, sentence, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const notExpired = defineCheck({
  id: 'not-expired',
  test: 'token',
  about: {
    question: 'Did no session stand at the door with a token that had expired, or was said to have?',
    seenBy:
      'Tokens live when they are issued. No session is refused because its token ran out while the service was away and nothing renewed it; and no token is refused before its time is over, or right after it was issued, as clocks that differ make it happen.',
    causes: [
      'Access tokens live for less than an outage lasts, and the client renews them only while it is connected.',
      'The service cannot be asked for a renewal with a token that has just expired.',
      'Clocks of two machines differ, and no leeway is given: a fresh token is "not yet valid".',
    ],
    next: [
      'Look at the event "sign-in" of the token that is named: for how long was it issued?',
      'Give clocks a leeway of some seconds when you verify; renew at 80 % of the life of a token.',
    ],
    modes: [8, 9],
  },
  needs: ['tokens'],
  uses: [doors],
  passesOn: 'absence',
  judge(context) {
    const seats = seatsOf(context.header);
    const signIns = context.facts(doors).signIns.filter(({ session }) => seats.isResident(session));
    const stillborn = signIns.filter(({ ok, expiresInMs = 1 }) => ok && expiresInMs <= 0);
    const expired = tokenRefusalsOf(context).filter((refusal) => isAboutExpiry(context, refusal));
    const shown = tokensShownAfter(context);
    const figures = { tokens: shown, stillborn: stillborn.length, expired: expired.length };
    const who = [...stillborn, ...expired].map(({ session }) => session);
    if (who.length > 0) {
      const evidence = [...stillborn, ...expired.flatMap(({ connect, event }) => present([connect, event]))];
      return fail(inWords(expired, stillborn), { figures, evidence, blames: who.map(sessionCause) });
    }
    if (shown > 0) {
      const summary = `${count(shown, 'session')} came back with a token, and none was refused as expired`;
      return pass(summary, { figures });
    }
    return notShown(context, figures);
  },
});

type Whose = readonly { readonly session: string }[];

function inWords(expired: Whose, stillborn: Whose): string {
  const of = (whose: Whose, what: (sessions: readonly string[]) => string) => {
    const who = whose.map(({ session }) => session);
    const tokens = `the ${agree(who, 'token', 'tokens')} of ${sessionsInWords(who)} ${agree(who, 'was', 'were')}`;
    return who.length === 0 ? null : `${tokens} ${what(who)}`;
  };
  const parts = [
    of(expired, (who) => `refused as expired, or before ${agree(who, 'its', 'their')} time`),
    of(stillborn, () => 'issued already expired'),
  ];
  return sentence(present(parts).join('; '));
}

function notShown(context: Context, figures: Finding['figures']): Finding {
  if (
    wasAnyoneThere(context) &&
    isProved(context) &&
    returnsOf(context).every(({ lostAt }) => lostAt === null)
  ) {
    return pass('No session lost its connection, so none had to show its token again', { figures });
  }
  return unknown('No session showed a token after the restart', { figures });
}

/** Its own expiry had passed, the service says so, or it was issued after the restart and refused while it was valid. */
function isAboutExpiry(context: Context, { token, event, issuedAt }: TokenRefusal): boolean {
  if (token === undefined) return false;
  const expiresAt = context.facts(doors).expiresAt.get(token) ?? Infinity;
  if (event.t >= expiresAt || saysExpiry(event.reason ?? '')) return true;
  return context.facts(timeline).intervalOf(issuedAt) !== 'before';
}

/** "Invalid or expired" says nothing. */
const saysExpiry = (reason: string) =>
  /\bexpired\b|not yet (valid|active)|\bnbf\b/i.test(reason) && !/\binvalid\b/i.test(reason);

/** Sessions that connected with a token since the disruption. */
function tokensShownAfter(context: Context): number {
  const { intervalOf } = context.facts(timeline);
  const seats = seatsOf(context.header);
  const lines = [...context.facts(connections).values()].filter(({ session }) => seats.isResident(session));
  return lines.filter(({ connections: all }) =>
    all.some(
      ({ connect, ready }) =>
        connect?.token !== undefined && ready !== null && intervalOf(ready.t) !== 'before',
    ),
  ).length;
}
