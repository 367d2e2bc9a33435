import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { sketchOf } from '../../../src/history/sketch.js';
import { placementOf, type Placement } from '../../../src/judge/derived/placement.js';
import type { Answer } from '../../../src/judge/facts/answers.js';

type Part = EventOf<'part'>;
const about = { t: 1, session: '1', stream: 'a1' } as const;

function partOf(text: string, index: number, attempt = 1): Part {
  const { broken, ...sketch } = sketchOf(text);
  return { ...about, kind: 'part', attempt, index, ...sketch, ...(broken > 0 ? { broken } : {}) };
}

interface Ending {
  /** Of the whole, as its reader has it. */
  readonly digest?: string;
  readonly stored?: Partial<EventOf<'stored-answer'>>;
  readonly isOver?: boolean;
}

/** How parts lie along a stored text: each on its own connection, where it is told in a list. */
function placed(
  text: string,
  parts: readonly (string | readonly string[])[],
  { digest = 'read', stored = {}, isOver = true }: Ending = {},
): Placement | null {
  const { broken, ...sketch } = sketchOf(text);
  const all = parts.flatMap((one, index) => [one].flat().map((part) => ({ part, attempt: index + 1 })));
  const answer: Answer = {
    ...{ ...about, purpose: 'restart', ask: null, asked: null, connections: [], controls: [] },
    ...{ cancelled: null, before: null, unread: null },
    parts: all.map(({ part, attempt }, index) => partOf(part, index, attempt)),
    over: isOver ? { ...about, kind: 'stream', step: 'end', digest } : null,
    after: {
      ...{ ...about, kind: 'stored-answer', at: 'after', ...sketch, digest: 'kept' },
      ...(broken > 0 ? { broken } : {}),
      ...stored,
    },
  };
  return placementOf(answer);
}

const faults = (...told: Parameters<typeof placed>) =>
  placed(...told)?.faults.map(({ part, ...fault }) => ({ ...fault, at: part.index }));

const text = 'the quick brown fox jumps over the lazy dog';
const same = { digest: 'kept' };

describe('the parts of an answer along what is stored of it', () => {
  it('are not known where what is stored is not', () => {
    const answer = (after: Answer['after']): Answer => ({
      ...{ ...about, purpose: 'restart', ask: null, asked: null, connections: [], controls: [], parts: [] },
      ...{ cancelled: null, before: null, unread: null, over: null, after },
    });
    const stored = { ...about, kind: 'stored-answer', at: 'after', units: 0 } as const;
    expect(placementOf(answer(null))).toBeNull();
    expect(placementOf(answer({ ...stored, sketch: null }))).toBeNull();
    expect(placementOf(answer({ ...stored, sketch: '' }))).toEqual({ faults: [], reached: 0 });
  });

  it('are right where the whole is the same text, however its parts came', () => {
    expect(placed(text, ['anything'], same)).toEqual({ faults: [], reached: text.length });
  });

  it('follow one another, and reach so far as they came', () => {
    expect(placed(text, ['the quick ', 'brown ', '', 'fox'])).toEqual({ faults: [], reached: 19 });
    expect(placed(text, [])).toEqual({ faults: [], reached: 0 });
  });

  it('were altered where all of them stand in their place, and the whole is another text', () => {
    const halves = ['the quick brown fox ', 'jumps over the lazy dog'];
    expect(faults(text, halves)).toEqual([{ is: 'altered', at: 1 }]);
    expect(placed(text, halves)?.reached).toBe(text.length);
    expect(faults(text, halves.slice(0, 1))).toEqual([]);
    expect(faults(text, halves, { isOver: false })).toEqual([]);
    expect(faults('', [])).toEqual([]);
  });

  it('are not said to be altered where one of the two texts has no digest', () => {
    const { digest: _, ...stored } = { ...about, kind: 'stored-answer', at: 'after', digest: '' } as const;
    const answer = (digests: { over?: string; after?: string }): Answer => ({
      ...{ ...about, purpose: 'restart', ask: null, asked: null, connections: [], controls: [] },
      ...{ cancelled: null, before: null, unread: null, parts: [partOf(text, 0)] },
      over: {
        ...{ ...about, kind: 'stream', step: 'end' },
        ...(digests.over === undefined ? {} : { digest: digests.over }),
      },
      after: {
        ...{ ...stored, ...sketchOf(text) },
        ...(digests.after === undefined ? {} : { digest: digests.after }),
      },
    });
    const found = (digests: { over?: string; after?: string }) => placementOf(answer(digests))?.faults;
    expect(found({ over: 'one', after: 'other' })).toHaveLength(1);
    expect(found({ over: 'one' })).toEqual([]);
    expect(found({ after: 'other' })).toEqual([]);
    expect(found({})).toEqual([]);
  });

  it('came again where one stands before the place at which its reader was', () => {
    expect(faults(text, [['the quick brown '], ['quick brown fox']])).toEqual([
      { is: 'repeated', from: 4, units: 12, at: 1 },
    ]);
    expect(placed(text, [['the quick brown '], ['quick brown fox']])?.reached).toBe(19);
  });

  it('are missing between one and the next that stands further on', () => {
    expect(faults(text, ['the quick ', 'fox jumps'])).toEqual([{ is: 'missing', from: 10, units: 6, at: 1 }]);
    expect(faults(text, ['quick '])).toEqual([{ is: 'missing', from: 0, units: 4, at: 0 }]);
  });

  it('are looked for nearest to where their reader was', () => {
    const often = 'one fish two fish red fish blue fish end';
    expect(faults(often, ['one fish two fish ', 'fish blue'])).toEqual([
      { is: 'missing', from: 18, units: 4, at: 1 },
    ]);
    const twice = 'abcd....................abcd..abcd';
    expect(faults(twice, ['abcd....................abcd..', 'abcd', 'abcd'])).toEqual([
      { is: 'repeated', from: 30, units: 4, at: 2 },
    ]);
    expect(faults(twice, ['abcd....................abcd', 'abcd'])).toEqual([
      { is: 'missing', from: 28, units: 2, at: 1 },
    ]);
    const between = 'abcd....................abcd....abcd';
    expect(faults(between, ['abcd....................abcd', 'abcd'])).toEqual([
      { is: 'repeated', from: 24, units: 4, at: 1 },
    ]);
  });

  it('are told apart by what comes after them on the same connection', () => {
    const often = 'one fish two fish red fish blue fish end';
    expect(faults(often, [['one '], ['fish ', 'blue ', 'fish']])).toEqual([
      { is: 'missing', from: 9, units: 18, at: 2 },
    ]);
    expect(faults(often, [['one fi'], ['fish ', 'blue ', 'fish']])).toEqual([
      { is: 'missing', from: 6, units: 16, at: 1 },
    ]);
    // What came on another connection does not stand beside it.
    expect(faults(often, [['one fi'], ['fish '], ['blue ', 'fish']])).toEqual([
      { is: 'repeated', from: 4, units: 2, at: 1 },
      { is: 'missing', from: 9, units: 18, at: 2 },
    ]);
  });

  it('are looked for by twenty-four letters, and not by what comes later', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const seam = ['ab', ['cdefghijklmnopqrstuvwxyz', '!!!!']] as const;
    expect(faults(`--${long}`, [['--'], ['cdefghijklmnopqrstuvwxyz', '!!!!']])).toEqual([
      { is: 'missing', from: 2, units: 2, at: 1 },
      { is: 'elsewhere', parts: 1, at: 2 },
    ]);
    expect(faults(`--${long}`, [['--'], ['cdefghijklmnopqrstuvwxy', '!!!!']])).toEqual([
      { is: 'elsewhere', parts: 2, at: 1 },
    ]);
    expect(faults(long, seam)).toEqual([{ is: 'elsewhere', parts: 1, at: 2 }]);
  });

  it('of fewer than four letters that do not follow are not looked for', () => {
    expect(faults(text, ['the quick ', 'fox'])).toEqual([{ is: 'elsewhere', parts: 1, at: 1 }]);
    expect(faults(text, ['the quick ', 'fox '])).toEqual([{ is: 'missing', from: 10, units: 6, at: 1 }]);
  });

  it('stand nowhere in it: so many in a row are one fault', () => {
    const strange = ['the ', 'XXXXX', 'YYYYY', 'lazy ', 'ZZZZZ'];
    expect(faults(text, strange)).toEqual([
      { is: 'elsewhere', parts: 2, at: 1 },
      { is: 'elsewhere', parts: 1, at: 4 },
    ]);
    expect(placed(text, strange)?.reached).toBeNull();
    expect(placed(text, [['the '], ['XXXXX'], ['lazy ']])?.reached).toBe(40);
  });

  it('stand nowhere until a whole run of them is found again: short ones and empty ones say nothing', () => {
    expect(faults(text, ['the ', 'XXXXX', 'the'])).toEqual([{ is: 'elsewhere', parts: 2, at: 1 }]);
    expect(faults(text, ['the ', 'XXXXX', '', 'YYYYY'])).toEqual([{ is: 'elsewhere', parts: 2, at: 1 }]);
  });

  it('that are found again after such show neither what is missing nor what came again', () => {
    expect(faults(text, [['the '], ['XXXXX'], ['lazy dog']])).toEqual([{ is: 'elsewhere', parts: 1, at: 1 }]);
    // From there on they are judged again.
    expect(faults(text, [['the '], ['XXXXX'], ['over the '], ['over the ']])).toEqual([
      { is: 'elsewhere', parts: 1, at: 1 },
      { is: 'repeated', from: 26, units: 9, at: 3 },
    ]);
  });

  it('are compared as whole letters, never from the middle of a mark', () => {
    const marks = { stored: { sketch: 'aabbccddeeff0011', units: 8 } };
    const answer = (sketch: string) => {
      const part: Part = { ...about, kind: 'part', attempt: 1, index: 0, units: sketch.length / 2, sketch };
      return placementOf({
        ...{ ...about, purpose: 'restart', ask: null, asked: null, connections: [], controls: [] },
        ...{ cancelled: null, before: null, unread: null, over: null, parts: [part] },
        after: { ...about, kind: 'stored-answer', at: 'after', ...marks.stored },
      })?.faults;
    };
    expect(answer('abbccdde')).toMatchObject([{ is: 'elsewhere' }]);
    expect(answer('bbccddee')).toMatchObject([{ is: 'missing', from: 0, units: 1 }]);
  });
});

describe('a part that begins or ends with half a character', () => {
  const torn = 'ab\ud83d';
  it('is split, and the next is looked for', () => {
    expect(faults('ab👋 cdefgh', [torn, '\udc4b cd', 'efgh'])).toEqual([
      { is: 'split', at: 0 },
      { is: 'split', at: 1 },
    ]);
    expect(placed('ab👋 cdefgh', [torn, '\udc4b cd', 'efgh'])?.reached).toBe(10);
    expect(placed('ab👋 cdefgh', [torn])?.reached).toBeNull();
  });

  it('is a fault of its own, beside those that stand nowhere', () => {
    expect(faults('ab👋 cdefgh', [torn, 'ZZZZZ'])).toEqual([
      { is: 'split', at: 0 },
      { is: 'elsewhere', parts: 1, at: 1 },
    ]);
  });

  it('is no fault where it stands so in what is stored', () => {
    expect(faults('ab\ufffd cdefgh', ['ab\ufffd', ' cdefgh'], { isOver: false })).toEqual([]);
  });

  it('is one of those that are nowhere, where what is stored holds halves itself', () => {
    expect(faults('ab👋 cdef \ufffd', [torn])).toEqual([{ is: 'elsewhere', parts: 1, at: 0 }]);
  });

  it('does not tell where the one before it stands', () => {
    const seam = [['0123'], ['cdef', '\ud83d', '01234567']];
    expect(faults('0123ab cdef👋 01234567', seam)?.slice(0, 1)).toEqual([
      { is: 'missing', from: 4, units: 3, at: 1 },
    ]);
  });
});
