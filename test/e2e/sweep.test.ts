import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepReport } from '../../src/report/index.js';
import { outlast } from './support/demo.js';

let parent = '';
beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'sweep-test-'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function sweep(name: string, ...args: string[]) {
  const folder = path.join(parent, name);
  const ended = await outlast('sweep', '--sessions', '10', '--json', '--out', folder, ...args);
  return { ...ended, folder, report: JSON.parse(ended.stdout) as SweepReport };
}

describe('a sweep', () => {
  it('of the reference service passes, bounds what it shows, and keeps nothing but its result', async () => {
    const { report, exitCode, stderr, folder } = await sweep('right', '--demo', '--runs', '4');
    expect(report, stderr).toMatchObject({ outcome: 'pass', restarts: 4 });
    expect(exitCode).toBe(0);
    expect(report.rows.filter(({ when }) => when === 'all')).toMatchObject([
      { kind: 'graceful', n: 2, failed: 0, unknown: 0 },
      { kind: 'killed', n: 2, failed: 0, unknown: 0 },
    ]);
    expect(stderr).toMatch(/batch 1: pass, 4 restarts, 0 failed/);
    expect(await readdir(folder)).toEqual(['sweep.json']);
  });

  it('of a service that acknowledges too early fails where it is killed, and keeps that run', async () => {
    // With this seed everyone is back and chats when it is killed: something acknowledged is not committed then.
    const args = ['--break', 'ack-before-commit', '--runs', '2', '--seed', 'early'];
    const { report, exitCode, stderr } = await sweep('early', ...args);
    expect(report.outcome, stderr).toBe('fail');
    expect(exitCode).toBe(1);
    expect(report.rows.filter(({ when }) => when === 'all')).toMatchObject([
      { kind: 'graceful', n: 1, failed: 0 },
      { kind: 'killed', n: 1, failed: 1 },
    ]);
    const [batch] = report.batches;
    expect(existsSync(path.join(batch?.folder ?? '', 'history.ndjson'))).toBe(true);
    expect(stderr).toContain(`seed ${report.seed}`);
  });
});
