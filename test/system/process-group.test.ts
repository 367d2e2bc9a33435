import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  freePort,
  portTaken,
  startGroup,
  stopGroup,
  type GroupCommand,
  type ProcessGroup,
} from '../../src/system/index.js';

const services = path.join(import.meta.dirname, '../fixtures/services');
const started: ProcessGroup[] = [];

async function start(command: GroupCommand['command'], environment: Record<string, string> = {}) {
  let printed = '';
  let heard: () => void = () => undefined;
  const group = await startGroup({
    command,
    folder: services,
    environment: { PATH: process.env['PATH'] ?? '', ...environment },
    output: (text) => {
      printed += text;
      heard();
    },
  });
  started.push(group);
  const says = async (text: string) => {
    while (!printed.includes(text)) await new Promise<void>((resolve) => (heard = resolve));
  };
  return { group, says, printed: () => printed };
}

afterEach(async () => {
  for (const group of started.splice(0)) {
    group.signal('SIGKILL');
    await group.exited();
  }
});

describe('a process group', () => {
  it('tells how its leader ended, and all that it printed', async () => {
    const { group, printed } = await start([process.execPath, 'exits-at-once.js']);
    expect(await group.exited()).toEqual({ exitCode: 3, signal: null });
    expect(printed()).toContain('line 30\n');
    expect(group.alive()).toBe(false);
  });

  it('is gone only when every process of it is', async () => {
    const port = await freePort();
    const { group, says } = await start([process.execPath, 'forks-child.js'], {
      PORT: String(port),
      CHILD_MS: '300',
    });
    await says('child');
    group.signal('SIGTERM');
    expect(await group.ended).toEqual({ exitCode: 0, signal: null });
    expect(group.alive()).toBe(true);
    await group.exited();
    expect(group.alive()).toBe(false);
    expect(await portTaken('127.0.0.1', port)).toBe(false);
  });

  it('is signalled as a whole, and not at all once it is gone', async () => {
    const { group, says } = await start({ shell: `node sleeper.js & node sleeper.js & wait` });
    await says('running\nrunning');
    group.signal('SIGKILL');
    expect(await group.exited()).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(() => {
      group.signal('SIGKILL');
    }).not.toThrow();
  });

  it('is ended gracefully where it can be, and killed where it does not go', async () => {
    const willing = await start([process.execPath, 'service.js'], { PORT: String(await freePort()) });
    await willing.says('listening');
    expect(await stopGroup(willing.group, 5_000)).toEqual({ exitCode: 0, signal: null, killed: false });

    const unwilling = await start([process.execPath, 'ignores-sigterm.js'], {
      PORT: String(await freePort()),
    });
    await unwilling.says('listening');
    expect(await stopGroup(unwilling.group, 400)).toEqual({
      exitCode: null,
      signal: 'SIGKILL',
      killed: true,
    });
  });

  it('is woken when it was stopped, so that it can go', async () => {
    const { group, says } = await start([process.execPath, 'service.js'], { PORT: String(await freePort()) });
    await says('listening');
    group.signal('SIGSTOP');
    expect(await stopGroup(group, 5_000)).toEqual({ exitCode: 0, signal: null, killed: false });
  });

  it('keeps characters whole that arrive in two pieces', async () => {
    const { group, printed } = await start({
      shell: `printf '\\303'; sleep 0.1; printf '\\244\\n'`,
    });
    await group.exited();
    expect(printed()).toBe('ä\n');
  });

  it('cannot be started from a program that is not there', async () => {
    await expect(start(['no-such-program-at-all'])).rejects.toThrow(/ENOENT/);
  });
});
