import { describe, expect, it } from 'vitest';
import { OutlastError } from '../../src/base/errors.js';
import { swept } from './fixtures/scripted-app.js';
import { outlast } from './fixtures/world.js';

const row = { kind: 'killed', when: 'all', n: 20, failed: 3, unknown: 1, atMost: 0.41 } as const;
const batch = { number: 1, seed: 'abc', runs: 20, restarts: [], tookMs: 12_000 } as const;
const failed = swept({
  ...{ outcome: 'fail', asked: 40, restarts: 20, rows: [row, { ...row, when: 'ack', toMs: 1, n: 0 }] },
  batches: [{ ...batch, outcome: 'fail', folder: 'here/batch-001' }],
});

describe('outlast sweep', () => {
  it('hands its flags to the app', async () => {
    const flags = ['--runs', '200', '--kinds', 'killed', '--seed', 'abc', '--out', 'here', '--sessions', '8'];
    const { app, code, stdout } = await outlast(['sweep', '-c', 'my.config.ts', ...flags]);
    expect(app.asked).toMatchObject([
      { what: 'load', with: 'my.config.ts' },
      {
        what: 'sweep',
        with: { runs: 200, kinds: ['killed'], seed: 'abc', out: 'here', sessions: 8, allowRemote: false },
      },
    ]);
    expect(stdout).toContain('PASS  2 restarts in 4 s (0.50 a second), seed seed');
    expect(code).toBe(0);
  });

  it('sweeps the reference service, whole or broken', async () => {
    const { app, stderr } = await outlast(['sweep', '--runs', '2', '--break', 'no-drain'], {
      demo: { say: ['broken on purpose: it ends without a goodbye', 'add --crash'] },
    });
    expect(app.asked).toMatchObject([
      { what: 'demo', with: { variant: 'no-drain', crash: false } },
      { what: 'sweep', with: { kinds: ['graceful', 'killed'] } },
    ]);
    expect(stderr).toBe('outlast: broken on purpose: it ends without a goodbye\n');
    const both = await outlast(['sweep', '--runs', '2', '--demo', '-c', 'my.config.ts']);
    expect(both.code).toBe(2);
  });

  it('says how many failed in each sort of moment, and where those that did are kept', async () => {
    const { code, stdout, stderr } = await outlast(['sweep', '--runs', '40'], {
      sweep: (options) => {
        failed.batches.forEach((one) => options.told?.(one));
        return Promise.resolve(failed);
      },
    });
    expect(stderr).toBe(
      'outlast: batch 1: fail, 0 restarts, 0 failed, 12 s; seed abc, kept in here/batch-001\n',
    );
    expect(stdout).toContain('FAIL  20 of 40 restarts');
    expect(stdout).toMatch(/✗ all +3 of 20 failed, 1 unknown: at most 41 %/);
    expect(stdout).toMatch(/○ up to 1 ms from an acknowledgement +none fell here/);
    expect(stdout).toContain('batch 1 is kept in here/batch-001; again: --runs 20 --seed abc');
    expect(code).toBe(1);
  });

  it('prints itself as JSON, alone on standard output', async () => {
    const failure = new OutlastError('TARGET_NOT_READY', 'it never got ready');
    const { code, stdout } = await outlast(['sweep', '--runs', '40', '--json', '--quiet'], {
      sweep: () => Promise.resolve(swept({ outcome: 'unknown', rows: [], batches: [], failure })),
    });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ outlast: 1, outcome: 'unknown', failure: { code: 'TARGET_NOT_READY' } },
    });
    expect(code).toBe(3);
  });

  it('refuses what cannot be meant', async () => {
    for (const flags of [[], ['--runs', '0'], ['--runs', 'many'], ['--runs', '2', '--kinds', 'kiled']]) {
      const told = await outlast(['sweep', ...flags]);
      expect(told.code, flags.join(' ')).toBe(2);
      expect(told.app.asked).toEqual([]);
    }
  });
});
