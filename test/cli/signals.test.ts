import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const fixture = path.join(import.meta.dirname, 'fixtures/interruptible.ts');
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process whose output can be waited for. */
class Running {
  text = '';
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #look: () => void = () => undefined;

  constructor(command: string, args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
    this.child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'] });
    started.push(this.child);
    this.#ended = once(this.child, 'close');
    const hear = (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#look();
    };
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
  }

  async says(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise<void>((resolve) => (this.#look = resolve));
  }

  async code(): Promise<unknown> {
    const [code] = await this.#ended;
    return code;
  }
}

const outlast = (mode: string) => new Running(process.execPath, ['--import', 'tsx', fixture, mode]);

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s heals, judges what is there and exits with %i', async (signal, code) => {
    const running = outlast('heals');
    await running.says('running');
    running.child.kill(signal);
    expect(await running.code()).toBe(code);
    expect(running.text).toContain(`outlast: ${signal}: healing and stopping`);
    expect(running.text).toContain('healing\n');
    expect(running.text).toContain('UNKNOWN  it cannot be said: interrupted');
    expect(running.text).not.toContain('healed at once');
    expect(running.text).not.toContain('INTERRUPTED;');
  });

  it('before there is anything to judge ends without a report', async () => {
    const running = outlast('early');
    await running.says('running');
    running.child.kill('SIGINT');
    expect(await running.code()).toBe(130);
    expect(running.text).not.toContain('UNKNOWN');
  });

  it('that comes a second time heals at once', async () => {
    const running = outlast('hangs');
    await running.says('running');
    running.child.kill('SIGINT');
    await running.says('healing\n');
    // The first is passed on by the terminal and by npm: what comes with it is the same press of the key.
    const again = setInterval(() => running.child.kill('SIGINT'), 100);
    expect(await running.code()).toBe(130);
    clearInterval(again);
    expect(running.text).toContain('healed at once');
  });

  it('that npm passes on as well counts once', async () => {
    const running = outlast('heals');
    await running.says('running');
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect(await running.code()).toBe(130);
    expect(running.text).not.toContain('healed at once');
  });
});

describe('the death of the parent', () => {
  it('heals and ends, as a closed terminal does', async () => {
    // The shell stays the parent until its own standard input ends; what it started holds on to its output.
    const script = `"${process.execPath}" --import tsx "${fixture}" heals & read -r _`;
    const running = new Running('sh', ['-c', script], 'pipe');
    await running.says('running');
    running.child.stdin?.end();
    await running.says('outlast: SIGHUP: healing');
    await running.code();
    expect(running.text).toContain('UNKNOWN');
  });
});

describe('an error that nobody caught', () => {
  it('heals at once, is told without a stack, and exits with 4', async () => {
    const running = outlast('crashes');
    expect(await running.code()).toBe(4);
    expect(running.text).toContain('healed at once');
    expect(running.text).toContain('outlast: something went wrong inside Outlast: a bug');
    expect(running.text).not.toContain('    at ');
  });
});
