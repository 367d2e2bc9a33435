import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event, Header, Seen } from '../../../src/history/index.js';
import { readHistory } from '../../../src/history/index.js';
import type { Recorder } from '../../../src/observe/record/index.js';
import { createRecorder } from '../../../src/observe/record/index.js';
import { header } from '../../history/samples.js';

let folder: string;
let files = 0;
const newFile = () => path.join(folder, `${++files}.ndjson`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outlast-recorder-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(file: string): Promise<{ header: Header; events: Event[]; notes: readonly string[] }> {
  const history = await readHistory(createReadStream(file));
  const events: Event[] = [];
  for await (const batch of history.batches) events.push(...batch);
  return { header: history.header, events, notes: history.notes() };
}

/** What is recorded when this is told; stalls of a busy machine are left out. */
async function recorded(tell: (recorder: Recorder) => void | Promise<void>): Promise<Event[]> {
  const file = newFile();
  const recorder = createRecorder({ file });
  recorder.begin(header);
  await tell(recorder);
  await recorder[Symbol.asyncDispose]();
  return (await read(file)).events.filter(({ kind }) => kind !== 'stall');
}

describe('a recorder', () => {
  it('writes what it is told, stamped, in the order in which it was told', async () => {
    const events = await recorded((recorder) => {
      const first = recorder.session('1');
      const second = recorder.session('2');
      recorder.run({ kind: 'phase', phase: 'steady' });
      first({ kind: 'connect', conn: 1, door: 'ws' });
      second({ kind: 'cut' });
      first({ kind: 'open', conn: 1, t: 0.25 });
      recorder.run({ kind: 'end', how: 'completed' });
    });
    expect(events.map(({ t: _, ...rest }) => rest)).toEqual([
      { kind: 'phase', phase: 'steady' },
      { session: '1', kind: 'connect', conn: 1, door: 'ws' },
      { session: '2', kind: 'cut' },
      { session: '1', kind: 'open', conn: 1 },
      { kind: 'end', how: 'completed' },
    ]);
    expect(events[3]?.t).toBe(0.25);
    const times = events.filter((_, index) => index !== 3).map(({ t }) => t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('puts what was told before the header after it', async () => {
    const file = newFile();
    const recorder = createRecorder({ file });
    recorder.run({ kind: 'phase', phase: 'preflight' });
    recorder.begin({ ...header, epoch: recorder.epoch });
    recorder.run({ kind: 'phase', phase: 'establish' });
    await recorder[Symbol.asyncDispose]();
    const history = await read(file);
    expect(history.header.epoch).toBe(recorder.epoch);
    expect(history.events.map((event) => event.kind === 'phase' && event.phase)).toEqual([
      'preflight',
      'establish',
    ]);
  });

  it('refuses a header that no reader could read', async () => {
    const recorder = createRecorder({ file: newFile() });
    expect(() => {
      recorder.begin({ ...header, contract: { ...header.contract, offlineMs: Infinity } });
    }).toThrow("expected contract.offlineMs of the history's header to be a number from 0");
    await recorder[Symbol.asyncDispose]();
  });

  it('writes nothing without a header, and refuses a second one', async () => {
    const file = newFile();
    const recorder = createRecorder({ file });
    recorder.run({ kind: 'note', text: 'x' });
    await recorder[Symbol.asyncDispose]();
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });

    const begun = createRecorder({ file });
    begun.begin(header);
    expect(() => {
      begun.begin(header);
    }).toThrow('expected one header');
    await begun[Symbol.asyncDispose]();
  });

  it('replaces a file that is there, writes while it runs, and ignores what comes after its end', async () => {
    const file = newFile();
    await writeFile(file, 'something else, and longer than what is written first\n'.repeat(100));
    const recorder = createRecorder({ file });
    recorder.begin(header);
    recorder.run({ kind: 'note', text: 'written soon' });
    await expect.poll(() => readFile(file, 'utf8')).toMatch(/^\{"outlast":1.*written soon"}\n$/s);
    await Promise.all([recorder[Symbol.asyncDispose](), recorder[Symbol.asyncDispose]()]);
    recorder.run({ kind: 'note', text: 'too late' });
    expect(await readFile(file, 'utf8')).not.toContain('too late');
  });

  it('shows watchers the events as they are written, and drops one that fails', async () => {
    const seen: Event[] = [];
    const left: Event[] = [];
    const events = await recorded((recorder) => {
      const leave = recorder.watch((event) => left.push(event));
      recorder.watch((event) => {
        if (event.kind === 'note') throw new Error('the screen is gone');
      });
      recorder.watch((event) => event.kind !== 'stall' && seen.push(event));
      recorder.session('1')({ kind: 'cut' });
      leave();
      recorder.run({ kind: 'note', text: 'a' });
      recorder.run({ kind: 'note', text: 'b' });
    });
    expect(left.map(({ kind }) => kind)).toEqual(['cut']);
    expect(seen.toSorted((a, b) => a.t - b.t)).toEqual(events);
    expect(events.flatMap((event) => (event.kind === 'note' ? [event.text] : []))).toEqual([
      'a',
      'a watcher failed and is not told any more: the screen is gone',
      'b',
    ]);
  });

  it('leaves out what no reader could read, and says so once', async () => {
    const events = await recorded((recorder) => {
      // As a client that is not written in TypeScript may tell it.
      const tell: (seen: object) => void = recorder.session('1') as (seen: object) => void;
      for (let turn = 0; turn < 3; turn++) {
        tell({ kind: 'ack', message: 'm', position: 7 });
        tell({ kind: 'wait', ms: NaN, why: 'backoff' });
        tell({ kind: 'guess' });
      }
      tell({ kind: 'cut', t: NaN, extra: { secret: 'x' } });
    });
    expect(events.map((event) => (event.kind === 'note' ? event.text : event.kind))).toEqual([
      'events of kind ack were left out of this history: expected position to be a text',
      'events of kind wait were left out of this history: expected ms to be a number from 0 (milliseconds)',
      'events of kind guess were left out of this history: there is no such kind',
      'cut',
    ]);
    expect(JSON.stringify(events)).not.toContain('extra');
  });

  it('records all of many events that are told without a pause', async () => {
    const count = 100_000;
    const events = await recorded((recorder) => {
      const tell = recorder.session('1');
      for (let number = 0; number < count; number++)
        tell({ kind: 'written', message: 'm', attempt: number + 1 });
    });
    expect(events).toHaveLength(count);
    expect(events.at(-1)).toMatchObject({ attempt: count });
  });
});

describe('secrets in what the target says', () => {
  const secret = 'correct-horse-battery';
  const told = (...seen: Seen[]) =>
    recorded((recorder) => {
      recorder.redactor.add(secret);
      for (const each of seen) recorder.session('1')(each);
    });

  it('are removed, and each leak is recorded where it was', async () => {
    const events = await told(
      { kind: 'close', conn: 3, by: 'target', code: 1008, reason: `bad token ${secret}` },
      { kind: 'nack', message: 'm', reason: secret },
      { kind: 'receive', conn: 3, room: 'lobby', message: null, from: `<${secret}>`, digest: 'd' },
      { kind: 'receive', room: secret, message: null, digest: 'd' },
      {
        kind: 'record',
        name: 'n',
        of: 'user',
        digest: null,
        at: 'before',
        reading: 1,
        fields: ['name', secret],
      },
    );
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(events.map(({ t: _, ...rest }) => rest)).toMatchObject([
      { kind: 'close', conn: 3, code: 1008, reason: 'bad token [redacted]' },
      { session: '1', kind: 'leak', conn: 3, where: 'close' },
      { kind: 'nack', reason: '[redacted]' },
      { kind: 'leak', where: 'error' },
      { kind: 'receive', from: '<[redacted]>' },
      { kind: 'leak', conn: 3, where: 'frame' },
      { kind: 'receive', room: '[redacted]' },
      { kind: 'leak', where: 'frame' },
      { kind: 'record', fields: ['name', '[redacted]'] },
      { kind: 'leak', where: 'frame' },
    ]);
  });

  it('do not change what is ours: digests, messages, and rooms of the plan', async () => {
    const events = await recorded((recorder) => {
      recorder.redactor.add('abcdef');
      recorder.redactor.add('lobby-1');
      recorder.session('1')({
        kind: 'send',
        due: 1,
        room: 'lobby',
        message: 'abcdef12.1.1',
        digest: 'abcdef0123456789',
      });
    });
    expect(events).toMatchObject([{ kind: 'send', message: 'abcdef12.1.1', digest: 'abcdef0123456789' }]);

    const file = newFile();
    const recorder = createRecorder({ file });
    recorder.redactor.add('room-of-abc');
    recorder.begin({
      ...header,
      plan: { ...header.plan, sessions: [{ session: '1', role: 'chatter', rooms: ['room-of-abc'] }] },
    });
    recorder.session('1')({ kind: 'joined', room: 'room-of-abc' });
    await recorder[Symbol.asyncDispose]();
    expect((await read(file)).events).toMatchObject([{ kind: 'joined', room: 'room-of-abc' }]);
  });

  it('are removed from the reasons for what is missing', async () => {
    const file = newFile();
    const recorder = createRecorder({ file });
    recorder.redactor.add(secret);
    recorder.begin({ ...header, plan: { ...header.plan, without: { log: `refused: ${secret}` } } });
    await recorder[Symbol.asyncDispose]();
    expect((await read(file)).header.plan.without).toEqual({ log: 'refused: [redacted]' });
  });

  it('and long texts are cut, and stay different', async () => {
    const long = 'x'.repeat(3_000_000);
    const events = await told(
      { kind: 'ack', message: 'm', id: `${long}a` },
      { kind: 'ack', message: 'm', id: `${long}b` },
      { kind: 'ack', message: 'm', id: `${secret}${long}` },
    );
    const ids = events.flatMap((event) => (event.kind === 'ack' ? [event.id ?? ''] : []));
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => id.length < 2_100)).toBe(true);
    expect(ids[0]).toMatch(/^x{2000}… \(3000001 characters, [0-9a-f]{16}\)$/);
    expect(ids[2]).toMatch(/^\[redacted\]x/);
  });
});

describe('a journal that cannot be written', () => {
  const failing = async (file: string) => {
    const recorder = createRecorder({ file });
    recorder.begin(header);
    const broken = await recorder.broken.catch((error: unknown) => error);
    // Whoever goes on telling is not disturbed.
    recorder.run({ kind: 'note', text: 'x' });
    await expect(recorder[Symbol.asyncDispose]()).rejects.toBe(broken);
    return broken;
  };

  it('is told at once, with the path and the reason', async () => {
    const inNothing = path.join(folder, 'nothing', 'history.ndjson');
    expect(await failing(inNothing)).toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining(
        `to write the history to ${inNothing}, and could not: ENOENT`,
      ) as string,
    });
    expect(await failing(folder)).toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('EISDIR') as string,
    });
  });

  it.runIf(process.platform === 'linux')('is told when the disk is full', async () => {
    expect(await failing('/dev/full')).toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('/dev/full, and could not: ENOSPC') as string,
    });
  });

  it.runIf(process.platform === 'linux')('is told at the end, if nobody asked before', async () => {
    const recorder = createRecorder({ file: '/dev/full' });
    recorder.begin(header);
    await expect(recorder[Symbol.asyncDispose]()).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });
});

describe('a recorder whose program is killed', () => {
  it('leaves a history that can be read and lacks only the last moment', async () => {
    const file = newFile();
    const fixture = path.join(import.meta.dirname, 'fixtures', 'talker.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', fixture, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let last = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      last = Math.max(last, Number(line));
      if (last > 2_000) child.kill('SIGKILL');
    }
    await exited;
    const { events, notes } = await read(file);
    const kept = Math.max(...events.map(({ t }) => t));
    // 20 ms is what is held back; a busy machine may write late.
    expect(kept).toBeGreaterThan(last / 2);
    expect(notes.every((note) => note.startsWith('the last line is torn'))).toBe(true);
  });
});
