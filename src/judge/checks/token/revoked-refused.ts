import { trialsOf, type Trial } from '../../derived/tokens.js';
import { connections } from '../../facts/connections.js';
import { doors } from '../../facts/doors.js';
import { fail, pass, serviceCause, unknown } from '../../finding.js';
import { count, list } from '../../words.js';
import { defineCheck } from '../define.js';

export const revokedRefused = defineCheck({
  id: 'revoked-refused',
  test: 'token',
  about: {
    question: 'Is a token that was revoked before the restart still refused after it?',
    seenBy:
      'A session signs out, and the service confirms it. Its token is then tried at every door, before, during and after the restart. Being let in once is enough to fail. A refusal counts only where the same door let a good token in during the same time: a dead port refuses everybody.',
    causes: [
      'Revocations are kept in the memory of the process.',
      'A resumed connection skips the check that a new one gets.',
      'One of several instances never learned of the revocation.',
    ],
    next: [
      'At which door was it let in: by a request, or by a connection?',
      'Keep revocations where they survive the process, until the token expires by itself.',
      'Where tokens live on until they expire, say `revocationMs: null` in the contract.',
    ],
    modes: [78, 84],
  },
  needs: ['revocation'],
  uses: [doors, connections],
  passesOn: 'presence',
  binds: ({ revocationMs }) => revocationMs !== null,
  judge(context) {
    const trials = trialsOf(context).filter(({ knock }) => knock.credential === 'revoked');
    const letIn = trials.filter(({ proves }) => proves === 'in');
    const refused = trials.filter(({ proves }) => proves === 'refused');
    const figures = { tried: trials.length, letIn: letIn.length, refused: refused.length };
    if (letIn.length > 0) return isLetIn(letIn, figures);
    const names = [...new Set(trials.map(({ knock }) => knock.door))];
    const open = names.filter(
      (name) => !refused.some(({ knock, interval }) => knock.door === name && interval === 'after'),
    );
    if (names.length === 0) return unknown('No revoked token was tried', { figures });
    if (open.length > 0) {
      return unknown(`It is not shown that a revoked token is refused after the restart at ${list(open)}`, {
        figures,
      });
    }
    return pass(
      `A revoked token was refused ${count(refused.length, 'time')} at ${count(names.length, 'door')}, also after the restart`,
      { figures },
    );
  },
});

function isLetIn(letIn: readonly Trial[], figures: Readonly<Record<string, number>>) {
  const names = [...new Set(letIn.map(({ knock }) => knock.door))];
  const when = [...new Set(letIn.map(({ interval }) => interval))];
  return fail(`A revoked token was let in ${list(when)} the restart at ${list(names)}`, {
    figures,
    evidence: letIn.slice(0, 4).map(({ knock }) => knock),
    blames: names.map(serviceCause),
  });
}
