import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect } from 'vitest';
import { Child, eventually, type ChildOptions, type Ending } from './child.js';
import { processesMarked } from './traces.js';

export const repository = path.resolve(import.meta.dirname, '../../..');
const main = path.join(repository, 'dist/cli/main.js');

/** The binaries of the embedded database outlive a run on purpose; those that were not built to their end do not. */
const kept = 'outlast-reference-postgres';
const isHalfBuilt = (name: string) => /[0-9a-f]{8}-[0-9a-f]{4}-/.test(name);

export interface Ended extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which Outlast is run, with a temporary folder of its own, so that what a run leaves behind is seen. */
export class Workspace {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'e2e-')));
  readonly temporary = path.join(this.folder, 'temporary');
  readonly #mark = randomUUID();
  readonly #children: Child[] = [];

  constructor() {
    mkdirSync(this.temporary);
    // As root, the database runs under an account that must be let through.
    for (const folder of [this.folder, this.temporary]) chmodSync(folder, 0o755);
  }

  get environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|NODE_|FORCE_COLOR|DATABASE_URL)/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      ...{ TMPDIR: this.temporary, E2E_MARK: this.#mark, NO_COLOR: '1' },
    };
  }

  write(name: string, text: string | Uint8Array): string {
    const file = this.path(name);
    writeFileSync(file, text);
    return file;
  }

  path(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  /** Starts any program here. */
  start(command: readonly [string, ...string[]], options: Partial<ChildOptions> = {}): Child {
    const child = new Child(command, { folder: this.folder, environment: this.environment, ...options });
    this.#children.push(child);
    return child;
  }

  /** Starts `outlast …args`. */
  outlast(...args: readonly string[]): Child {
    return this.start(outlastCommand(...args));
  }

  /** Runs `outlast …args` to its end. */
  async ran(...args: readonly string[]): Promise<Ended> {
    const child = this.outlast(...args);
    const ending = await child.ended;
    return { ...ending, stdout: child.stdout, stderr: child.stderr };
  }

  /** What is there and should not be: processes of ours, temporary folders. */
  leftovers(): string[] {
    const names = readdirSync(this.temporary);
    const built = names.includes(kept) ? readdirSync(path.join(this.temporary, kept)) : [];
    const folders = [...names.filter((name) => name !== kept), ...built.filter(isHalfBuilt)];
    return [...processesMarked(this.#mark, this.folder), ...folders.map((name) => `folder ${name}`)];
  }

  /** Nothing is left within so many ms; at once unless told. */
  async expectNothingLeft(withinMs = 0): Promise<void> {
    const left = await eventually(
      () => this.leftovers(),
      (found) => found.length === 0,
      withinMs,
    ).catch(() => this.leftovers());
    expect(left).toEqual([]);
  }

  async remove(): Promise<void> {
    for (const child of this.#children) child.signal('SIGKILL');
    await Promise.all(this.#children.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** The command line of `outlast …args`. */
export const outlastCommand = (...args: readonly string[]): [string, ...string[]] => [
  process.execPath,
  main,
  ...args,
];

/** Makes workspaces for the tests of a file; each test also checks that nothing is left in them. */
export function workspaces(): () => Workspace {
  const made: Workspace[] = [];
  afterEach(async () => {
    const used = made.splice(0);
    try {
      for (const workspace of used) await workspace.expectNothingLeft();
    } finally {
      for (const workspace of used) await workspace.remove();
    }
  });
  return () => {
    const workspace = new Workspace();
    made.push(workspace);
    return workspace;
  };
}
