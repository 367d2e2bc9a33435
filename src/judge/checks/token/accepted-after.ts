import {
  goodKnocksOf,
  isValidAt,
  tokenRefusalsOf,
  type Knock,
  type TokenRefusal,
} from '../../derived/tokens.js';
import { doors } from '../../facts/doors.js';
import { timeline } from '../../facts/timeline.js';
import { fail, pass, present, serviceCause, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const acceptedAfter = defineCheck({
  id: 'accepted-after',
  test: 'token',
  about: {
    question: 'Is the very same token, issued before the restart, let in after it?',
    seenBy:
      'A token is known by its label, so that it is seen that the same one was used. At each door that let it in before, it is let in after; and from the beginning of the restart no valid token is definitely refused (401, 403, close 4401), not even for a moment. "Cannot verify just now" has answers of its own, 503 and 1013.',
    causes: [
      'The key that signs tokens is made anew at every start.',
      'The service answers before its keys are loaded, and refuses what it cannot verify yet.',
      'Sessions that belong to tokens live in the memory of the process.',
    ],
    next: [
      'Is it refused for a moment only? Then answer 503 until the keys are there, and be ready only then.',
      'Is it refused for good? Keep the signing keys outside the process, and keep publishing old ones until their last token has expired.',
    ],
    modes: [1, 2, 3],
  },
  needs: ['tokens'],
  uses: [doors],
  passesOn: 'presence',
  judge(context) {
    const { intervalOf } = context.facts(timeline);
    const knocks = goodKnocksOf(context);
    const refused = knocks.filter((knock) => knock.let === 'out' && intervalOf(knock.t) !== 'before');
    const sessions = sessionsRefused(context);
    const before = opened(knocks.filter(({ t }) => intervalOf(t) === 'before'));
    const after = opened(knocks.filter(({ t }) => intervalOf(t) === 'after'));
    const names = [...new Set(before.map(({ door }) => door))];
    const missing = names.filter((name) => !isSameTokenIn(name, before, after));
    const figures = { doors: names.length, refused: refused.length, sessionsRefused: sessions.length };
    if (refused.length + sessions.length > 0) return isRefused(refused, sessions, figures);
    if (names.length === 0) return unknown('No good token was let in before the restart', { figures });
    if (missing.length > 0) {
      const summary = `The token that was let in before was neither let in nor refused after the restart at ${list(missing)}`;
      return unknown(summary, { figures, blames: missing.map(serviceCause) });
    }
    const summary = `The same token was let in before and after the restart at ${count(names.length, 'door')}`;
    return pass(summary, { figures });
  },
});

const opened = (knocks: readonly Knock[]) => knocks.filter((knock) => knock.let === 'in');

function isSameTokenIn(name: string, before: readonly Knock[], after: readonly Knock[]): boolean {
  const labels = new Set(before.filter(({ door }) => door === name).map(({ token }) => token));
  return after.some(({ door, token }) => door === name && labels.has(token));
}

/** Sessions whose own token, issued before the disruption and valid, was refused since. */
function sessionsRefused(context: Context): readonly TokenRefusal[] {
  const { intervalOf } = context.facts(timeline);
  return tokenRefusalsOf(context).filter(
    ({ event, token, issuedAt }) =>
      token !== undefined &&
      intervalOf(event.t) !== 'before' &&
      intervalOf(issuedAt) === 'before' &&
      isValidAt(context, token, event.t),
  );
}

function isRefused(
  knocks: readonly Knock[],
  sessions: readonly TokenRefusal[],
  figures: Finding['figures'],
): Finding {
  const doorsShut = knocks.map(({ door }) => serviceCause(door));
  const who = [...knocks, ...sessions].map(({ session }) => sessionCause(session));
  const evidence = [
    ...knocks.slice(0, 6),
    ...sessions.slice(0, 3).flatMap(({ connect, event }) => present([connect, event])),
  ];
  return fail(inWords(knocks, sessions), { figures, evidence, blames: [...doorsShut, ...who] });
}

function inWords(knocks: readonly Knock[], sessions: readonly TokenRefusal[]): string {
  const names = [...new Set(knocks.map(({ door }) => door))];
  const answers = present([...knocks, ...sessions.map(({ event }) => event)].map(({ status }) => status));
  const statuses = [...new Set(answers)].map(String);
  const where = present([
    names.length > 0 ? `at ${list(names)}` : null,
    sessions.length > 0 ? `when ${sessionsInWords(sessions.map(({ session }) => session))} came back` : null,
  ]);
  const how = statuses.length > 0 ? ` (${list(statuses)})` : '';
  return `A good token from before the restart was refused since${how} ${where.join(' and ')}`;
}
