import { trialsOf, type Trial } from '../../derived/tokens.js';
import { connections } from '../../facts/connections.js';
import { doors } from '../../facts/doors.js';
import type { Interval } from '../../facts/timeline.js';
import { fail, pass, serviceCause, unknown } from '../../finding.js';
import { count, list } from '../../words.js';
import { defineCheck } from '../define.js';

export const forgedRefused = defineCheck({
  id: 'forged-refused',
  test: 'token',
  about: {
    question: 'Is a token that nobody issued refused at every moment: before, during and after the restart?',
    seenBy:
      'Forged tokens of several kinds (changed, unsigned, signed with another key or with the public key as a secret, expired, for another audience, not yet valid, and none at all) are tried at the doors all the time. Being let in once is enough to fail. A refusal counts only where the same door let a good token in during the same time.',
    causes: [
      'While keys are still loading, tokens are decoded and not verified.',
      'A fallback for the start, meant for health checks, lets everybody in.',
      'The algorithm is taken from the token instead of from the key.',
    ],
    next: [
      'Which kind was let in, and when: only while the service started, or always?',
      'Be ready only when keys are there; pin the algorithms that you accept.',
    ],
    modes: [82],
  },
  needs: ['tokens', 'forgeries'],
  uses: [doors, connections],
  passesOn: 'presence',
  judge(context) {
    const trials = trialsOf(context).filter(({ knock }) => knock.credential !== 'revoked');
    const letIn = trials.filter(({ proves }) => proves === 'in');
    const refused = trials.filter(({ proves }) => proves === 'refused');
    const kinds = new Set(trials.map(({ knock }) => knock.credential));
    const figures = { kinds: kinds.size, letIn: letIn.length, refused: refused.length };
    if (letIn.length > 0) return isLetIn(letIn, figures);
    if (trials.length === 0) return unknown('No forged token was tried', { figures });
    const missing = notShown(refused, [...kinds]);
    if (missing.length > 0)
      return unknown(`It is not shown that forged tokens are refused: ${list(missing, 5)}`, { figures });
    const summary = `${count(refused.length, 'attempt')} with forged tokens of ${count(kinds.size, 'kind')}, all refused, before, during and after the restart`;
    return pass(summary, { figures });
  },
});

/** Each kind before and after; during the restart, which may be short, at least one. */
function notShown(refused: readonly Trial[], kinds: readonly string[]): string[] {
  const lacking = (interval: Interval) =>
    kinds.filter(
      (kind) => !refused.some((trial) => trial.interval === interval && trial.knock.credential === kind),
    );
  const ofEach = (['before', 'after'] as const).flatMap((interval) =>
    lacking(interval).map((kind) => `${kind} ${interval} it`),
  );
  const during = lacking('during').length === kinds.length ? ['any kind during the restart'] : [];
  return [...ofEach, ...during];
}

function isLetIn(letIn: readonly Trial[], figures: Readonly<Record<string, number>>) {
  const kinds = [...new Set(letIn.map(({ knock }) => knock.credential))];
  const names = [...new Set(letIn.map(({ knock }) => knock.door))];
  const when = [...new Set(letIn.map(({ interval }) => interval))];
  const summary = `A forged token (${list(kinds)}) was let in ${list(when)} the restart at ${list(names)}, ${count(letIn.length, 'time')}`;
  const evidence = letIn.slice(0, 6).map(({ knock }) => knock);
  return fail(summary, { figures, evidence, blames: names.map(serviceCause) });
}
