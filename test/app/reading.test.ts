import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeFile } from '../../src/app/judge.js';
import { openHistory } from '../../src/app/reading.js';
import { encodeEvent, encodeHeader, readHistory } from '../../src/history/index.js';
import { having, Story } from '../judge/story.js';

const story = new Story();
const text = encodeHeader(story.header) + story.events.map(encodeEvent).join('');
const packed = gzipSync(text);

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'reading-'))));
afterEach(() => rm(folder, { recursive: true }));

async function judged(bytes: Uint8Array | string) {
  const file = path.join(folder, 'history.ndjson');
  await writeFile(file, bytes);
  return judgeFile(file);
}

const refusal = (bytes: Uint8Array | string) => judged(bytes).catch((error: unknown) => error);
const invalid = (said: string) => ({
  code: 'HISTORY_INVALID',
  message: expect.stringContaining(said) as string,
});

/** A gzip of this text, again and again; returned with no more of it in memory than a piece. */
async function bomb(piece: string, times: number): Promise<string> {
  const file = path.join(folder, 'bomb.ndjson.gz');
  const pieces = function* () {
    yield encodeHeader(story.header);
    for (let turn = 0; turn < times; turn++) yield piece;
  };
  await pipeline(Readable.from(pieces()), createGzip({ level: 9 }), createWriteStream(file));
  return file;
}

describe('a history in gzip', () => {
  it('is read as it is, whatever its name, in one member or in several', async () => {
    expect((await judged(packed)).outcome).toBe('pass');
    const half = text.indexOf('\n', text.length / 2) + 1;
    const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]);
    expect((await judged(members)).outcome).toBe('pass');
  });

  it('that is cut short is judged as far as it goes, and is never a pass or a failure of what was right', async () => {
    for (const share of [0.5, 0.7, 0.9, 0.99]) {
      const verdict = await judged(packed.subarray(0, share * packed.length));
      expect(verdict.outcome).toBe('unknown');
      expect(having(verdict, 'fail')).toEqual([]);
    }
    expect(await refusal(packed.subarray(0, 12))).toMatchObject({ code: 'HISTORY_INVALID' });
  });

  it('that is damaged is refused, and it is said what to do', async () => {
    for (const at of [0.3, 0.6, 0.95]) {
      const damaged = Buffer.from(packed);
      const begin = Math.floor(at * packed.length);
      damaged.fill(0xff, begin, begin + 40);
      expect(await refusal(damaged)).toMatchObject({ code: 'HISTORY_INVALID' });
    }
    expect(await refusal(Buffer.from([0x1f, 0x8b, 0, 0, 0, 0]))).toMatchObject(
      invalid('to be gzip that can be read'),
    );
  });

  it('that swells out of all proportion is refused before it fills the memory', async () => {
    const zeros = await bomb('0'.repeat(1024 * 1024), 20);
    await expect(judgeFile(zeros)).rejects.toMatchObject(invalid('a line of at most 1 MiB'));
    const empty = await bomb('\n'.repeat(1024 * 1024), 40);
    await expect(judgeFile(empty)).rejects.toMatchObject(invalid('swells more than 200-fold'));
  });
});

describe('a history that is one endless line', () => {
  it('is refused after a mebibyte, however much follows', async () => {
    let asked = 0;
    async function* gigabyte() {
      yield encodeHeader(story.header);
      for (; asked < 4_096; asked++) yield await Promise.resolve('x'.repeat(256 * 1024));
    }
    const history = await readHistory(gigabyte(), 'huge.ndjson');
    await expect(
      (async () => {
        for await (const _ of history.batches);
      })(),
    ).rejects.toMatchObject(invalid('line 2: expected a line of at most 1 MiB'));
    expect(asked).toBeLessThan(8);
  });
});

describe('a file that cannot be read', () => {
  it('is an error that says so', async () => {
    await expect(openHistory(folder)).rejects.toMatchObject({ code: 'HISTORY_NOT_FOUND' });
  });
});
