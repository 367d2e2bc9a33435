import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const orphan = path.join(import.meta.dirname, '../../src/system/orphan.ts');
// The grandchild says when it watches and when its parent is gone, then ends.
const watching = `import('${orphan}').then(({ watchParent }) => {
  const alive = setInterval(() => {}, 1000);
  watchParent(() => { clearInterval(alive); console.log('orphaned'); }, 20);
  console.log('watching');
})`;

describe('watching the parent', () => {
  it('tells when it has died', async () => {
    const parent = spawn('/bin/sh', ['-c', '"$0" --import tsx -e "$1" & wait', process.execPath, watching], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(parent.stdout);
    expect(await once(lines, 'line')).toEqual(['watching']);
    parent.kill('SIGKILL');
    expect(await once(lines, 'line')).toEqual(['orphaned']);
  });
});
