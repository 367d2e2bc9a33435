import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Where it was measured, and how busy the machine was before. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${availableParallelism()} × ${model}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}; load at the start ${load}`;
}
