import { type CommandLine, linesOf, type Manager, together } from './port.js';

export const handWritten = ['stop', 'start', 'restart', 'kill', 'identity'] as const;
export type CommandName = (typeof handWritten)[number];
export type Commands = Readonly<Partial<Record<CommandName, CommandLine>>>;

/** The user's own commands. What `identity` prints is the identity. */
export function byHand(commands: Commands, service: string): Manager {
  const label = (name: CommandName) => `the ${name} command of ${service}`;
  const actions = (['stop', 'start', 'restart', 'kill'] as const).flatMap((name) => {
    const line = commands[name];
    return line === undefined
      ? []
      : [
          [
            name,
            (run: Parameters<NonNullable<Manager['stop']>>[0]) =>
              run(line, label(name)).then(() => undefined),
          ],
        ];
  });
  const { identity } = commands;
  return {
    ...{ name: 'command', install: null },
    ...Object.fromEntries(actions),
    ...(identity === undefined
      ? {}
      : { identity: async (run) => together(linesOf(await run(identity, label('identity')))) }),
  };
}
