import { goodKnocksOf } from '../../derived/tokens.js';
import { doors } from '../../facts/doors.js';
import { timeline } from '../../facts/timeline.js';
import { fail, pass, serviceCause, sessionCause, unknown } from '../../finding.js';
import { count, list } from '../../words.js';
import { defineCheck } from '../define.js';

export const acceptedBefore = defineCheck({
  id: 'accepted-before',
  test: 'token',
  about: {
    question: 'Is a good token let in at every door before the restart?',
    seenBy:
      'A token that the sign-in gave is tried at each door, by a request and by a connection. It counts as let in when something privileged was done with it, not when a handshake succeeded. No answer is not a refusal.',
    causes: [
      'The instances of a service do not share their keys: some know the token, some do not.',
      'The audience or the issuer that one of the services expects is not the one that the other writes.',
    ],
    next: ['This has nothing to do with the restart: try the token by hand at the door that is named.'],
    modes: [2],
  },
  needs: ['tokens'],
  uses: [doors],
  passesOn: 'presence',
  judge(context) {
    const { intervalOf } = context.facts(timeline);
    const before = goodKnocksOf(context).filter(({ t }) => intervalOf(t) === 'before');
    const refused = before.filter((knock) => knock.let === 'out');
    const opened = before.filter((knock) => knock.let === 'in');
    const names = [...new Set(before.map(({ door }) => door))];
    const closed = names.filter((name) => !opened.some(({ door }) => door === name));
    const figures = { doors: names.length, letIn: opened.length, refused: refused.length };
    if (refused.length > 0) {
      const where = [...new Set(refused.map(({ door }) => door))];
      return fail(`A good token was refused before the restart at ${list(where)}`, {
        figures,
        evidence: refused,
        blames: [...where.map(serviceCause), ...refused.map(({ session }) => sessionCause(session))],
      });
    }
    if (before.length === 0) return unknown('No good token was tried before the restart', { figures });
    if (closed.length > 0)
      return unknown(`There was no answer before the restart at ${list(closed)}`, { figures });
    return pass(`A good token was let in before the restart at ${count(names.length, 'door')}`, { figures });
  },
});
