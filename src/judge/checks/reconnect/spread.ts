import { rare } from '../../derived/chance.js';
import { placementsOf, type Placements } from '../../derived/placements.js';
import { fail, pass, sessionCause, unknown } from '../../finding.js';
import type { Finding } from '../../port.js';
import { agree, count } from '../../words.js';
import { defineCheck } from '../define.js';

export const spread = defineCheck({
  id: 'spread',
  test: 'reconnect',
  about: {
    question: 'After the rollout, are the sessions on all replicas, as far as the balancer had a choice?',
    seenBy:
      'Which instance each session is on when the chat is over. It fails when so many are on one that chance would hardly ever do it (one run in ten thousand, if each session were put on any of them with the same chance), and when, each time that several replicas had been ready for as long as a balancer may take to notice, sessions were put on the one that had the most already more often than chance would. Who came while only one was ready had no choice: that is counted, and is no failure of the balancer.',
    causes: [
      'The balancer takes the first replica of its list that is ready.',
      'It hashes what all sessions have in common: their address behind a proxy or a gateway.',
      'It goes by who answers first, and the replica with warm caches always does.',
    ],
    next: [
      'Choose the replica with the fewest connections; it evens out by itself what a rollout has shifted.',
      'Where nobody had a choice, start new replicas before old ones are taken down, or end connections of a great age now and then.',
    ],
    modes: [73],
  },
  needs: ['balancer', 'instance'],
  passesOn: 'presence',
  judge: (context) => judged(placementsOf(context)),
});

function judged(placements: Placements): Finding {
  const { counts, ends, chosen, fullest, chance, preference } = placements;
  const total = ends.length;
  const most = Math.max(0, ...counts.map(({ sessions }) => sessions));
  const withChoice = ends.filter(({ hadChoice }) => hadChoice).length;
  const figures = { replicas: counts.length, sessions: total, most, withChoice, chosen, fullest };
  if (counts.length < 2) return unknown('Fewer than two replicas were ready in the end', { figures });
  if (total === 0) return unknown('No session was on an instance that is known at a door', { figures });
  const where = `${inWords(placements)} in the end`;
  if (chance <= rare && preference <= rare) {
    const summary = `${where}; ${fullest} of ${count(chosen, 'time')} that the balancer had a choice, it took the replica that had the most already`;
    return fail(summary, {
      figures,
      evidence: ends.slice(0, 4).map(({ open }) => open),
      blames: ends.map(({ session }) => sessionCause(session)),
    });
  }
  if (chance <= rare || (most === total && withChoice === 0)) {
    const came = `${total - withChoice} of them came when only one was ready`;
    return pass(`${where}: ${came}, and the balancer did not prefer the fuller one`, { figures });
  }
  if (most < total) return pass(where, { figures });
  return unknown(`${where}: too few to tell it from chance`, { figures });
}

const inWords = ({ counts, ends }: Placements) =>
  `${counts.map(({ name, sessions }) => `${sessions} on ${name}`).join(', ')}: so ${agree(ends.length, 'is', 'are')} ${count(ends.length, 'session')}`;
