import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configFor } from './support/config.js';
import { outlastCommand, workspaces, type Workspace } from './support/workspace.js';

const workspace = workspaces();

function chatting(): Workspace {
  const place = workspace();
  place.write('outlast.config.mjs', configFor(['chat.js']));
  return place;
}

/** Nothing was started: there is no output of a service. */
const isUntouched = (stderr: string) => !stderr.includes('preflight');

describe('a run directory that cannot be written', () => {
  it.each([
    ['is a file', 'taken'],
    ['lies below a file', 'taken/run'],
    ['lies behind a link that leads nowhere', 'link/run'],
    ...(existsSync('/proc/self') ? [['is in /proc, which takes nothing', '/proc/outlast']] : []),
  ])('because it %s exits with 4 before anything is touched', async (_, out) => {
    const place = chatting();
    place.write('taken', '');
    symlinkSync(place.path('nowhere'), place.path('link'));
    const { code, stdout, stderr } = await place.ran('run', '--out', out);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('expected a run directory that can be written at ');
    expect(stderr).toContain('Choose another with --out');
    expect(stderr).toContain('(WRITE_FAILED;');
    expect(isUntouched(stderr)).toBe(true);
  });

  it('because a run is in it already exits with 2 and leaves that one as it is', async () => {
    const place = chatting();
    mkdirSync(place.path('run'));
    place.write('run/history.ndjson', 'precious');
    const { code, stderr } = await place.ran('run', '--out', 'run');
    expect(code).toBe(2);
    expect(stderr).toContain('a history is never overwritten');
    expect(isUntouched(stderr)).toBe(true);
    expect(place.read('run/history.ndjson')).toBe('precious');
  });

  it('because its disk is full exits with 4 before anything is touched', async ({ skip }) => {
    const place = chatting();
    const disk = place.path('disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    skip(mounted.status !== 0, 'nobody here may mount a small disk');
    try {
      const { code, stderr } = await place.ran('run', '--out', 'disk/run');
      expect(code).toBe(4);
      expect(stderr).toContain('no space is left on its disk');
      expect(isUntouched(stderr)).toBe(true);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

describe('a run whose directory becomes full', () => {
  it('heals, says what could not be written and exits with 4', async () => {
    const place = chatting();
    // In units of 512 bytes: no file may become larger, as if the disk had no more room for it.
    const limited = [
      'sh',
      '-c',
      'ulimit -f 64; exec "$@"',
      'sh',
      ...outlastCommand('run', '--out', 'run'),
    ] as const;
    const run = place.start([...limited]);
    const { code } = await run.ended;
    expect(code, run.stderr).toBe(4);
    expect(run.stderr).toContain(
      `expected to write the history to ${place.path('run/history.ndjson')}, and could not: EFBIG`,
    );
    expect(run.stderr).toContain('(WRITE_FAILED;');
    expect(run.stdout).not.toContain('PASS');
    expect(place.leftovers()).toEqual([]);
    // What is there of the history can still be judged, and is not known to its end.
    expect(existsSync(place.path('run/history.ndjson'))).toBe(true);
    expect(await place.ran('judge', 'run')).toMatchObject({ code: 3 });
  });
});

describe('a verdict that cannot be written', () => {
  it('exits with 4 and says where', async () => {
    const place = chatting();
    await place.ran('run', '--out', 'run');
    place.write('taken', '');
    const { code, stderr } = await place.ran('judge', 'run', '--out', 'taken');
    expect(code).toBe(4);
    expect(stderr).toContain(`expected to write ${place.path('taken/verdict.json')}`);
    expect(stderr).toContain('(WRITE_FAILED;');
  });
});
