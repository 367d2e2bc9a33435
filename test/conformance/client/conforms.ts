import { describe } from 'vitest';
import type { Harness } from './harness.js';
import { comesBack } from './promises/comes-back.js';
import { enters } from './promises/enters.js';
import { leaves } from './promises/leaves.js';
import { sends } from './promises/sends.js';
import { standsFirm } from './promises/stands-firm.js';

/**
 * The promises of `src/observe/client/port.ts`, which every client keeps. Another client is another harness, in a file
 * `test/conformance/client/<name>.test.ts`.
 */
export function conforms(name: string, harness: Harness): void {
  describe(`the ${name} client`, () => {
    for (const promises of [enters, sends, comesBack, leaves, standsFirm]) promises(harness);
  });
}
