import { describe, expect, it } from 'vitest';
import { atLeastOnce, atMostOnce } from '../../../src/contract/contracts.js';
import {
  answerTold,
  asPieces,
  cancelled,
  disturbed,
  pieces,
  undisturbed,
  whole,
  type AnswerPlot,
  type Connection,
} from '../answers-story.js';
import { result } from '../result.js';
import { adding, having, judge, lacking, resultOf, under, without, type Told } from '../story.js';
import { right } from '../stories.js';

const { signal, ready, end } = right.at;

/** The right story with these answers in the place of those of the same name. */
function told(...plots: readonly AnswerPlot[]): Told {
  const names = new Set(plots.map(({ stream }) => stream));
  const rest = without(right, (event) => 'stream' in event && names.has(event.stream));
  return adding(rest, ...plots.flatMap(answerTold));
}

const base = disturbed(right.at);
const [first, refused] = base.connections as [Connection, Connection, Connection];
/** The disturbed answer, whose reader meets this when it is back. */
const back = (connection: Partial<Connection>, more: Partial<AnswerPlot> = {}): AnswerPlot => ({
  ...base,
  connections: [
    first,
    refused,
    { at: ready + 30, cursor: '4', ends: 'end', endsAt: ready + 150, ...connection },
  ],
  ...more,
});
const stored = (text: string, more: object = {}) => ({
  after: { at: end - 350, text, state: 'done' as const, whole: true, ...more },
});

describe('answers-complete', () => {
  const id = 'answers-complete';

  it('passes when every answer that was under way came to its end', () => {
    expect(result(right, id)).toMatchObject({ outcome: 'pass', figures: { answers: 2, underWay: 1 } });
    expect(result(right, id).summary).toBe(
      '1 answer that was under way came to its end, whole, 68 characters in all',
    );
  });

  it('fails when a reader is told that an answer is over, and more of it is stored (50)', () => {
    const verdict = judge(told(back({ pieces: asPieces(pieces.slice(4, 5), 5) })));
    const found = resultOf(verdict, id);
    expect(found.summary).toBe('session 1 was told that its answer is over at character 41 of 68');
    expect(found.figures).toMatchObject({ cutShort: 1 });
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('fails when an answer is over and is not a whole one (50)', () => {
    const short = pieces.slice(0, 4).join('');
    const verdict = judge(told(back({ pieces: [] }, stored(short, { whole: false }))));
    expect(resultOf(verdict, id)).toMatchObject({ outcome: 'fail', figures: { notWhole: 1 } });
    expect(resultOf(verdict, id).summary).toContain('it breaks off after 34 characters');
    // That nobody got more of it is the same thing.
    expect(resultOf(verdict, 'answers-continuous')).toMatchObject({ outcome: 'unknown', consequenceOf: id });
  });

  it('fails when everything is there and nobody says that it is over (51)', () => {
    const silent = back({
      pieces: asPieces(pieces.slice(4), 5),
      ends: 'give-up',
      reason: 'silence',
      endsAt: end - 600,
    });
    const verdict = judge(told(silent));
    expect(resultOf(verdict, id).summary).toBe(
      'session 1 has all 68 characters of its answer, and nothing ever told it that it is over',
    );
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('fails when its reader is let in and nothing comes (56)', () => {
    const found = result(
      told(back({ pieces: [], ends: 'give-up', reason: 'silence', endsAt: end - 600 })),
      id,
    );
    expect(found.summary).toBe(
      'session 1 came back to its answer at character 34 of 68, and nothing came any more',
    );
    expect(found.figures).toMatchObject({ hanging: 1 });
  });

  it('fails when nobody goes on with it', () => {
    const text = pieces.slice(0, 4).join('');
    const stuck = back(
      { pieces: [], ends: 'give-up', reason: 'silence', endsAt: end - 600 },
      stored(text, { state: 'running' }),
    );
    expect(result(told(stuck), id)).toMatchObject({ outcome: 'fail', figures: { stuck: 1 } });
  });

  it('fails when its reader is refused, when it fails, and when it is gone', () => {
    const shut: AnswerPlot = {
      ...base,
      connections: [first, { at: ready + 30, cursor: '4', ends: 'refused', status: 404, endsAt: ready + 31 }],
    };
    const given = answerTold(shut).concat({
      ...{ t: end - 600, session: '1', stream: 'a3', kind: 'stream', step: 'give-up', reason: 'silence' },
    });
    const refusedStory = adding(
      without(right, (event) => 'stream' in event && event.stream === 'a3'),
      ...given,
    );
    expect(result(refusedStory, id).summary).toBe(
      'session 1 could not come back to its answer: refused with 404',
    );
    const failed = result(told(back({ ends: 'error', reason: 'restarted' })), id);
    expect(failed.summary).toBe('session 1 was told that its answer failed: restarted');
    const gone = result(told(back({}, { after: { at: end - 350, text: null } })), id);
    expect(gone.summary).toBe('session 1 has an answer that is not there any more');
  });

  it('says of an answer that nothing disturbed that it needs no restart', () => {
    const plot = undisturbed(right.at);
    const short = { ...plot, after: { at: end - 349, text: `${whole} and more`, state: 'done' as const } };
    expect(result(told(short), id).summary).toContain(', without any restart');
  });

  it('is unknown when no answer was under way, and says why', () => {
    const early = {
      ...base,
      connections: [
        { at: signal - 100, pieces: asPieces(pieces), ends: 'end' as const, endsAt: signal - 50 },
      ],
    };
    const found = result(told(early), id);
    expect(found).toMatchObject({ outcome: 'unknown' });
    expect(found.summary).toContain('were over before it, or had not begun: ask for longer ones');
    const nothing = without(right, (event) => 'stream' in event);
    expect(result(nothing, id).summary).toContain('nothing was asked');
  });

  it('is unknown when the history ends before the answer, or what is stored cannot be read', () => {
    const open = without(
      told(back({ pieces: asPieces(pieces.slice(4), 5) })),
      (event) => event.kind === 'stream' && event.stream === 'a3' && event.step === 'end',
    );
    expect(result(open, id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/still waited for its answer/),
    });
    const unread = without(right, (event) => event.kind === 'stored-answer' && event.stream === 'a3');
    expect(result(unread, id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/could not be read afterwards/),
    });
  });

  it('is skipped where answers are not streamed, and does not bind at most once', () => {
    expect(result(lacking(right, 'streams'), id).outcome).toBe('skipped');
    const hanging = told(back({ pieces: [], ends: 'give-up', reason: 'silence', endsAt: end - 600 }));
    expect(result(under(hanging, atMostOnce()), id)).toMatchObject({ outcome: 'fail', binding: false });
  });
});

describe('answers-continuous', () => {
  const id = 'answers-continuous';

  it('passes when what came after the restart continues what was there', () => {
    expect(result(right, id)).toMatchObject({ outcome: 'pass', figures: { underWay: 1, resumed: 1 } });
  });

  it('passes when no reader lost its connection', () => {
    const through = {
      ...base,
      connections: [
        { at: signal - 100, pieces: asPieces(pieces), ends: 'end' as const, endsAt: ready + 150 },
      ],
    };
    expect(result(told(through), id)).toMatchObject({ outcome: 'pass', figures: { resumed: 0 } });
  });

  it('fails when a part comes twice at the seam (52)', () => {
    const verdict = judge(told(back({ pieces: asPieces(pieces.slice(3), 4) })));
    const found = resultOf(verdict, id);
    expect(found.summary).toBe(
      'session 1 got characters 30–34 of its answer twice, although it had said that it has 4',
    );
    expect(found.figures).toMatchObject({ repeatedUnits: 5 });
    expect(found.evidence.map(({ kind }) => kind)).toEqual(['part', 'stream', 'part']);
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('fails when a part is missing at the seam (53)', () => {
    const verdict = judge(told(back({ pieces: asPieces(pieces.slice(5), 6) })));
    expect(resultOf(verdict, id).summary).toBe(
      'session 1 never got characters 35–41 of its answer: it came back with 4',
    );
    expect(resultOf(verdict, id).figures).toMatchObject({ missingUnits: 7 });
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('fails when the answer is generated again, whichever of the two is stored (54)', () => {
    const other = [
      '👋 Once ',
      'upon a time ',
      'somebody ',
      'restarted ',
      'a service, ',
      'and all was well. ',
      '∎',
    ];
    const replaced = judge(told(back({ pieces: asPieces(other.slice(4), 5) }, stored(other.join('')))));
    expect(resultOf(replaced, id).summary).toBe(
      'session 1 got 4 parts of an answer that stand nowhere in the stored one: it was made anew, and does not continue',
    );
    expect(having(replaced, 'fail')).toEqual([id]);
    const kept = judge(told(back({ pieces: asPieces(other.slice(4), 5) })));
    expect(resultOf(kept, id).figures).toMatchObject({ madeAnew: 1 });
  });

  it('fails when a text is cut in the middle of a character (55)', () => {
    const cut = [{ text: '\ufffd\ufffd世界 ', id: '5' }, ...asPieces(pieces.slice(4), 6)];
    const found = result(told(back({ pieces: cut })), id);
    expect(found.summary).toContain('got half a character at the seam');
    expect(found.figures).toMatchObject({ splits: 1 });
  });

  it('says it when a frame that is no part had moved the cursor (57)', () => {
    const moved: AnswerPlot = {
      ...base,
      connections: [
        { ...first, control: '5' },
        {
          at: ready + 30,
          cursor: '5',
          pieces: asPieces(pieces.slice(5), 6),
          ends: 'end',
          endsAt: ready + 150,
        },
      ],
    };
    const found = result(told(moved), id);
    expect(found.summary).toBe(
      'session 1 never got characters 35–41 of its answer: a frame that is no part had moved its cursor to 5',
    );
    expect(found.evidence.map(({ kind }) => kind)).toEqual(['part', 'control', 'stream', 'part']);
  });

  it('says it when everything came again (58)', () => {
    const found = result(told(back({ pieces: asPieces(pieces) })), id);
    expect(found.summary).toBe(
      'session 1 got its answer again from the beginning (34 characters), although it had said that it has 4',
    );
  });

  it('fails when a letter differs that the sketch cannot tell apart', () => {
    const plot = back({ pieces: asPieces(pieces.slice(4), 5) });
    const events = answerTold(plot).map((event) =>
      event.kind === 'stream' && event.step === 'end' ? { ...event, digest: 'another' } : event,
    );
    const story = adding(
      without(right, (event) => 'stream' in event && event.stream === 'a3'),
      ...events,
    );
    expect(result(story, id)).toMatchObject({ outcome: 'fail', figures: { altered: 1 } });
  });

  it('is unknown when a reader came back and got nothing more, or what is stored is not known', () => {
    expect(result(told(back({ pieces: [], ends: 'error', reason: 'x' })), id).outcome).toBe('unknown');
    const unread = without(right, (event) => event.kind === 'stored-answer' && event.stream === 'a3');
    expect(result(unread, id).outcome).toBe('unknown');
    expect(
      result(
        without(right, (event) => 'stream' in event),
        id,
      ).outcome,
    ).toBe('unknown');
  });

  it('is unknown when even an undisturbed answer is stored as another text', () => {
    const plot = undisturbed(right.at);
    const rendered = {
      ...plot,
      after: { at: end - 349, text: '<p>something else</p>', state: 'done' as const },
    };
    expect(result(told(rendered), id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/Do `frame` and `text` of `answers`/),
    });
  });

  it('lets a part that keeps its id come again where the contract promises at least once', () => {
    const again = told(back({ pieces: asPieces(pieces.slice(3), 4) }));
    expect(result(under(again, atLeastOnce()), id).outcome).toBe('pass');
    const anonymous = told(back({ pieces: asPieces(pieces.slice(3), 5) }));
    expect(result(under(anonymous, atLeastOnce()), id).outcome).toBe('fail');
  });

  it('is skipped where answers are not streamed', () => {
    expect(result(lacking(right, 'streams'), id).outcome).toBe('skipped');
  });
});

describe('answers-cancelled', () => {
  const id = 'answers-cancelled';
  const plot = cancelled(right.at);

  it('passes when what is stored did not grow', () => {
    expect(result(right, id)).toMatchObject({ outcome: 'pass', figures: { cancelled: 1, grownUnits: 0 } });
  });

  it('fails when it went on after the restart (60)', () => {
    const verdict = judge(told({ ...plot, after: { at: end - 348, text: whole, state: 'done' } }));
    expect(resultOf(verdict, id).summary).toBe(
      'the answer that session 2 had cancelled at character 29 went on: 39 characters more were made after the service had confirmed it',
    );
    expect(having(verdict, 'fail')).toEqual([id]);
  });

  it('passes when the answer was thrown away', () => {
    expect(result(told({ ...plot, after: { at: end - 348, text: null } }), id).outcome).toBe('pass');
  });

  it('is unknown when nothing was cancelled, or it was over before', () => {
    const { cancelledAt: _, before: __, ...uncancelled } = plot;
    expect(result(told(uncancelled), id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/it had not begun/),
    });
    const done = { ...plot, before: { at: 1_200, text: whole, state: 'done' as const } };
    expect(result(told(done), id)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/over before it could be/),
    });
    const unread = without(
      right,
      (event) => event.kind === 'stored-answer' && event.stream === 'a2' && event.at === 'after',
    );
    expect(result(unread, id).outcome).toBe('unknown');
  });

  it('is skipped where answers cannot be cancelled', () => {
    expect(result(lacking(right, 'cancellation'), id).outcome).toBe('skipped');
  });
});
