// Reads a history from its file: judged as `outlast judge` does, or only cut into lines and parsed.
import { createReadStream } from 'node:fs';
import { judgeFile } from '../../build/app/judge.js';
import { report, settings } from '../support/in-worker.js';

export interface Reading {
  readonly side: 'ours' | 'bare';
  readonly file: string;
}

export interface Read {
  readonly ms: number;
  /** Of this process, with its compiler and garbage collector. */
  readonly processorMs: number;
  /** The most memory that this process ever had. */
  readonly peakBytes: number;
  /** The checks that failed, by our side. */
  readonly failed: readonly string[];
}

const { side, file } = await settings<Reading>();
const before = process.cpuUsage();
const began = performance.now();
const failed = side === 'ours' ? await judged() : await parsed();
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(before);
const peakBytes = process.resourceUsage().maxRSS * 1_024;
report({ ms, processorMs: (user + system) / 1_000, peakBytes, failed } satisfies Read);

async function judged(): Promise<readonly string[]> {
  const { tests } = await judgeFile(file);
  return tests.flatMap(({ checks }) =>
    checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id),
  );
}

async function parsed(): Promise<readonly string[]> {
  let torn = '';
  let events = 0;
  const chunks = createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1_024 });
  for await (const chunk of chunks as AsyncIterable<string>) {
    const lines = (torn + chunk).split('\n');
    torn = lines.pop() ?? '';
    for (const line of lines) if (JSON.parse(line) !== null) events++;
  }
  if (torn !== '' || events === 0) throw new Error('expected whole lines');
  return [];
}
