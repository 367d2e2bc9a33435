import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import {
  asPieces,
  cancelled,
  pieces,
  whole as text,
  type AnswerPlot,
  type Connection,
} from '../../answers-story.js';
import { right } from '../../stories.js';
import { adding, without } from '../../story.js';
import { withAnswers } from '../../told-answers.js';
import { whole } from '../../told/shown.js';

const { signal, end } = right.at;
const id = 'answers-cancelled';

const plot = cancelled(right.at);
const [read] = plot.connections as [Connection];
const had = pieces.slice(0, 3).join('');
const after = (grown: string | null, more: object = {}): Partial<AnswerPlot> => ({
  after: { at: end - 348, text: grown, ...more },
});
const also = (more: Partial<AnswerPlot>, stream: string, session: string): AnswerPlot => ({
  ...plot,
  ...more,
  stream,
  session,
});
/** More of it comes to its reader afterwards. */
const reading = (at: number, more: readonly string[]) =>
  withAnswers({
    ...plot,
    connections: [read, { at, pieces: asPieces(more, 4), ends: 'lost', endsAt: at + 10 }],
  });

describe('answers-cancelled', () => {
  it('tells of the first that went on, and counts and blames all', () => {
    const told = withAnswers(
      also(after(text), 'a2', '2'),
      also(after(`${had}!`), 'a4', '6'),
      also({}, 'a5', '7'),
    );
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'the answer that session 2 had cancelled at character 29 went on: 39 characters more were made after the service had confirmed it',
      figures: { cancelled: 3, grownUnits: 40 },
      shows:
        'stream@1050.5 s2, stored-answer@1200 s2, stored-answer@2653 s2, stream@1050.5 s6, stored-answer@1200 s6, stored-answer@2653 s6',
      blames: 'session 2, session 6',
    });
  });

  it('speaks of one character as of one', () => {
    expect(whole(withAnswers({ ...plot, ...after(`${had}!`) }), id)).toEqual({
      is: 'fail',
      says: 'the answer that session 2 had cancelled at character 29 went on: 1 character more was made after the service had confirmed it',
      figures: { cancelled: 1, grownUnits: 1 },
      shows: 'stream@1050.5 s2, stored-answer@1200 s2, stored-answer@2653 s2',
      blames: 'session 2',
    });
  });

  it('counts nothing for one that became shorter', () => {
    const told = withAnswers(also(after('👋'), 'a2', '2'), also(after(`${had}!`), 'a4', '6'));
    expect(whole(told, id)).toMatchObject({ is: 'fail', figures: { cancelled: 2, grownUnits: 1 } });
  });

  it('fails when its reader is given more than stood there, also where that is not stored', () => {
    expect(whole(reading(1_300, ['and so on ', 'for ever']), id)).toEqual({
      is: 'fail',
      says: 'the answer that session 2 had cancelled at character 29 went on: 18 characters more were made after the service had confirmed it',
      figures: { cancelled: 1, grownUnits: 18 },
      shows: 'stream@1050.5 s2, stored-answer@1200 s2, stored-answer@2653 s2',
      blames: 'session 2',
    });
  });

  it('takes for nothing more what stood there already, or came before that was seen', () => {
    expect(whole(reading(1_300, pieces.slice(1, 3)), id)).toMatchObject({
      is: 'pass',
      figures: { grownUnits: 0 },
    });
    expect(whole(reading(1_060, ['and so on ']), id)).toMatchObject({
      is: 'pass',
      figures: { grownUnits: 0 },
    });
  });

  it('passes several that did not go on', () => {
    expect(whole(withAnswers(also({}, 'a2', '2'), also({}, 'a4', '6')), id)).toEqual({
      is: 'pass',
      says: '2 cancelled answers did not go on after the restart',
      figures: { cancelled: 2, grownUnits: 0 },
      shows: '',
      blames: '',
    });
  });

  it('does not know of those that could not be read afterwards, and blames them', () => {
    const told = without(
      withAnswers(also({}, 'a2', '2'), also({}, 'a4', '6')),
      (event) => event.kind === 'stored-answer' && event.at === 'after' && event.stream === 'a4',
    );
    expect(whole(told, id)).toEqual({
      is: 'unknown',
      says: 'The answer that was cancelled could not be read afterwards',
      figures: { cancelled: 2, grownUnits: 0 },
      shows: '',
      blames: 'session 6',
    });
  });

  const { cancelledAt: _, before, ...unasked } = plot;
  it.each<[string, AnswerPlot, string]>([
    ['was never cancelled', { ...unasked, ...(before ? { before } : {}) }, 'it had not begun'],
    [
      'nobody looked at when it was',
      { ...unasked, cancelledAt: 1_050 },
      'it was over before it could be cancelled',
    ],
    [
      'was not there when it was',
      { ...plot, before: { at: 1_200, text: null } },
      'it was over before it could be cancelled',
    ],
    [
      'was done',
      { ...plot, before: { at: 1_200, text: had, state: 'done' } },
      'it was over before it could be cancelled',
    ],
    [
      'was cancelled after the signal',
      { ...plot, cancelledAt: signal + 1, before: { at: signal + 2, text: had } },
      'it was over before it could be cancelled',
    ],
    [
      'was looked at after the signal',
      { ...plot, before: { at: signal + 1, text: had } },
      'it was over before it could be cancelled',
    ],
    [
      'was looked at before that',
      { ...plot, before: { at: 1_040, text: had } },
      'it was over before it could be cancelled',
    ],
    [
      'had come to its end',
      {
        ...plot,
        connections: [{ ...read, endsAt: 1_049 }],
        before: { at: 1_200, text: had, state: 'running' },
      },
      'it was over before it could be cancelled',
    ],
  ])('is unknown of an answer that %s', (_name, answer, why) => {
    expect(whole(withAnswers(answer), id)).toMatchObject({
      is: 'unknown',
      says: `No answer was cancelled while it was being made: ${why}`,
      figures: { cancelled: 0, grownUnits: 0 },
    });
  });

  it.each<[string, AnswerPlot]>([
    [
      'that the service calls cancelled, though its end came first',
      { ...plot, connections: [{ ...read, endsAt: 1_049 }] },
    ],
    [
      'that broke off before',
      {
        ...plot,
        connections: [{ ...read, ends: 'error', endsAt: 1_049 }],
        before: { at: 1_200, text: had, state: 'running' },
      },
    ],
    ['that came to its end afterwards', { ...plot, before: { at: 1_200, text: had, state: 'running' } }],
    [
      'that nobody ended',
      {
        ...plot,
        connections: [{ ...read, ends: 'lost' }],
        before: { at: 1_200, text: had, state: 'running' },
      },
    ],
  ])('judges one %s', (_name, answer) => {
    expect(whole(withAnswers(answer), id)).toMatchObject({ is: 'pass', figures: { cancelled: 1 } });
  });

  it('gives the reason for which the question was refused', () => {
    const about = { session: '2', stream: 'a2', kind: 'stream' } as const;
    const asked: Event = { t: 1_010, ...about, step: 'ask', purpose: 'cancel' };
    const none = without(right, (event) => 'stream' in event && event.stream === 'a2');
    const refused = adding(
      none,
      asked,
      { t: 1_011, ...about, step: 'refused' },
      { t: 1_011.5, ...about, step: 'lost', reason: 'cut' },
      { t: 1_012, ...about, step: 'refused', reason: 'busy' },
    );
    expect(whole(refused, id).says).toBe('No answer was cancelled while it was being made: busy');
    expect(whole(adding(none, asked), id).says).toMatch(/: it had not begun$/);
  });
});
