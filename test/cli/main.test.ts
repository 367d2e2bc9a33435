import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const main = path.join(import.meta.dirname, '../../src/cli/main.ts');
const start = (...args: readonly string[]) =>
  spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function outlast(...args: readonly string[]) {
  const child = start(...args);
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [code]: unknown[] = await once(child, 'close');
  return { code, ...texts };
}

describe('the program', () => {
  it('tells the version of the package', async () => {
    const text = await readFile(path.join(import.meta.dirname, '../../package.json'), 'utf8');
    const { version }: { version: string } = JSON.parse(text);
    expect(await outlast('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('writes everything into a pipe before it ends', async () => {
    const { code, stdout } = await outlast('explain');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^session\n/);
    expect(stdout).toMatch(/More of each: outlast explain CHECK\n$/);
  });

  it('goes on when the reader of its output has gone', async () => {
    const child = start('explain');
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code]: unknown[] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('loads the real app where one is needed', async () => {
    const { code, stderr } = await outlast('judge', path.join(import.meta.dirname, 'nowhere'));
    expect(code).toBe(2);
    expect(stderr).toContain('(HISTORY_NOT_FOUND; see docs/errors.md#history_not_found');
  });
});
