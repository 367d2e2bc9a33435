import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScope } from '../../src/system/index.js';

const silent = (name: string, error: unknown) => {
  throw new Error(`${name}: ${String(error)}`);
};

describe('a scope', () => {
  it('heals what was broken, last first', async () => {
    const healed: string[] = [];
    const scope = createScope(silent);
    for (const name of ['one', 'two', 'three']) scope.undo(name, async () => void healed.push(name));
    await scope[Symbol.asyncDispose]();
    expect(healed).toEqual(['three', 'two', 'one']);
  });

  it('heals exactly the entries that were not taken out, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (takenOut) => {
        const healed: number[] = [];
        const scope = createScope(silent);
        const entries = takenOut.map((_, index) =>
          scope.undo(`${index}`, async () => void healed.push(index)),
        );
        takenOut.forEach((out, index) => {
          if (out) entries[index]?.();
        });
        await scope[Symbol.asyncDispose]();
        expect(healed).toEqual(takenOut.flatMap((out, index) => (out ? [] : [index])).reverse());
      }),
    );
  });

  it('goes on when a heal fails, and tells which', async () => {
    const told: string[] = [];
    const healed: string[] = [];
    const scope = createScope((name, error) => told.push(`${name}: ${String(error)}`));
    scope.undo('first', async () => void healed.push('first'));
    scope.undo('second', () => Promise.reject(new Error('broken')));
    await scope[Symbol.asyncDispose]();
    expect(healed).toEqual(['first']);
    expect(told).toEqual(['second: Error: broken']);
  });

  it('unwinds once, however often it is disposed', async () => {
    let times = 0;
    const scope = createScope(silent);
    scope.undo('it', async () => void times++);
    await Promise.all([scope[Symbol.asyncDispose](), scope[Symbol.asyncDispose]()]);
    await scope[Symbol.asyncDispose]();
    expect(times).toBe(1);
  });

  it('also heals what is broken while it unwinds, and refuses what comes later', async () => {
    const healed: string[] = [];
    const scope = createScope(silent);
    scope.undo('early', async () => {
      scope.undo('late', async () => void healed.push('late'));
    });
    await scope[Symbol.asyncDispose]();
    expect(healed).toEqual(['late']);
    expect(() => scope.undo('too late', async () => undefined)).toThrow(/unwound already/);
  });

  it('runs every emergency at once, also in the middle of a slow heal', async () => {
    const run: string[] = [];
    const told: string[] = [];
    const scope = createScope((name) => told.push(name));
    scope.undo('quiet', async () => undefined);
    scope.undo(
      'failing',
      async () => undefined,
      () => {
        throw new Error('no');
      },
    );
    let finish: () => void = () => undefined;
    scope.undo(
      'slow',
      () => new Promise((resolve) => (finish = resolve)),
      () => run.push('slow'),
    );
    const unwinding = scope[Symbol.asyncDispose]();
    scope.emergency();
    expect(run).toEqual(['slow']);
    expect(told).toEqual(['failing']);
    finish();
    await unwinding;
  });
});
