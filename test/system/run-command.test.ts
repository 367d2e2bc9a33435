import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { removeScratch, runCommand, scratchFolder } from '../../src/system/index.js';

const environment = { PATH: process.env['PATH'] ?? '' };
const shell = (line: string) => ({ command: { shell: line }, folder: '/', environment });
const patient = () => ({ timeoutMs: 10_000, signal: new AbortController().signal });

describe('running a command', () => {
  it('gives its exit code and what it printed', async () => {
    const run = await runCommand(shell('echo out; echo err >&2; exit 4'), patient());
    expect(run).toEqual({ exit: { exitCode: 4, signal: null }, output: 'out\nerr\n' });
  });

  it('keeps the end of a long output', async () => {
    const run = await runCommand(shell('yes | head -c 200000; echo the end'), patient());
    expect(run.output.length).toBe(64 * 1024);
    expect(run.output).toMatch(/y\nthe end\n$/);
  });

  it('ends a command that hangs', async () => {
    const run = await runCommand(shell('echo begun; sleep 60'), { ...patient(), timeoutMs: 200 });
    expect(run).toEqual({ exit: null, output: 'begun\n' });
  });

  it('ends it when the caller gives up', async () => {
    const stop = new AbortController();
    const run = runCommand(shell('sleep 60'), { timeoutMs: 60_000, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
  });

  it('does not wait for what a script leaves in the background, and leaves it its output', async () => {
    const run = await runCommand(shell('(sleep 0.3; echo late; echo later; sleep 60) & echo $!'), patient());
    const daemon = Number(run.output);
    expect(process.kill(daemon, 0)).toBe(true);
    process.kill(daemon, 'SIGKILL');
  });

  it('leaves no file behind', async () => {
    const folder = scratchFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await removeScratch(folder);
    });
    const run = await runCommand(shell('echo x'), patient());
    expect(run.output).toBe('x\n');
    expect(readdirSync(folder)).toEqual([]);
  });
});
