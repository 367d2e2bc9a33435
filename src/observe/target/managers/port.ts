/** The program and its arguments; with `shell`, one line for `sh -c`. Managers of ours never use a shell. */
export type CommandLine = readonly [string, ...string[]] | { readonly shell: string };

/** Runs a command to its end, and resolves with what it printed. Throws `COMMAND_FAILED` when it fails, hangs or is not there. */
export type Run = (line: CommandLine, label?: string) => Promise<string>;

type Action = (run: Run) => Promise<void>;

/** Who runs a service that is not ours: what it can do to it, in command lines, and how it names what runs. */
export interface Manager {
  /** For messages: `systemd`. */
  readonly name: string;
  /** What brings its program, for messages; null: the user wrote the command. */
  readonly install: string | null;
  /** On top of our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly restart?: Action;
  readonly stop?: Action;
  readonly start?: Action;
  /** At once, with no time to say goodbye. Whether it comes back by itself is the manager's. */
  readonly kill?: Action;
  /**
   * What runs now, beside the door: another text after each restart, such as a container's id with the time of its start. Null:
   * nothing runs.
   */
  identity?(run: Run): Promise<string | null>;
}

/** What stands in a command line only where it is told. */
export const told = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [flag, value];

/** The lines of an output that are not empty, trimmed. */
export const linesOf = (output: string): readonly string[] =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Several of them in one text, in an order that does not depend on the manager's; null: there is none. */
export const together = (identities: readonly string[]): string | null =>
  identities.length === 0 ? null : [...identities].sort().join(', ');
