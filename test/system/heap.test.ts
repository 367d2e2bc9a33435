import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const heap = path.resolve(import.meta.dirname, '../../build/system/heap.js');

// What it saves is measured by `npm run bench -- judge`. Here: V8, which says so where it knows no such flag, knows it.
it('asks V8 for what it knows, once the heap is large', () => {
  const code = `
    const { tightenLargeHeap } = await import(${JSON.stringify(`file://${heap}`)});
    tightenLargeHeap();
    const held = [1, 2].map(() => new Array(25_000_000).fill(0.5));
    tightenLargeHeap();
    tightenLargeHeap();
    tightenLargeHeap();
    console.log(held.flatMap(({ length }) => length).join());`;
  const flags = ['--input-type=module', '--eval', code];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '25000000,25000000\n', stderr: '', status: 0 });
});
