import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** From here on memory counts for more than time, in bytes. */
const largeBytes = 320 * 2 ** 20;
/** What V8 lets its heap grow by before it looks for what is unused: by so much instead of twice to four times as large. */
const growthPercent = 15;

/**
 * Keeps the heap of this process near what is in use, once that is much; to be called now and then while it grows. It is a flag of V8,
 * so it holds for the whole process and for good.
 */
export function tightenLargeHeap(): void {
  if (isTight || getHeapStatistics().used_heap_size < largeBytes) return;
  isTight = true;
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}

let isTight = false;
