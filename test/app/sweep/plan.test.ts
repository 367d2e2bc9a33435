import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatch, struckBy } from '../../../src/app/sweep/plan.js';
import { seeded } from '../../../src/base/random.js';

const struck = { services: ['backend'], graceMs: 500 };
const both = ['graceful', 'killed'] as const;

describe('the restarts of a batch', () => {
  it('are graceful and killed in turn, at moments that the seed alone decides', () => {
    const planned = planBatch(4, both, struck, seeded('a'));
    expect(planned.map(({ disruption }) => disruption.kind)).toEqual([
      'restart',
      'crash',
      'restart',
      'crash',
    ]);
    expect(planned[0]?.disruption).toEqual({ kind: 'restart', ...struck });
    expect(planBatch(4, both, struck, seeded('a'))).toEqual(planned);
    expect(planBatch(4, both, struck, seeded('b'))).not.toEqual(planned);
  });

  it('are of one kind where one is asked for', () => {
    const kinds = planBatch(3, ['killed'], struck, seeded('a')).map(({ disruption }) => disruption.kind);
    expect(kinds).toEqual(['crash', 'crash', 'crash']);
  });

  it('meet a whole target first, and never two in a row a target that is not whole', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const moments = planBatch(30, both, struck, seeded(seed)).map(({ moment }) => moment.when);
        expect(moments[0]).toBe('whole');
        expect(moments.join(' ')).not.toContain('returning returning');
      }),
    );
  });

  it('are of all sorts in the long run', () => {
    const planned = planBatch(200, both, struck, seeded('all sorts'));
    expect(new Set(planned.map(({ moment }) => moment.when))).toEqual(new Set(['whole', 'returning']));
    const again = planned.filter(({ disruption }) => 'againMs' in disruption);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ disruption }) => disruption.kind === 'crash')).toBe(true);
  });
});

describe('what a sweep restarts', () => {
  it('is what the config restarts, in one disruption or several', () => {
    expect(struckBy({ kind: 'restart', services: ['backend'], graceMs: 500 })).toEqual(struck);
    expect(
      struckBy({
        kind: 'sequence',
        disruptions: [
          { kind: 'crash', services: ['backend'] },
          { kind: 'restart', services: ['auth', 'backend'] },
        ],
      }),
    ).toEqual({ services: ['backend', 'auth'] });
  });

  it('is refused where the config does something else', () => {
    expect(() => struckBy({ kind: 'pause', services: ['backend'], forMs: 10 })).toThrow(
      /expected a config whose disruption is restart\(…\) or crash\(…\).*got pause/,
    );
  });
});
