import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Of the standard streams, those that were a terminal when this process began. */
const terminals = [0, 1, 2].filter((stream) => isatty(stream));

/**
 * Ends this process with an exit code. Node 20 aborts at its end when it cannot restore a terminal that has been closed
 * (nodejs/node#58200 mended that): it must not find one.
 */
export function leave(code: number): never {
  for (const stream of terminals) if (!isatty(stream)) close(stream);
  process.exit(code);
}

function close(stream: number): void {
  try {
    closeSync(stream);
  } catch {
    // Closed already, which is as good.
  }
}
