import type { EventOf } from '../../../history/events.js';
import { unknownOf, unmetOf } from '../../derived/met.js';
import { shows } from '../../derived/proof.js';
import { answers, type Answer } from '../../facts/answers.js';
import { timeline, type Disruption } from '../../facts/timeline.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

const facets = ['graceful', 'restart', 'loss', 'streams'] as const;

export const requestsFinished = defineCheck({
  id: 'requests-finished',
  test: 'session',
  about: {
    question:
      'Is every request that is under way when the service is asked to leave brought to an end, and none cut?',
    seenBy:
      'The requests are those by which answers are read, part after part: each lasts some seconds, so several are under way at the signal. Until the restart is over each of them has to end: with the end of its answer, or as HTTP ends a response, early or not. One that breaks off in the middle was cut. Judged only of restarts that leave time for a goodbye.',
    causes: [
      'The process ends at SIGTERM while responses are still being written.',
      'The server destroys all connections, where it should only close those that are idle.',
      'The grace period is shorter than the longest request, and nothing tells long ones to end.',
    ],
    next: [
      'Look at the event "stream" with the step "lost" of the answer that is named, and what it says as its reason.',
      'On SIGTERM: take no new requests, end what is being streamed (its reader comes back with its cursor), wait for the rest, then exit.',
    ],
    modes: [67],
  },
  needs: facets,
  uses: [answers],
  passesOn: 'presence',
  judge(context) {
    const all = requestsOf(context);
    const cut = all.filter(({ how }) => how === 'cut');
    const ended = all.filter(({ how }) => how === 'ended');
    const figures = { underWay: all.length, ended: ended.length, cut: cut.length };
    if (cut.length > 0) return areCut(cut, figures);
    if (all.length === 0)
      return unknown('No answer was being read when the service was asked to leave', { figures });
    if (ended.length === 0)
      return unknown('It is not known how the requests ended that were under way', { figures });
    const met = ended.map(({ disruption }) => disruption);
    const says = (named: string) => `It was not seen how any request ended that was under way at ${named}`;
    const unseen = unknownOf(context, unmetOf(context, facets, met), says, figures);
    if (unseen) return unseen;
    return pass(
      `${count(ended.length, 'request')} that ${agree(ended.length, 'was', 'were')} under way when the service was asked to leave ended in order`,
      { figures, evidence: present(ended.slice(0, 2).map(({ end }) => end)) },
    );
  },
});

/** A request by which an answer was read when something struck, and what became of it until that was over. */
interface Request {
  readonly disruption: Disruption;
  readonly answer: Answer;
  readonly how: 'ended' | 'cut' | 'unclear';
  readonly end: EventOf<'stream'> | null;
}

function requestsOf(context: Context): readonly Request[] {
  const { disruptions } = context.facts(timeline);
  const telling = disruptions.filter((one) => facets.every((facet) => shows(context.header, one, facet)));
  const all = [...context.facts(answers).values()];
  return telling.flatMap((disruption) => all.flatMap((answer) => requestAt(disruption, answer) ?? []));
}

function requestAt(disruption: Disruption, answer: Answer): Request | null {
  const { struckAt, endAt } = disruption;
  if (struckAt === null) return null;
  const open = answer.connections.findLast(({ step, t }) => step === 'open' && t < struckAt);
  if (!open) return null;
  const lost = answer.connections.find(({ step, attempt }) => step === 'lost' && attempt === open.attempt);
  const end = [lost, answer.over].find((one) => one?.attempt === open.attempt) ?? null;
  if (end && end.t < struckAt) return null;
  // What lives on after the restart was on something else.
  if (!end || end.t > (endAt ?? Infinity)) return { disruption, answer, how: 'unclear', end: null };
  return { disruption, answer, how: end.step !== 'lost' ? 'ended' : howOf(end), end };
}

const howOf = ({ by }: EventOf<'stream'>): Request['how'] =>
  by === undefined ? 'unclear' : by === 'target' ? 'ended' : 'cut';

function areCut(cut: readonly Request[], figures: Finding['figures']): Finding {
  const sessions = cut.map(({ answer }) => answer.session);
  const reasons = [...new Set(cut.flatMap(({ end }) => end?.reason ?? []))];
  const why = reasons.length > 0 ? ` (${list(reasons)})` : '';
  const summary = `${count(cut.length, 'request')} of ${sessionsInWords(sessions)}, under way when the service was asked to leave, ${agree(cut.length, 'was', 'were')} cut in the middle${why}`;
  return fail(summary, {
    figures,
    evidence: present(cut.slice(0, 4).map(({ end }) => end)),
    blames: sessions.map(sessionCause),
  });
}
