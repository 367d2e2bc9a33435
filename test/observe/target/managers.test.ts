import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isOwn, type AttachedReplica, type ManagerDescription } from '../../../src/observe/target/index.js';
import { removeScratch, scratchFolder } from '../../../src/system/index.js';
import { ground } from './harness.js';

// Most of the managers cannot run here (pm2 and supervisor do, in examples/). A program of the same name stands in their place on the PATH: it writes down how it
// was called, word by word, and answers with what the real one is documented to print.

const calm = { signal: new AbortController().signal };

interface Stage {
  readonly replica: AttachedReplica;
  /** Each call: `docker [restart] [chat]`. */
  calls(): readonly string[];
}

/** `answers`: lines of a shell's `case` over the words, such as `*inspect*) echo one;;`. */
async function staged(program: string | null, answers: string, manager: ManagerDescription): Promise<Stage> {
  const folder = scratchFolder();
  onTestFinished(() => removeScratch(folder));
  const log = path.join(folder, 'log');
  writeFileSync(log, '');
  if (program !== null) {
    const script = `#!/bin/sh\n{ printf '${program}'; printf ' [%s]' "$@"; printf '\\n'; } >>'${log}'\ncase "$*" in\n${answers}\nesac\n`;
    writeFileSync(path.join(folder, program), script);
    chmodSync(path.join(folder, program), 0o755);
  }
  const here = ground({ PATH: folder, HOME: '/home/somebody' });
  const target = await here.up({
    chat: { kind: 'attach', ready: await answering(), manager, commandTimeoutMs: 5_000 },
  });
  const replica = target.services.get('chat')?.replicas[0];
  if (!replica || isOwn(replica)) throw new Error('expected chat to be attached');
  const calls = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  return { replica, calls };
}

async function answering(): Promise<string> {
  const server = createServer((_request, response) => response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Everything that a replica can do, in this order. */
async function everything({ replica }: Stage): Promise<void> {
  for (const name of ['restart', 'stop', 'start', 'kill'] as const) await replica[name]?.(calm);
}

const deployment = JSON.stringify({ spec: { selector: { matchLabels: { app: 'chat', tier: 'front' } } } });
const podsOf = (...pods: readonly (readonly [uid: string, container: string, going?: true])[]) =>
  JSON.stringify({
    items: pods.map(([uid, containerID, going]) => ({
      metadata: { uid, ...(going && { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
      status: { containerStatuses: [{ name: 'chat', containerID: `containerd://${containerID}` }] },
    })),
  });

describe('docker', () => {
  const inspected =
    '[inspect] [--type] [container] [--format] [{{.Id}} {{.State.StartedAt}} {{.State.Running}}]';

  it('restarts, stops, starts and kills a container', async () => {
    const stage = await staged('docker', '', { kind: 'docker', container: 'chat' });
    await everything(stage);
    expect([...stage.replica.powers].sort()).toEqual(['kill', 'restart', 'stop-start']);
    expect(stage.calls()).toEqual(
      ['restart', 'stop', 'start', 'kill'].map((verb) => `docker [${verb}] [chat]`),
    );
  });

  it('knows it by its id and the time of its start', async () => {
    const running = '*inspect*) echo 4f6e 2026-11-20T09:12:44.183Z true;;';
    const stage = await staged('docker', running, { kind: 'docker', container: 'chat' });
    expect(await stage.replica.identity?.(calm)).toBe('4f6e 2026-11-20T09:12:44.183Z');
    expect(stage.calls()).toEqual([`docker ${inspected} [chat]`]);
    const stopped = '*inspect*) echo 4f6e 2026-11-20T09:12:44.183Z false;;';
    const other = await staged('podman', stopped, { kind: 'docker', container: 'chat', program: 'podman' });
    expect(await other.replica.identity?.(calm)).toBeNull();
  });

  it('compose does so to all containers of a service', async () => {
    const answers = '*ps*) printf "b2\\na1\\n";; *inspect*) printf "b2 t2 true\\na1 t1 true\\n";;';
    const manager = {
      kind: 'docker-compose',
      service: 'chat',
      project: 'shop',
      file: 'compose.yaml',
    } as const;
    const stage = await staged('docker', answers, manager);
    await everything(stage);
    const compose = 'docker [compose] [--project-name] [shop] [--file] [compose.yaml]';
    expect(stage.calls()).toEqual(
      ['restart', 'stop', 'start', 'kill'].map((verb) => `${compose} [${verb}] [chat]`),
    );
    expect(await stage.replica.identity?.(calm)).toBe('a1 t1, b2 t2');
    expect(stage.calls().slice(4)).toEqual([
      `${compose} [ps] [--quiet] [chat]`,
      `docker ${inspected} [b2] [a1]`,
    ]);
  });
});

describe('kubernetes', () => {
  const answers = `*"get deployment"*) echo '${deployment}';; *"get pods"*) echo '${podsOf(['u2', 'c2'], ['u1', 'c1'], ['u0', 'c0', true])}';;`;
  const kubectl = 'kubectl [--context] [test] [--namespace] [shop]';
  const place = { kind: 'kubernetes', deployment: 'chat', namespace: 'shop', context: 'test' } as const;

  it('rolls a deployment out again and waits for it', async () => {
    const stage = await staged('kubectl', answers, place);
    await stage.replica.restart?.(calm);
    expect([...stage.replica.powers].sort()).toEqual(['kill', 'restart']);
    expect(stage.calls()).toEqual([
      `${kubectl} [rollout] [restart] [deployment/chat]`,
      `${kubectl} [rollout] [status] [deployment/chat]`,
    ]);
  });

  it('deletes its pods, with time to say goodbye or without', async () => {
    const stage = await staged('kubectl', answers, { ...place, how: 'delete-pod' });
    await stage.replica.restart?.(calm);
    await stage.replica.kill?.(calm);
    const get = `${kubectl} [get] [deployment/chat] [--output] [json]`;
    const status = `${kubectl} [rollout] [status] [deployment/chat]`;
    const remove = `${kubectl} [delete] [pod] [--selector] [app=chat,tier=front]`;
    expect(stage.calls()).toEqual([
      get,
      remove,
      status,
      get,
      `${remove} [--grace-period=0] [--force]`,
      status,
    ]);
  });

  it('knows it by the uids of its pods and the ids of their containers, without those that go', async () => {
    const stage = await staged('kubectl', answers, place);
    expect(await stage.replica.identity?.(calm)).toBe('pod u1 containerd://c1, pod u2 containerd://c2');
  });

  it('says so where pods are selected by more than labels', async () => {
    const more = JSON.stringify({ spec: { selector: { matchExpressions: [] } } });
    const stage = await staged('kubectl', `*deployment*) echo '${more}';;`, place);
    await expect(stage.replica.kill?.(calm)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('by labels alone'),
    });
  });
});

describe('systemd', () => {
  it('restarts, stops, starts and kills a unit, and asks for no password', async () => {
    const stage = await staged('systemctl', '', { kind: 'systemd', unit: 'chat' });
    await everything(stage);
    expect(stage.calls()).toEqual([
      'systemctl [--no-ask-password] [restart] [chat]',
      'systemctl [--no-ask-password] [stop] [chat]',
      'systemctl [--no-ask-password] [start] [chat]',
      'systemctl [--no-ask-password] [kill] [--signal=KILL] [chat]',
    ]);
  });

  it('knows it by its main process and the time of its start', async () => {
    const show = '*show*) printf "MainPID=4711\\nExecMainStartTimestampMonotonic=86061234\\n";;';
    const stage = await staged('systemctl', show, { kind: 'systemd', unit: 'chat', user: true });
    expect(await stage.replica.identity?.(calm)).toBe('pid 4711 since 86061234');
    expect(stage.calls()).toEqual([
      'systemctl [--user] [show] [--property=MainPID] [--property=ExecMainStartTimestampMonotonic] [chat]',
    ]);
    const dead = '*show*) printf "MainPID=0\\nExecMainStartTimestampMonotonic=86061234\\n";;';
    expect(
      await (await staged('systemctl', dead, { kind: 'systemd', unit: 'chat' })).replica.identity?.(calm),
    ).toBeNull();
  });
});

describe('supervisor', () => {
  const chat = { kind: 'supervisor', program: 'chat', configuration: '/etc/chat.conf' } as const;
  const control = 'supervisorctl [--configuration] [/etc/chat.conf]';

  it('restarts, stops, starts and kills a program', async () => {
    const stage = await staged(
      'supervisorctl',
      '*restart*) printf "chat: stopped\\nchat: started\\n";;',
      chat,
    );
    await everything(stage);
    expect(stage.calls()).toEqual([
      `${control} [restart] [chat]`,
      `${control} [stop] [chat]`,
      `${control} [start] [chat]`,
      `${control} [signal] [KILL] [chat]`,
    ]);
  });

  it('knows it by its process id', async () => {
    const stage = await staged('supervisorctl', '*pid*) echo 4711;;', chat);
    expect(await stage.replica.identity?.(calm)).toBe('pid 4711');
    const stopped = await staged('supervisorctl', '*pid*) echo 0;;', chat);
    expect(await stopped.replica.identity?.(calm)).toBeNull();
  });

  it('knows a group by the process ids of its programs, for which it is asked one by one', async () => {
    const running = 'RUNNING   pid 28670, uptime 0:00:10';
    const answers = `*status*) printf 'chat:chat_00   ${running}\\nchat:chat_01   ${running}\\n';; *'pid chat:chat_00 chat:chat_01') printf '28671\\n28670\\n';; *pid*) echo "No such process"; exit 1;;`;
    const stage = await staged('supervisorctl', answers, { ...chat, program: 'chat:*' });
    expect(await stage.replica.identity?.(calm)).toBe('pid 28670, pid 28671');
    expect(stage.calls()).toEqual([
      `${control} [status] [chat:*]`,
      `${control} [pid] [chat:chat_00] [chat:chat_01]`,
    ]);
  });

  it('is not believed where it exits with 0 and says ERROR', async () => {
    const stage = await staged('supervisorctl', '*) echo "chat: ERROR (no such process)";;', chat);
    await expect(stage.replica.restart?.(calm)).rejects.toThrow(/it says: chat: ERROR \(no such process\)$/);
  });
});

describe('pm2', () => {
  const listed = `*jlist*) printf '[PM2] Spawning\\n[{"pid":12,"name":"chat"},{"pid":9,"name":"other"},{"pid":11,"name":"chat"},{"pid":0,"name":"chat"}]';;`;

  it('restarts or reloads, stops, starts and kills a process', async () => {
    const stage = await staged('pm2', 'home) echo "$PM2_HOME";;', {
      kind: 'pm2',
      process: 'chat',
      how: 'reload',
    });
    await everything(stage);
    expect(stage.calls()).toEqual([
      ...['reload', 'stop', 'start'].map((verb) => `pm2 [${verb}] [chat]`),
      'pm2 [sendSignal] [SIGKILL] [chat]',
    ]);
    const plain = await staged('pm2', '', { kind: 'pm2', process: 'chat' });
    await plain.replica.restart?.(calm);
    expect(plain.calls()).toEqual(['pm2 [restart] [chat]']);
  });

  it('is spoken to in its own home', async () => {
    const home = '*) [ "$PM2_HOME" = /tmp/pm2 ] || exit 9;;';
    const stage = await staged('pm2', home, { kind: 'pm2', process: 'chat', home: '/tmp/pm2' });
    await stage.replica.restart?.(calm);
  });

  it('knows it by the process ids of its instances, whatever is said before the list', async () => {
    const stage = await staged('pm2', listed, { kind: 'pm2', process: 'chat' });
    expect(await stage.replica.identity?.(calm)).toBe('pid 11, pid 12');
    const none = await staged('pm2', '*) echo "[PM2] hello";;', { kind: 'pm2', process: 'chat' });
    await expect(none.replica.identity?.(calm)).rejects.toThrow(/as JSON of `pm2 jlist`/);
  });
});

describe('a manager that cannot be used', () => {
  it('because it is not installed, is told with what brings it', async () => {
    const stage = await staged(null, '', { kind: 'docker', container: 'chat' });
    await expect(stage.replica.restart?.(calm)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(
        /^expected to run `docker restart`, for chat: .*ENOENT\. It is not installed here: Docker Engine: https/,
      ),
    });
  });

  it('because it is not permitted, is told so', async () => {
    const refused =
      '*) echo "Failed to restart chat.service: Interactive authentication required." >&2; exit 1;;';
    const stage = await staged('systemctl', refused, { kind: 'systemd', unit: 'chat' });
    await expect(stage.replica.restart?.(calm)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message:
        'expected `systemctl restart`, for chat, to exit with 0; it exited with 1. It was not permitted: run as a user who may, or give the command by hand with sudo',
      details: ['Failed to restart chat.service: Interactive authentication required.'],
    });
  });

  it('because it fails or hangs, is told with what it printed', async () => {
    const failing = await staged('docker', '*) echo No such container: chat; exit 1;;', {
      kind: 'docker',
      container: 'chat',
    });
    await expect(failing.replica.restart?.(calm)).rejects.toMatchObject({
      message: 'expected `docker restart`, for chat, to exit with 0; it exited with 1',
      details: ['No such container: chat'],
    });
  });
});
