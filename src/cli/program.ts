import { Command, CommanderError } from 'commander';
import { declareDemo } from './commands/demo.js';
import { declareExplain } from './commands/explain.js';
import { declareJudge } from './commands/judge.js';
import { declareReport } from './commands/report.js';
import { declareRun } from './commands/run.js';
import { declareSweep } from './commands/sweep.js';
import { declareValidate } from './commands/validate.js';
import { exitOfError, exits } from './exit.js';
import { printError, whereToRead } from './print-error.js';
import type { Perform, World } from './world.js';

const afterHelp = `
Exit codes:
  0  pass, or skipped without --require
  1  fail: something was lost, or the target did not come back
  2  the command or the config is wrong: nothing was touched; or a function or the client of the config is,
     and the run that showed it was ended and healed: whatever its report says of the target is no evidence
  3  unknown for any other reason, skipped with --require, or a service of ours never got ready
  4  Outlast itself failed, or could not write
  130, 143, 129  interrupted, after healing

Begin with:
  outlast demo            see it on a service that does it right
  outlast demo --break ack-before-commit --crash
  outlast explain         what is checked
`;

/** The command line \`args\` (without \`node\` and the script), carried out. Resolves with the exit code; never rejects. */
export async function main(args: readonly string[], world: World, version: string): Promise<number> {
  let code: number = exits.pass;
  const perform: Perform = async (command) => {
    code = await command(world);
  };
  const program = programOf(world, version, perform);
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.pass : exits.usage;
    printError(error, world);
    return exitOfError(error);
  }
}

function programOf({ stdout, stderr }: World, version: string, perform: Perform): Command {
  const program = new Command('outlast')
    .description('Proves that user sessions outlast restarts.')
    .version(version, '-v, --version')
    .addHelpText('after', afterHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) =>
        write(`${text.trimEnd().replace(/^error: /, 'outlast: ')}\n${whereToRead('USAGE')}\n`),
    });
  for (const declare of [
    declareDemo,
    declareRun,
    declareSweep,
    declareValidate,
    declareJudge,
    declareReport,
    declareExplain,
  ])
    declare(program, perform);
  return program;
}
