import type { Event } from '../../../history/events.js';
import { idleFinding, streamedOf, wasUnderWay, type Streamed } from '../../derived/streams.js';
import { answers } from '../../facts/answers.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, grouped } from '../../words.js';
import { defineCheck } from '../define.js';

export const answersComplete = defineCheck({
  id: 'answers-complete',
  test: 'continuity',
  about: {
    question: 'Did every answer that was under way at the restart come to its end, whole?',
    seenBy:
      'Some answers have begun and are not over when the service is struck. Their readers come back by themselves, with their cursors, and read on until they are told that the answer is over. Afterwards each answer is read as it is stored. It is complete when its reader was told so, has come as far as the stored text reaches, and the stored text is a whole answer (where the config says how that is seen). A reader to which nothing was said for the silence of the config, although the target is back, gives up.',
    causes: [
      'Unfinished answers are taken for finished ones when the service starts: who reads them is told that they are over.',
      'Nobody goes on with an answer whose process is gone, and nobody says that it failed.',
      'That an answer is over is told to those who listen at that moment and is not stored: who comes back later waits for ever.',
      'What is known of a stream lives in the process: after the restart it "exists", and nothing ever comes.',
    ],
    next: [
      'Look at the last events of the reader that is named: was it refused, did it hear nothing, was it told an end?',
      'How is the answer stored? A state that says "running" for ever means that nobody took it up.',
      'Is the answer merely slow? Then raise `silence` of `answers`.',
    ],
    modes: [50, 51, 56],
  },
  needs: ['streams'],
  uses: [answers],
  passesOn: 'presence',
  binds: ({ delivery }) => delivery !== 'at-most-once',
  judge(context) {
    const streamed = streamedOf(context);
    const underWay = streamed.filter(wasUnderWay);
    const judged = streamed.map((one) => ({ one, ...fateOf(one) }));
    const bad = judged.filter(({ is }) => is !== 'complete' && is !== 'unclear');
    const figures = { answers: streamed.length, underWay: underWay.length, ...countsOf(bad) };
    if (bad.length > 0) return isIncomplete(bad, streamed.length, figures);
    const idle = idleFinding(context, streamed, figures);
    if (idle) return idle;
    const unclear = judged.filter(({ is }) => is === 'unclear');
    if (unclear.length > 0) return isUnclear(unclear, figures);
    return allComplete(context, underWay, figures);
  },
});

/** What became of an answer. */
type Fate =
  | 'complete'
  | 'unclear'
  | 'cut-short'
  | 'not-whole'
  | 'without-end'
  | 'hanging'
  | 'stuck'
  | 'refused'
  | 'failed'
  | 'gone';
interface Told {
  readonly is: Fate;
  /** Of its session, after its name: `was told that …`. */
  readonly says: string;
}
interface Judged extends Told {
  readonly one: Streamed;
}

function fateOf(one: Streamed): Told {
  const { over, after, unread } = one.answer;
  if (!after)
    return {
      is: 'unclear',
      says: `has an answer that could not be read afterwards${because(unread?.reason)}`,
    };
  if (after.sketch === null) return { is: 'gone', says: 'has an answer that is not there any more' };
  if (!over) return { is: 'unclear', says: 'still waited for its answer when the history ended' };
  if (over.step === 'error')
    return { is: 'failed', says: `was told that its answer failed${because(over.reason)}` };
  return over.step === 'end' ? endedIn(one, after) : abandonedIn(one, after);
}

const because = (reason: string | undefined) => (reason === undefined || reason === '' ? '' : `: ${reason}`);
const characters = (units: number) => count(units, 'character');

type Stored = NonNullable<Streamed['answer']['after']>;

function endedIn({ placement }: Streamed, { units, whole }: Stored): Told {
  const reached = placement?.reached ?? null;
  if (reached !== null && reached < units) {
    const says = `was told that its answer is over at character ${grouped(reached)} of ${grouped(units)}`;
    return { is: 'cut-short', says };
  }
  if (whole === false) {
    const says = `was told that its answer is over, and it is not a whole one: it breaks off after ${characters(units)}`;
    return { is: 'not-whole', says };
  }
  return { is: 'complete', says: 'has a complete answer' };
}

/** Its reader gave up. */
function abandonedIn({ answer, placement }: Streamed, { units, state }: Stored): Told {
  const last = answer.connections.at(-1);
  const reached = placement?.reached ?? null;
  if (answer.over?.reason === 'the run goes on')
    return { is: 'unclear', says: 'was still being answered when the run went on' };
  if (last?.step === 'refused' || last?.step === 'lost' || last?.step === 'connect') {
    const how = last.step === 'refused' ? `refused with ${last.status ?? 'no status'}` : 'no connection held';
    return { is: 'refused', says: `could not come back to its answer: ${how}` };
  }
  if (reached !== null && reached < units) {
    const says = `came back to its answer at character ${grouped(reached)} of ${grouped(units)}, and nothing came any more`;
    return { is: 'hanging', says };
  }
  if (state === 'running') {
    return {
      is: 'stuck',
      says: `waits for an answer that nobody goes on with: it stands at ${characters(units)}, unfinished`,
    };
  }
  return {
    is: 'without-end',
    says: `has all ${characters(units)} of its answer, and nothing ever told it that it is over`,
  };
}

const names: Readonly<Record<Exclude<Fate, 'complete' | 'unclear'>, string>> = {
  'cut-short': 'cutShort',
  'not-whole': 'notWhole',
  'without-end': 'withoutEnd',
  hanging: 'hanging',
  stuck: 'stuck',
  refused: 'refused',
  failed: 'failed',
  gone: 'gone',
};

function countsOf(bad: readonly Told[]): Finding['figures'] {
  return Object.fromEntries(
    Object.entries(names).map(([fate, name]) => [name, bad.filter(({ is }) => is === fate).length]),
  );
}

function isIncomplete(bad: readonly Judged[], all: number, figures: Finding['figures']): Finding {
  const [first] = bad;
  const rest = bad.length - 1;
  const others =
    rest === 0
      ? ''
      : `; ${rest} more of ${count(all, 'answer')} ${agree(rest, 'is', 'are')} not complete either`;
  const everyday = bad.every(({ one }) => !wasUnderWay(one)) ? ', without any restart' : '';
  const summary = `session ${first?.one.answer.session ?? '?'} ${first?.says ?? ''}${everyday}${others}`;
  return fail(summary, { figures, evidence: bad.slice(0, 3).flatMap(evidenceOf), blames: blamesOf(bad) });
}

const blamesOf = (judged: readonly Judged[]) => judged.map(({ one }) => sessionCause(one.answer.session));

function evidenceOf({ one }: Judged): Event[] {
  const { ask, parts, connections, over, after } = one.answer;
  return present<Event>([ask, parts.at(-1), connections.at(-1), over, after]);
}

function isUnclear(unclear: readonly Judged[], figures: Finding['figures']): Finding {
  const [first] = unclear;
  const rest = unclear.length - 1;
  const others = rest === 0 ? '' : `, and it is not clear of ${count(rest, 'other answer')} either`;
  const summary = `session ${first?.one.answer.session ?? '?'} ${first?.says ?? ''}${others}`;
  return unknown(summary, { figures, blames: blamesOf(unclear) });
}

function allComplete(
  { header }: Context,
  underWay: readonly Streamed[],
  figures: Finding['figures'],
): Finding {
  const units = underWay.reduce((sum, { answer }) => sum + (answer.after?.units ?? 0), 0);
  const what = count(underWay.length, 'answer');
  const told = header.contract.delivery === 'at-most-once' ? '' : `, ${characters(units)} in all`;
  return pass(
    `${what} that ${agree(underWay.length, 'was', 'were')} under way came to ${agree(underWay.length, 'its', 'their')} end, whole${told}`,
    {
      figures,
    },
  );
}
