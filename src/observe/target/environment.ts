import type { Guardian } from '../../system/guardian.js';
import type { Redaction } from './output.js';

/** What a target needs of the run, besides what it is started with. */
export interface TargetEnvironment {
  /** Passed on to services and commands, less what is ours alone: `process.env`. */
  readonly variables: Variables;
  readonly guardian: Guardian;
  /** Registers secrets, and removes them from what services print. A `Redactor` is one. */
  readonly redactor: { add(secret: string): void; stream(): Redaction };
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Our own environment, less what is ours alone, plus what the service was given. */
export function environmentFor(
  own: Variables,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const passedOn = Object.entries(own).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return value !== undefined && !name.startsWith('OUTLAST_');
  });
  return { ...Object.fromEntries(passedOn), ...given };
}
