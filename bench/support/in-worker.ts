import { once } from 'node:events';

// What a worker says and hears. It ends when whoever started it lets go of it, or dies.
process.on('disconnect', () => process.exit());

/** What it was started with: not on the command line, which all may read and which has an end. */
export async function settings<Settings>(): Promise<Settings> {
  const [told] = (await once(process, 'message')) as [Settings];
  return told;
}

export function report(value: object): void {
  process.send?.(value);
}

/** Collects garbage until nothing more is freed: twice is enough for what finalizers let go. */
export async function collectGarbage(): Promise<void> {
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
