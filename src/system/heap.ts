import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/**
 * From so many bytes in use on, what V8 lets its heap grow by, in percent, before it looks for what is unused. Unless told, it lets it
 * become two to four times as large.
 */
const steps = [
  { fromBytes: 64 * 2 ** 20, growthPercent: 40 },
  // From here on memory counts for more than time.
  { fromBytes: 320 * 2 ** 20, growthPercent: 15 },
] as const;

/**
 * Keeps the heap of this process near what is in use, the nearer the more that is; to be called now and then while it grows. It is a
 * flag of V8, so it holds for the whole process and for good.
 */
export function tightenLargeHeap(): void {
  const next = steps[taken];
  if (!next || getHeapStatistics().used_heap_size < next.fromBytes) return;
  taken += 1;
  setFlagsFromString(`--heap-growing-percent=${next.growthPercent}`);
}

/** So many of the steps. */
let taken = 0;
