import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignmentOf, Survey, type Precedence } from '../../../src/judge/index.js';

const precedence = (from: number, to: number, lead: number): Precedence => {
  return { from, to, lead, message: 'abcd1234.1.1' };
};

describe('clocks of several files', () => {
  it('are taken as their epochs say where no message contradicts them', () => {
    const both = alignmentOf(2, 0, [precedence(0, 1, -3), precedence(1, 0, -2)]);
    expect(both).toMatchObject({ offsets: [0, 0], withinMs: 5, correctedMs: 0 });
    expect(both?.others).toEqual([
      [0, -3],
      [0, 2],
    ]);
  });

  it('are known to within a second each way where no message passes between them', () => {
    expect(alignmentOf(2, 1, [])).toMatchObject({
      offsets: [0, 0],
      withinMs: 2_000,
      others: [
        [-1_000, 0],
        [1_000, 0],
      ],
    });
  });

  it('are set right by messages that would have arrived before they were sent', () => {
    const set = alignmentOf(2, 0, [precedence(0, 1, 400), precedence(1, 0, -410)]);
    expect(set).toMatchObject({ offsets: [0, 405], withinMs: 10, correctedMs: 405 });
  });

  it('are known to be apart by what passes through a third', () => {
    const set = alignmentOf(3, 0, [
      ...[precedence(0, 1, -1), precedence(1, 0, -1)],
      ...[precedence(1, 2, 299), precedence(2, 1, -301)],
    ]);
    expect(set?.offsets).toEqual([0, 0, 300]);
    expect(set?.withinMs).toBe(4);
  });

  it('that run not quite as fast as each other are known less well', () => {
    const set = alignmentOf(2, 0, [precedence(0, 1, 3), precedence(1, 0, 2)]);
    expect(set?.withinMs).toBeGreaterThanOrEqual(2);
    expect(set?.correctedMs).toBeLessThan(5);
  });

  it('are one alone, and none: there is nothing to doubt', () => {
    expect(alignmentOf(1, 0, [])).toEqual({ offsets: [0], others: [], withinMs: 0, correctedMs: 0 });
    expect(alignmentOf(0, 0, [])).toMatchObject({ offsets: [], withinMs: 0, correctedMs: 0 });
  });

  it('are exactly known where messages leave no room, and there is nothing to doubt then', () => {
    const set = alignmentOf(2, 0, [precedence(0, 1, 300), precedence(1, 0, -300)]);
    expect(set).toEqual({ offsets: [0, 300], others: [], withinMs: 0, correctedMs: 300 });
  });

  it('are right where a message takes no time', () => {
    expect(alignmentOf(2, 0, [precedence(0, 1, 0), precedence(1, 0, 0)])).toMatchObject({
      offsets: [0, 0],
      withinMs: 0,
    });
  });

  it('may be a second apart, and no more', () => {
    expect(alignmentOf(2, 0, [precedence(0, 1, 1_000)])).toMatchObject({ offsets: [0, 1_000], withinMs: 0 });
    expect(alignmentOf(2, 0, [precedence(1, 0, 1_000)])).toMatchObject({ offsets: [0, -1_000], withinMs: 0 });
    // What is contradicted by up to 128 ms is drift; the bounds are wider by so much.
    expect(alignmentOf(2, 0, [precedence(0, 1, 1_128)])).toMatchObject({ offsets: [0, 1_000] });
    expect(alignmentOf(2, 0, [precedence(0, 1, 1_129)])).toBeNull();
  });

  it.each([
    [1, 1],
    [2, 1],
    [2.5, 2],
    [4, 2],
    [5, 4],
    [128, 64],
    [256, 128],
  ])(
    'contradict each other by %d ms, which is forgiven with the least of 1, 2, 4, … 128 that will do: %d',
    (sum, slack) => {
      const set = alignmentOf(2, 0, [precedence(0, 1, 10), precedence(1, 0, sum - 10)]);
      expect(set?.withinMs).toBeCloseTo(2 * slack - sum, 9);
      expect(alignmentOf(2, 0, [precedence(0, 1, 10), precedence(1, 0, 246.5)])).toBeNull();
    },
  );

  it('may be wrong in some combinations of late and early, so that any two are apart in one', () => {
    for (const clocks of [3, 4, 5, 6]) {
      const others = alignmentOf(clocks, 0, [])?.others ?? [];
      for (let one = 1; one < clocks; one++) {
        for (let other = 1; other < clocks; other++) {
          if (one === other) continue;
          const isApart = others.some((offsets) => offsets[one] === 1_000 && offsets[other] === -1_000);
          expect(isApart, `${one} late and ${other} early of ${clocks}`).toBe(true);
        }
      }
      expect(new Set(others.map(String)).size).toBe(others.length);
    }
    expect(alignmentOf(2, 0, [])?.others).toHaveLength(2);
    expect(alignmentOf(3, 0, [])?.others).toHaveLength(2 + 2);
  });

  it('keep to what messages say in every combination', () => {
    const set = alignmentOf(3, 0, [precedence(1, 2, -10), precedence(2, 1, -10)]);
    for (const [, one = 0, other = 0] of set?.others ?? [])
      expect(Math.abs(one - other)).toBeLessThanOrEqual(10);
    expect(set?.others.some(([, one = 0, other = 0]) => one - other === 10)).toBe(true);
    expect(set?.others.some(([, one = 0, other = 0]) => other - one === 10)).toBe(true);
  });

  it('are told by messages through others, in whatever order these come', () => {
    const chain = [precedence(0, 1, 200), precedence(1, 2, 200), precedence(2, 3, 200)];
    for (const said of [chain, chain.toReversed()]) {
      const set = alignmentOf(4, 0, said);
      expect(set?.others[0]).toEqual([0, 200, 400, 600]);
      expect(set?.others[1]).toEqual([0, 600, 800, 1_000]);
    }
    expect(alignmentOf(4, 3, chain)?.others[1]).toEqual([-600, -400, -200, 0]);
  });

  it('are not aligned where they are further apart than a second, or contradict each other', () => {
    expect(alignmentOf(2, 0, [precedence(0, 1, 1_500)])).toBeNull();
    expect(alignmentOf(2, 0, [precedence(0, 1, 400), precedence(1, 0, 400)])).toBeNull();
  });

  it('are aligned to within what is said, however wrong they are, whoever talks to whom', () => {
    const clock = fc.integer({ min: 0, max: 5 });
    const message = fc.record({
      from: clock,
      to: clock,
      at: fc.nat(1_000),
      took: fc.integer({ min: 1, max: 50 }),
    });
    const error = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(fc.array(error, { minLength: 6, maxLength: 6 }), fc.array(message), (errors, said) => {
        const truth = errors.map((ms) => (errors[0] ?? 0) - ms);
        const leads = said
          .filter(({ from, to }) => from !== to)
          .map(({ from, to, took }) => precedence(from, to, (truth[to] ?? 0) - (truth[from] ?? 0) - took));
        const set = alignmentOf(6, 0, leads);
        expect(set).not.toBeNull();
        const bounds = [...(set?.others ?? []), set?.offsets ?? []];
        truth.forEach((right, index) => {
          const all = bounds.map((offsets) => offsets[index] ?? 0);
          expect(right).toBeGreaterThanOrEqual(Math.min(...all) - 1);
          expect(right).toBeLessThanOrEqual(Math.max(...all) + 1);
        });
        for (const { from, to, lead } of leads)
          for (const offsets of bounds)
            expect((offsets[to] ?? 0) - (offsets[from] ?? 0)).toBeGreaterThanOrEqual(lead - 0.01);
      }),
    );
  });
});

describe('the survey of messages between clocks', () => {
  const run = 'abcd1234';
  const about = { session: '1', room: 'r', digest: 'd' } as const;

  it('finds the tightest of each direction, from the first attempt to the first receipt', () => {
    const survey = new Survey();
    const say = (number: number, sentAt: number, gotAt: number) => {
      const message = `${run}.1.${number}`;
      survey.see(1, 1, gotAt, { ...about, session: '2', kind: 'receive', message, t: gotAt });
      survey.see(1, 1, gotAt + 9, { ...about, session: '3', kind: 'receive', message, t: gotAt });
      survey.see(0, 0, sentAt - 5, { ...about, kind: 'send', message, t: 0, due: 0 });
      survey.see(0, 0, sentAt, { session: '1', kind: 'written', message, t: 0, attempt: 1 });
      survey.see(0, 0, sentAt + 90, { session: '1', kind: 'written', message, t: 0, attempt: 2 });
    };
    say(1, 100, 140);
    say(2, 200, 203);
    expect(survey.precedences()).toEqual([{ from: 0, to: 1, lead: -3, message: `${run}.1.2` }]);
    expect(survey.twice).toBeNull();
  });

  it('notices a message that is sent in two files', () => {
    const survey = new Survey();
    for (const file of [0, 1])
      survey.see(file, 0, 1, { ...about, kind: 'send', message: `${run}.1.1`, t: 1, due: 1 });
    expect(survey.twice).toEqual({ message: `${run}.1.1`, files: [0, 1] });
  });

  it('remembers a bounded share of very many messages, the same on both clocks', () => {
    const survey = new Survey();
    for (let number = 0; number < 101_000; number++)
      survey.see(0, 0, number, { ...about, kind: 'send', message: `${run}.1.${number}`, t: 0, due: 0 });
    for (let number = 0; number < 101_000; number++) {
      const message = `${run}.1.${number}`;
      survey.see(1, 1, number + 7, { ...about, session: '2', kind: 'receive', message, t: 0 });
    }
    expect(survey.precedences()).toMatchObject([{ from: 0, to: 1, lead: -7 }]);
  });
});
