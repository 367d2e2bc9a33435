import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failing, outlast, runDemo, type DemoRun } from './support/demo.js';

const kinds = [
  { name: 'a graceful restart of the backend', args: [] },
  { name: 'a crash of the backend', args: ['--crash'] },
  { name: 'two graceful restarts of auth and backend', args: ['--both', '--restarts', '2'] },
  { name: 'a rolling restart of two backends behind a balancer', args: ['--rolling'] },
  { name: 'a crash of auth and backend', args: ['--both', '--crash'] },
];

const runs: DemoRun[] = [];
afterAll(async () => {
  await Promise.all(runs.map((run) => run.clear()));
});

const withoutTheTimeOfJudging = (text: string) => text.replace(/"judgedAt": "[^"]*"/, '"judgedAt": ""');

describe.each(kinds)('the reference service under $name', ({ args }) => {
  it('passes all six tests, judges to the same verdict again, and leaves no secret behind', async () => {
    const run = await runDemo(...args);
    runs.push(run);
    const { verdict } = run;
    expect(failing(verdict), run.stderr).toEqual({ fails: [], consequences: [], unknown: [] });
    expect(verdict.tests.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'session pass',
      'token pass',
      'reconnect pass',
      'continuity pass',
      'integrity pass',
      'performance pass',
    ]);
    expect(run.exitCode).toBe(0);

    const written = await readFile(path.join(run.folder, 'verdict.json'), 'utf8');
    const again = await outlast('judge', run.folder, '--quiet');
    expect(again.exitCode).toBe(0);
    expect(withoutTheTimeOfJudging(await readFile(path.join(run.folder, 'verdict.json'), 'utf8'))).toBe(
      withoutTheTimeOfJudging(written),
    );

    for (const file of await readdir(run.folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
      // The shape of a JWT: three parts, the first of which is a JSON object.
      expect(text, file.name).not.toMatch(/eyJ[\w-]{8,}\.[\w-]+\./);
    }
  });
});
