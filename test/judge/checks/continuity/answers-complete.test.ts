import { describe, expect, it } from 'vitest';
import { atMostOnce } from '../../../../src/contract/contracts.js';
import type { Event } from '../../../../src/history/events.js';
import {
  asPieces,
  pieces,
  undisturbed,
  whole as text,
  type AnswerPlot,
  type Connection,
} from '../../answers-story.js';
import { right, twice } from '../../stories.js';
import { adding, changing, under, without, type Told } from '../../story.js';
import { back, base, stored, withAnswers } from '../../told-answers.js';
import { whole, type Whole } from '../../told/shown.js';

const { signal, ready, end } = right.at;
const id = 'answers-complete';

const rest = asPieces(pieces.slice(4), 5);
/** The same answer of another session. */
const also = (plot: AnswerPlot, stream: string, session: string): AnswerPlot => ({
  ...plot,
  stream,
  session,
});
const givingUp: Partial<Connection> = { ends: 'give-up', reason: 'silence', endsAt: end - 600 };
/** Its reader's last connection comes to this, and then it gives up. */
const ending = (connection: Partial<Connection>, reason = 'silence'): Told =>
  adding(withAnswers(back(connection)), {
    ...{ t: end - 600, session: '1', stream: 'a3', kind: 'stream', step: 'give-up', reason },
  });
const isAfter = (stream: string) => (event: Event) =>
  event.kind === 'stored-answer' && event.stream === stream && event.at === 'after';

/** What is counted where nothing else is wrong. */
const none = {
  ...{ answers: 2, underWay: 1, cutShort: 0, notWhole: 0, withoutEnd: 0 },
  ...{ hanging: 0, stuck: 0, refused: 0, failed: 0, gone: 0 },
};

describe('answers-complete', () => {
  it('passes several that came to their end, with all their characters', () => {
    const told = withAnswers(back({ pieces: rest }), also(back({ pieces: rest }), 'a4', '6'));
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '2 answers that were under way came to their end, whole, 136 characters in all',
      figures: { ...none, answers: 3, underWay: 2 },
      shows: '',
      blames: '',
    });
    expect(whole(under(told, atMostOnce()), id).says).toBe(
      '2 answers that were under way came to their end, whole',
    );
  });

  it.each<[string, Told, string, Partial<Whole['figures']>, string]>([
    [
      'is cut short',
      withAnswers(back({ pieces: rest.slice(0, 1) })),
      'session 1 was told that its answer is over at character 41 of 68',
      { cutShort: 1 },
      'stream@1200 s1, part@1531.2 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'is not a whole one',
      withAnswers(back({ pieces: [] }, stored(pieces.slice(0, 4).join(''), { whole: false }))),
      'session 1 was told that its answer is over, and it is not a whole one: it breaks off after 34 characters',
      { notWhole: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'is not there any more',
      withAnswers(back({}, { after: { at: end - 350, text: null } })),
      'session 1 has an answer that is not there any more',
      { gone: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'failed for no reason',
      withAnswers(back({ ends: 'error' })),
      'session 1 was told that its answer failed',
      { failed: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'failed for an empty reason',
      withAnswers(back({ ends: 'error', reason: '' })),
      'session 1 was told that its answer failed',
      { failed: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'failed for a reason',
      withAnswers(back({ ends: 'error', reason: 'restarted' })),
      'session 1 was told that its answer failed: restarted',
      { failed: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    ],
    [
      'hangs',
      withAnswers(back({ ...givingUp, pieces: [] })),
      'session 1 came back to its answer at character 34 of 68, and nothing came any more',
      { hanging: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'hangs one character before its end',
      withAnswers(back({ ...givingUp, pieces: rest }, stored(`${text}.`))),
      'session 1 came back to its answer at character 68 of 69, and nothing came any more',
      { hanging: 1 },
      'stream@1200 s1, part@2182.95 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'is stuck',
      withAnswers(
        back({ ...givingUp, pieces: [] }, stored(pieces.slice(0, 4).join(''), { state: 'running' })),
      ),
      'session 1 waits for an answer that nobody goes on with: it stands at 34 characters, unfinished',
      { stuck: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'has no end',
      withAnswers(back({ ...givingUp, pieces: rest })),
      'session 1 has all 68 characters of its answer, and nothing ever told it that it is over',
      { withoutEnd: 1 },
      'stream@1200 s1, part@2182.95 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'is refused',
      ending({ ends: 'refused', status: 404, endsAt: ready + 31 }),
      'session 1 could not come back to its answer: refused with 404',
      { refused: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1532 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'is refused without a status',
      ending({ ends: 'refused', endsAt: ready + 31 }),
      'session 1 could not come back to its answer: refused with no status',
      { refused: 1 },
      'stream@1200 s1, part@1278.45 s1, stream@1532 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
    [
      'is lost',
      ending({ ends: 'lost', pieces: rest, endsAt: ready + 31 }),
      'session 1 could not come back to its answer: no connection held',
      { refused: 1 },
      'stream@1200 s1, part@1531.2 s1, stream@1532 s1, stream@2401 s1, stored-answer@2651 s1',
    ],
  ])('says what became of an answer that %s', (_, told, says, counts, shows) => {
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says,
      figures: { ...none, ...counts },
      shows,
      blames: 'session 1',
    });
  });

  it('says that no connection held where the last attempt came to nothing', () => {
    const told = without(
      ending({ ends: 'refused', endsAt: ready + 31 }),
      (event) => event.kind === 'stream' && event.stream === 'a3' && event.t === ready + 31,
    );
    expect(whole(told, id)).toMatchObject({
      is: 'fail',
      says: 'session 1 could not come back to its answer: no connection held',
    });
  });

  it('tells of the first of several, and how many others there are', () => {
    const hanging = back({ ...givingUp, pieces: [] });
    expect(whole(withAnswers(hanging, also(hanging, 'a4', '6')), id)).toEqual({
      is: 'fail',
      says: 'session 1 came back to its answer at character 34 of 68, and nothing came any more; 1 more of 3 answers is not complete either',
      figures: { ...none, answers: 3, underWay: 2, hanging: 2 },
      shows:
        'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1, stream@1200 s6, part@1278.45 s6, stream@1531.1 s6, stream@2401 s6, stored-answer@2651 s6',
      blames: 'session 1, session 6',
    });
    const three = withAnswers(
      hanging,
      also(hanging, 'a4', '6'),
      also(hanging, 'a5', '7'),
      also(hanging, 'a6', '2'),
    );
    expect(whole(three, id)).toEqual({
      is: 'fail',
      says: 'session 1 came back to its answer at character 34 of 68, and nothing came any more; 3 more of 5 answers are not complete either',
      figures: { ...none, answers: 5, underWay: 4, hanging: 4 },
      shows:
        'stream@1200 s1, part@1278.45 s1, stream@1531.1 s1, stream@2401 s1, stored-answer@2651 s1, stream@1200 s6, part@1278.45 s6, stream@1531.1 s6, stream@2401 s6, stored-answer@2651 s6, stream@1200 s7, part@1278.45 s7',
      blames: 'session 1, session 6, session 7, session 2',
    });
  });

  it('says that it needs no restart only where none of them was under way', () => {
    const plot = undisturbed(right.at);
    const short = { ...plot, after: { at: end - 349, text: `${text} and more`, state: 'done' as const } };
    expect(whole(withAnswers(short), id)).toEqual({
      is: 'fail',
      says: 'session 2 was told that its answer is over at character 68 of 77, without any restart',
      figures: { ...none, cutShort: 1 },
      shows: 'stream@420 s2, part@471.95 s2, stream@421.1 s2, stream@480 s2, stored-answer@2652 s2',
      blames: 'session 2',
    });
    expect(whole(withAnswers(short, back({ ...givingUp, pieces: [] })), id).says).not.toContain(
      'without any restart',
    );
  });

  it('does not know of answers that could not be read, or that nobody waited for, and blames their readers', () => {
    const unread = (event: Event): Event[] =>
      isAfter('a3')(event)
        ? [
            {
              t: event.t,
              session: '1',
              kind: 'answer-unread',
              stream: 'a3',
              at: 'after',
              reason: 'status 500',
            },
          ]
        : [event];
    expect(whole(changing(right, unread), id)).toEqual({
      is: 'unknown',
      says: 'session 1 has an answer that could not be read afterwards: status 500',
      figures: none,
      shows: '',
      blames: 'session 1',
    });
    expect(whole(without(right, isAfter('a3')), id).says).toBe(
      'session 1 has an answer that could not be read afterwards',
    );
    const left = ending({ ends: 'lost', pieces: rest, endsAt: ready + 31 }, 'the run goes on');
    expect(whole(left, id)).toEqual({
      is: 'unknown',
      says: 'session 1 was still being answered when the run went on',
      figures: none,
      shows: '',
      blames: 'session 1',
    });
  });

  it('tells of the first that is not clear, and how many others there are', () => {
    const both = withAnswers(back({ pieces: rest }), also(back({ pieces: rest }), 'a4', '6'));
    expect(
      whole(
        without(both, (event) => isAfter('a3')(event) || isAfter('a4')(event)),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'session 1 has an answer that could not be read afterwards, and it is not clear of 1 other answer either',
      figures: { ...none, answers: 3, underWay: 2 },
      shows: '',
      blames: 'session 1, session 6',
    });
    const three = withAnswers(
      ...['a3', 'a4', 'a5'].map((stream, index) => also(back({ pieces: rest }), stream, String(index + 1))),
    );
    const unread = without(three, (event) => ['a3', 'a4', 'a5'].some((stream) => isAfter(stream)(event)));
    expect(whole(unread, id).says).toBe(
      'session 1 has an answer that could not be read afterwards, and it is not clear of 2 other answers either',
    );
  });

  it('leaves out an answer that was to be cancelled, and a question that was not taken', () => {
    const untaken = without(
      withAnswers(back({ pieces: rest }), also(back({ ...givingUp, pieces: [] }), 'a4', '6')),
      (event) => event.kind === 'stream' && event.stream === 'a4' && event.step === 'asked',
    );
    expect(whole(untaken, id)).toMatchObject({ is: 'pass', figures: { answers: 2, underWay: 1 } });
    expect(base.askedAt).toBeLessThan(signal);
  });

  it('is unknown of a second restart at which no answer was under way', () => {
    const once = without(twice, (event) => 'stream' in event && event.stream === 'a4');
    expect(whole(twice, id)).toMatchObject({ is: 'pass', figures: { underWay: 2 } });
    expect(whole(once, id)).toMatchObject({
      is: 'unknown',
      says: 'No answer was under way when disruption 2 of 2 struck',
      blames: 'disruption 1',
    });
  });
});
