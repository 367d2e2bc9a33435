import { describe, expect, it } from 'vitest';
import { showJudging } from '../../src/cli/judging.js';
import type { Output } from '../../src/cli/world.js';

/** A place to write to, and a clock that is set by hand. */
function place(isTTY: boolean, environment = {}) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const stderr: Output = { isTTY, columns: isTTY ? 80 : undefined, write: (text) => void written.push(text) };
  const show = (paths: readonly string[], quiet = false) =>
    showJudging({ stderr, environment }, paths, { quiet, now: () => clock.ms });
  return { written, clock, show };
}

describe('what is shown while a history is judged', () => {
  it('is there before anything is read, and names what is judged', () => {
    const { written, show } = place(false);
    show(['runs/1']);
    show([]);
    show(['a', 'b', 'c']);
    show(['a\u001b[31m']);
    expect(written).toEqual([
      'outlast: judging runs/1\n',
      'outlast: judging the latest run\n',
      'outlast: judging a and 2 more\n',
      'outlast: judging a\\x1b[31m\n',
    ]);
  });

  it('is one more line in a log every ten seconds, and none when all is read', () => {
    const { written, clock, show } = place(false);
    const live = show(['a']);
    for (const [ms, share] of [
      [9_999, 0.1],
      [10_000, 0.129],
      [19_999, 0.2],
      [20_000, 0.999],
      [40_000, 1],
    ] as const) {
      clock.ms = ms;
      live.read(share);
    }
    live.end();
    expect(written.slice(1)).toEqual(['outlast: judging a: 12 % read\n', 'outlast: judging a: 99 % read\n']);
  });

  it('is one line on a terminal, which is redrawn and taken away once', () => {
    const { written, clock, show } = place(true);
    const live = show(['a']);
    clock.ms = 99;
    live.read(0.1);
    clock.ms = 100;
    live.read(0.5);
    live.end();
    live.end();
    const clear = '\u001b[1A\u001b[0J';
    expect(written).toEqual(['outlast: judging a\n', `${clear}outlast: judging a: 50 % read\n`, clear]);
  });

  it('is a log where the terminal cannot take lines away', () => {
    const { written, show } = place(true, { TERM: 'dumb' });
    show(['a']).end();
    expect(written).toEqual(['outlast: judging a\n']);
  });

  it('is nothing when quiet', () => {
    const { written, clock, show } = place(true);
    const live = show(['a'], true);
    clock.ms = 60_000;
    live.read(0.5);
    live.end();
    expect(written).toEqual([]);
  });
});
