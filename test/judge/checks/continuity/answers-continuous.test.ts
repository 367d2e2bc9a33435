import { describe, expect, it } from 'vitest';
import { atLeastOnce } from '../../../../src/contract/contracts.js';
import type { Event } from '../../../../src/history/events.js';
import {
  answerTold,
  asPieces,
  pieces,
  undisturbed,
  type AnswerPlot,
  type Connection,
} from '../../answers-story.js';
import { right, twice } from '../../stories.js';
import { adding, changing, under, without, type Told } from '../../story.js';
import { back, base, stored, withAnswers } from '../../told-answers.js';
import { whole, type Whole } from '../../told/shown.js';

const { signal, ready, end } = right.at;
const id = 'answers-continuous';

const rest = asPieces(pieces.slice(4), 5);
const also = (plot: AnswerPlot, stream: string, session: string): AnswerPlot => ({
  ...plot,
  stream,
  session,
});
const [first] = base.connections as [Connection];
const uncursored = (told: Told) =>
  changing(told, (event): Event => {
    if (event.kind !== 'stream' || event.cursor === undefined) return event;
    const { cursor: _, ...step } = event;
    return step;
  });
const other = [
  '👋 Once ',
  'upon a time ',
  'somebody ',
  'restarted ',
  'a service, ',
  'and all was well. ',
  '∎',
];
const cut = [{ text: '\ufffd\ufffd世界 ', id: '5' }, ...asPieces(pieces.slice(4), 6)];
const unread = (told: Told, ...streams: readonly string[]) =>
  without(
    told,
    (event) => event.kind === 'stored-answer' && event.at === 'after' && streams.includes(event.stream),
  );

/** What is counted where nothing else is wrong. */
const none = {
  ...{ underWay: 1, resumed: 1, broken: 1 },
  ...{ repeatedUnits: 0, missingUnits: 0, splits: 0, altered: 0, madeAnew: 0 },
};

describe('answers-continuous', () => {
  it.each<[string, Told, string, Partial<Whole['figures']>, string]>([
    [
      'a part twice',
      withAnswers(back({ pieces: asPieces(pieces.slice(3), 4) })),
      'session 1 got characters 30–34 of its answer twice, although it had said that it has 4',
      { repeatedUnits: 5 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'one character twice',
      withAnswers(back({ pieces: [{ text: ' ', id: '4' }, ...rest] })),
      'session 1 got character 34 of its answer twice, although it had said that it has 4',
      { repeatedUnits: 1 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'a part twice, without a cursor',
      uncursored(withAnswers(back({ pieces: asPieces(pieces.slice(3), 4) }))),
      'session 1 got characters 30–34 of its answer twice, although it had read so far',
      { repeatedUnits: 5 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'everything again',
      withAnswers(back({ pieces: asPieces(pieces) })),
      'session 1 got its answer again from the beginning (34 characters), although it had said that it has 4',
      { repeatedUnits: 34 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'everything again, without a cursor',
      uncursored(withAnswers(back({ pieces: asPieces(pieces) }))),
      'session 1 got its answer again from the beginning (34 characters), although it had read so far',
      { repeatedUnits: 34 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'a part less',
      withAnswers(back({ pieces: asPieces(pieces.slice(5), 6) })),
      'session 1 never got characters 35–41 of its answer: it came back with 4',
      { missingUnits: 7 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'a part less, without a cursor',
      uncursored(withAnswers(back({ pieces: asPieces(pieces.slice(5), 6) }))),
      'session 1 never got characters 35–41 of its answer',
      { missingUnits: 7 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'half a character',
      withAnswers(back({ pieces: cut })),
      'session 1 got half a character at the seam: the answer was cut in another unit than that of its cursor (4)',
      { splits: 1 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'half a character, without a cursor',
      uncursored(withAnswers(back({ pieces: cut }))),
      'session 1 got half a character at the seam: the answer was cut in another unit than that of its cursor',
      { splits: 1 },
      'part@1278.45 s1, stream@1531 s1, part@1531.2 s1',
    ],
    [
      'parts of another answer',
      withAnswers(back({ pieces: asPieces(other.slice(4), 5) }, stored(other.join('')))),
      'session 1 got 4 parts of an answer that stand nowhere in the stored one: it was made anew, and does not continue',
      { madeAnew: 1 },
      'stream@1201 s1, part@1201.2 s1',
    ],
    [
      'one part of another answer',
      withAnswers(back({ pieces: [...rest, { text: 'The end, really.', id: '9' }] })),
      'session 1 got 1 part of an answer that stands nowhere in the stored one: it was made anew, and does not continue',
      { madeAnew: 1 },
      'part@1602.6 s1, stream@1531 s1, part@1626.4 s1',
    ],
  ])('says it when a reader gets %s', (_, told, says, counts, shows) => {
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says,
      figures: { ...none, ...counts },
      shows,
      blames: 'session 1',
    });
  });

  it('says it when a letter differs that the sketch cannot tell apart', () => {
    const told = changing(withAnswers(back({ pieces: rest })), (event) =>
      event.kind === 'stream' && event.stream === 'a3' && event.step === 'end'
        ? { ...event, digest: 'another' }
        : event,
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 1 got an answer of which some letter is another one in the stored text',
      figures: { ...none, altered: 1 },
      shows: 'part@1590.7 s1, stream@1531 s1, part@1620.45 s1',
      blames: 'session 1',
    });
  });

  it('lays it to a frame that is no part where that had moved the cursor, and not a part', () => {
    const moving = (control: string): AnswerPlot => ({
      ...base,
      connections: [
        { ...first, control },
        {
          at: ready + 30,
          cursor: control,
          pieces: asPieces(pieces.slice(5), 6),
          ends: 'end',
          endsAt: ready + 150,
        },
      ],
    });
    expect(whole(withAnswers(moving('5')), id)).toEqual({
      is: 'fail',
      says: 'session 1 never got characters 35–41 of its answer: a frame that is no part had moved its cursor to 5',
      figures: { ...none, missingUnits: 7 },
      shows: 'part@1278.45 s1, control@1304.9 s1, stream@1531 s1, part@1531.2 s1',
      blames: 'session 1',
    });
    expect(whole(withAnswers(moving('4')), id).says).toContain('of its answer: it came back with 4');
    const late = changing(withAnswers(moving('5')), (event) =>
      event.kind === 'control' ? { ...event, attempt: 2 } : event,
    );
    expect(whole(late, id)).toMatchObject({
      says: expect.stringContaining(': it came back with 5') as string,
      shows: expect.not.stringContaining('control') as string,
    });
  });

  it('tells of the first of several, counts all, and how many others there are', () => {
    const twice = back({ pieces: asPieces(pieces.slice(3), 4) });
    const less = back({ pieces: asPieces(pieces.slice(5), 6) });
    expect(whole(withAnswers(twice, also(less, 'a4', '6')), id)).toEqual({
      is: 'fail',
      says: 'session 1 got characters 30–34 of its answer twice, although it had said that it has 4; 1 more answer does not continue either',
      figures: { ...none, underWay: 2, resumed: 2, broken: 2, repeatedUnits: 5, missingUnits: 7 },
      shows:
        'part@1278.45 s1, stream@1531 s1, part@1531.2 s1, part@1278.45 s6, stream@1531 s6, part@1531.2 s6',
      blames: 'session 1, session 6',
    });
    const four = withAnswers(twice, also(less, 'a4', '6'), also(less, 'a5', '7'), also(less, 'a6', '2'));
    expect(whole(four, id)).toEqual({
      is: 'fail',
      says: 'session 1 got characters 30–34 of its answer twice, although it had said that it has 4; 3 more answers do not continue either',
      figures: { ...none, underWay: 4, resumed: 4, broken: 4, repeatedUnits: 5, missingUnits: 21 },
      shows:
        'part@1278.45 s1, stream@1531 s1, part@1531.2 s1, part@1278.45 s6, stream@1531 s6, part@1531.2 s6, part@1278.45 s7, stream@1531 s7, part@1531.2 s7',
      blames: 'session 1, session 6, session 7, session 2',
    });
  });

  it('says that it needs no restart only where none of them was under way', () => {
    const plot = undisturbed(right.at);
    const doubled: AnswerPlot = {
      ...plot,
      connections: [
        { at: 421, pieces: asPieces(pieces.slice(0, 4)), endsAt: 440 },
        { at: 445, cursor: '4', pieces: asPieces(pieces.slice(3), 4), ends: 'end', endsAt: 480 },
      ],
    };
    expect(whole(withAnswers(doubled), id)).toEqual({
      is: 'fail',
      says: 'session 2 got characters 30–34 of its answer twice, although it had said that it has 4, without any restart',
      figures: { ...none, repeatedUnits: 5 },
      shows: 'part@434.7 s2, stream@445 s2, part@445.2 s2',
      blames: 'session 2',
    });
    const twice = back({ pieces: asPieces(pieces.slice(3), 4) });
    expect(whole(withAnswers(doubled, twice), id).says).not.toContain('without any restart');
  });

  it('counts answers that went on, and those whose readers lost nothing', () => {
    const both = withAnswers(back({ pieces: rest }), also(back({ pieces: rest }), 'a4', '6'));
    expect(whole(both, id)).toEqual({
      is: 'pass',
      says: '2 answers went on after the restart exactly where their readers had stopped',
      figures: { ...none, underWay: 2, resumed: 2, broken: 0 },
      shows: '',
      blames: '',
    });
    const through = {
      ...base,
      connections: [
        { at: signal - 100, pieces: asPieces(pieces), ends: 'end' as const, endsAt: ready + 150 },
      ],
    };
    expect(whole(withAnswers(through), id)).toEqual({
      is: 'pass',
      says: '1 answer under way went on over the restart, and no reader lost its connection',
      figures: { ...none, resumed: 0, broken: 0 },
      shows: '',
      blames: '',
    });
  });

  it('does not know where what is stored is not known, and blames the readers', () => {
    const both = withAnswers(back({ pieces: rest }), also(back({ pieces: rest }), 'a4', '6'));
    expect(whole(unread(both, 'a3', 'a4'), id)).toEqual({
      is: 'unknown',
      says: 'What is stored of 2 answers is not known, so nothing could be compared with it',
      figures: { ...none, underWay: 2, resumed: 2, broken: 0 },
      shows: '',
      blames: 'session 1, session 6',
    });
    expect(whole(unread(both, 'a4'), id)).toMatchObject({ is: 'unknown', blames: 'session 6' });
  });

  it('does not know where no reader that came back got anything more, and knows where one did', () => {
    const nothing = back({ pieces: [], ends: 'error', reason: 'x' });
    expect(whole(withAnswers(nothing), id)).toEqual({
      is: 'unknown',
      says: 'No reader that came back to its answer got anything more of it',
      figures: { ...none, resumed: 0, broken: 0 },
      shows: '',
      blames: 'session 1',
    });
    expect(whole(withAnswers(nothing, also(back({ pieces: rest }), 'a4', '6')), id)).toMatchObject({
      is: 'pass',
      figures: { underWay: 2, resumed: 1 },
    });
  });

  it('takes two texts for two where even the answer that nothing disturbed stands nowhere', () => {
    const rendered = {
      ...undisturbed(right.at),
      after: { at: end - 349, text: '<p>something else</p>', state: 'done' as const },
    };
    expect(whole(withAnswers(rendered), id)).toEqual({
      is: 'unknown',
      says: 'Even the answer that was over before the restart is not stored as it was streamed. Do `frame` and `text` of `answers` give the same text?',
      figures: { ...none, madeAnew: 1 },
      shows: '',
      blames: '',
    });
    // One that was asked for the restart, and was over before it, says nothing of the kind.
    expect(whole(withAnswers({ ...rendered, purpose: 'restart' }), id).is).toBe('fail');
  });

  it('lets only repeats of parts with an id come again at least once', () => {
    const again = under(withAnswers(back({ pieces: asPieces(pieces.slice(3), 4) })), atLeastOnce());
    expect(whole(again, id).is).toBe('pass');
    const less = under(withAnswers(back({ pieces: asPieces(pieces.slice(5), 6) })), atLeastOnce());
    expect(whole(less, id).is).toBe('fail');
    const unnamed = changing(again, (event): Event => {
      if (event.kind !== 'part') return event;
      const { position: _, ...part } = event;
      return part;
    });
    expect(whole(unnamed, id).is).toBe('fail');
    expect(whole(under(unread(right, 'a3'), atLeastOnce()), id).is).toBe('unknown');
  });

  it('is unknown of a second restart after which no reader was told anything more, and blames those readers', () => {
    const apart = changing(twice, (event) =>
      'stream' in event && event.stream === 'a4' ? { ...event, session: '6' } : event,
    );
    const later = (event: Event) => event.kind === 'part' && event.stream === 'a4' && event.attempt > 1;
    expect(whole(apart, id)).toMatchObject({ is: 'pass', figures: { underWay: 2, resumed: 2 } });
    expect(whole(without(apart, later), id)).toMatchObject({
      is: 'unknown',
      says: 'No reader that came back to its answer after disruption 2 of 2 got anything more of it',
      figures: { underWay: 2, resumed: 1 },
      blames: 'session 6',
    });
  });

  it('goes on over two restarts, and has to after each', () => {
    const [one, two] = twice.restarts;
    const [struck = 0, again = 0] = [one?.signal, two?.signal];
    const long: AnswerPlot = {
      ...base,
      stream: 'a5',
      connections: [
        { at: struck - 100, pieces: asPieces(pieces.slice(0, 3)), endsAt: struck + 4 },
        {
          at: (one?.ready ?? 0) + 30,
          cursor: '3',
          pieces: asPieces(pieces.slice(3, 6), 4),
          endsAt: again + 4,
        },
        { at: (two?.ready ?? 0) + 30, cursor: '6', ends: 'give-up', reason: 'silence', endsAt: again + 600 },
      ],
    };
    const alone = without(twice, (event) => 'stream' in event && ['a3', 'a4'].includes(event.stream));
    const told = adding(alone, ...answerTold(long));
    expect(whole(told, id)).toMatchObject({
      is: 'unknown',
      says: 'No reader that came back to its answer after disruption 2 of 2 got anything more of it',
      figures: { underWay: 1, resumed: 1 },
      blames: 'session 1',
    });
  });

  it('is unknown of a second restart at which no answer was under way', () => {
    const once = without(twice, (event) => 'stream' in event && event.stream === 'a4');
    expect(whole(once, id)).toMatchObject({
      is: 'unknown',
      says: 'No answer was under way when disruption 2 of 2 struck',
      blames: 'disruption 1',
    });
  });
});
