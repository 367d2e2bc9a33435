import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** In a process group of its own, of which it is the leader. */
  readonly leads?: boolean;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long anything that a test waits for may take, in ms: machines that test are often busy. */
const patienceMs = 60_000;

/** A process whose output can be waited for. */
export class Child {
  stdout = '';
  stderr = '';
  readonly id: number;
  /** Resolves when it has ended and its last output was read. */
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  #isOver = false;
  #look: () => void = () => undefined;

  constructor(command: readonly [string, ...string[]], options: ChildOptions) {
    const [program, ...parameters] = command;
    this.#process = spawn(program, parameters, {
      cwd: options.folder,
      env: options.environment,
      detached: options.leads === true,
      stdio: 'pipe',
    });
    this.id = this.#process.pid ?? 0;
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#hear('stdout', chunk));
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#hear('stderr', chunk));
    this.#process.stdin?.on('error', () => undefined);
    this.ended = this.#end();
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  /** Resolves as soon as its output holds the text. Throws when it ends without it, or is late. */
  async says(text: string): Promise<void> {
    const overdue = setTimeout(() => this.#look(), patienceMs);
    const begun = performance.now();
    while (!this.output.includes(text)) {
      const late = performance.now() - begun >= patienceMs;
      if (this.#isOver || late)
        throw new Error(`expected "${text}"; it ${late ? 'is late' : 'ended'} after:\n${this.output}`);
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
    clearTimeout(overdue);
  }

  /** Writes a line to its standard input. */
  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** To its whole process group, as a terminal does. */
  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.id, name);
  }

  async #end(): Promise<Ending> {
    await once(this.#process, 'close');
    this.#isOver = true;
    this.#look();
    return { code: this.#process.exitCode, signal: this.#process.signalCode };
  }

  #hear(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this[stream] += chunk.toString();
    this.#look();
  }
}

/** Looks again and again until it is so; throws after `withinMs`, with what it saw last. */
export async function eventually<Seen>(
  look: () => Seen | Promise<Seen>,
  isSo: (seen: Seen) => boolean,
  withinMs = patienceMs,
): Promise<Seen> {
  const begun = performance.now();
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() - begun > withinMs) {
      throw new Error(`it did not come true within ${withinMs} ms; seen last: ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
