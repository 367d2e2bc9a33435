import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The command itself, as it is shipped. */
export const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs node to its end, without its output. Resolves with its exit code. */
export async function ended(args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const [code]: unknown[] = await once(child, 'exit');
  return code;
}

/** The JSON that a command, which ended with this code, left in a file. Rejects where it left none. */
export async function leftIn<T>(file: string, code: unknown): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    throw new Error(`expected the command to leave ${file}; it ended with ${String(code)}`, { cause: error });
  }
}
