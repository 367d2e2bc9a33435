import type { GroupCommand } from '../../system/process-group.js';
import { wordsOf } from '../../system/words.js';
import type { Command } from './description.js';

/**
 * A command with its placeholders filled in, word by word: what is put in is never split, whatever blanks it has. Throws
 * `CONFIG_INVALID` for an empty one, and for a text that needs a shell and was not given one.
 */
export function prepared(
  command: Command,
  shell: boolean,
  resolve: (text: string) => string,
): GroupCommand['command'] {
  if (shell) return { shell: resolve(typeof command === 'string' ? command : command.join(' ')) };
  const [program = '', ...parameters] = typeof command === 'string' ? wordsOf(command) : command;
  return [resolve(program), ...parameters.map(resolve)];
}
