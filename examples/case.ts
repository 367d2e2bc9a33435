/** What has to be on the machine before a case can run; `scripts/install-servers` installs all of it on Debian. */
export type Need =
  /** A program on the PATH, from this package of Debian. */
  | { readonly program: string; readonly debian: string }
  /** The packages of the example's own `package.json`. */
  | { readonly packages: true };

/** One measurement of one server: a config of an example, and what is expected to come of it, every time. */
export interface Case {
  /** `in memory, SIGTERM` */
  readonly name: string;
  /** The config, a file of the example's folder. */
  readonly config: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly needs: readonly Need[];
  /**
   * A program of the example that runs meanwhile: what the config attaches to is there when it prints `ready`, it hears on its
   * standard input all that Outlast prints, and stops everything when that ends.
   */
  readonly beside?: readonly [string, ...string[]];
  /** Who is measured, and the command that prints its version. */
  readonly server: { readonly name: string; readonly version: readonly [string, ...string[]] };
  /** How it is set up, and how it is restarted, in a few words. */
  readonly mode: string;
  readonly restart: string;
  readonly expected: {
    readonly outcome: 'pass' | 'fail';
    /** Exactly the checks that fail and that no other finding explains. */
    readonly fails: readonly string[];
    /** Checks that fail, or are not known, in some runs only, because of what is in `fails`. */
    readonly perhaps?: readonly string[];
  };
  /** What the project itself says of this: the contract claims no more. */
  readonly documents: { readonly says: string; readonly where: string };
}
