import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/judge/verdict.js';
import { configFor } from './support/config.js';
import { Workspace, workspaces } from './support/workspace.js';

const workspace = workspaces();

/** The lines of a whole history, and the verdict on it. */
let whole: readonly string[];
let verdict: Verdict;
let source: Workspace;
beforeAll(async () => {
  source = new Workspace();
  source.write('outlast.config.mjs', configFor(['chat.js']));
  const run = await source.ran('run', '--out', 'run');
  expect(run.code, run.stdout).toBe(0);
  whole = source.read('run/history.ndjson').trimEnd().split('\n');
  verdict = JSON.parse(source.read('run/verdict.json')) as Verdict;
});
afterAll(() => source.remove());

/** Judges this text as a history. */
async function judged(text: string | Uint8Array) {
  const place = workspace();
  place.write('history.ndjson', text);
  return { place, ...(await place.ran('judge', 'history.ndjson', '--json')) };
}

const inLines = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const aMillion = (line: string) => `${line}\n`.repeat(1_000_000);

describe('a history that is judged again', () => {
  it('has the same verdict, but for the time of judging', async () => {
    const { code, stdout } = await judged(inLines(whole));
    expect(code).toBe(0);
    const { judgedAt } = JSON.parse(stdout) as Verdict;
    expect(stdout).toBe(source.read('run/verdict.json').replace(verdict.judgedAt, judgedAt));
  });

  it('is unknown when its end is torn, and it is said how much was dropped', async () => {
    const end = whole.findIndex((line) => line.includes('"kind":"end"'));
    const { code, stdout } = await judged(`${inLines(whole.slice(0, end))}${whole[end]?.slice(0, 20)}`);
    expect(code).toBe(3);
    const torn = JSON.parse(stdout) as Verdict;
    expect(torn.outcome).toBe('unknown');
    expect(torn.notes).toContain('the last line is torn: 20 bytes dropped');
  });

  it.each([0, 0.25, 0.5, 0.75])(
    'never passes, and never fails, when it ends after %f of a right run',
    async (part) => {
      const { code, stdout } = await judged(inLines(whole.slice(0, 1 + part * whole.length)));
      expect(code).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unknown' });
    },
  );
});

describe('a history that is none', () => {
  const header = () => whole[0] ?? '';
  it.each([
    ['is empty', () => '', 'it is empty', 'HISTORY_INVALID'],
    [
      'is of another version',
      () => header().replace('"outlast":1', '"outlast":2'),
      'it is of version 2',
      'HISTORY_VERSION',
    ],
    [
      'is a log of something else, a million lines long',
      () => aMillion('{"level":30,"msg":"ok"}'),
      'line 1: expected the header',
      'HISTORY_INVALID',
    ],
    [
      'goes on with a million lines of something else',
      () => `${header()}\n${aMillion('GET / 200')}`,
      'line 2: expected an event as JSON, got "GET / 200"',
      'HISTORY_INVALID',
    ],
    [
      'is one line without an end',
      () => 'x'.repeat(50_000_000),
      'line 1: expected a line of at most 1 MiB',
      'HISTORY_INVALID',
    ],
    [
      'is no text',
      () => Buffer.alloc(1_000_000, '\u0000\u00ff\n', 'latin1'),
      'line 1: expected the header',
      'HISTORY_INVALID',
    ],
    [
      'is damaged in the middle',
      () => inLines([...whole.slice(0, 50), (whole[50] ?? '').slice(0, -9), ...whole.slice(51)]),
      'line 51: expected an event as JSON',
      'HISTORY_INVALID',
    ],
  ])('because it %s exits with 2 and says at which line', async (_, text, said, error) => {
    const { code, stdout, stderr } = await judged(text());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr).toContain(`(${error};`);
    expect(stderr.length).toBeLessThan(1_000);
  });

  it('because it is not there exits with 2 and says where it was looked for', async () => {
    const place = workspace();
    const [named, latest, folder] = [
      await place.ran('judge', 'nothing'),
      await place.ran('judge'),
      await place.ran('report', '.'),
    ];
    expect([named.code, latest.code, folder.code]).toEqual([2, 2, 2]);
    expect(named.stderr).toContain(`at ${place.path('nothing')}; nothing is there`);
    expect(latest.stderr).toContain(`expected a run below ${place.path('outlast-runs')}; there is none`);
    expect(folder.stderr).toContain('there is none in that folder');
  });
});

describe('a history in another wrapping', () => {
  it('has the same verdict as gzip, and in two files', async () => {
    const place = workspace();
    const sessionOf = (line: string) => (JSON.parse(line) as { session?: string }).session ?? '';
    const [header = '', ...events] = whole;
    const ofFirst = (line: string) => Number(sessionOf(line)) % 2 === 0;
    const end = events.find((line) => line.includes('"kind":"end"')) ?? '';
    place.write('one.ndjson', inLines([header, ...events.filter(ofFirst)]));
    place.write(
      'two.ndjson.gz',
      gzipSync(inLines([header, ...events.filter((line) => !ofFirst(line)), end])),
    );
    place.write('all.ndjson.gz', gzipSync(inLines(whole)));
    for (const files of [['one.ndjson', 'two.ndjson.gz'], ['all.ndjson.gz']]) {
      const { code, stdout, stderr } = await place.ran('judge', ...files, '--json');
      expect(code, stderr).toBe(0);
      const { tests, figures } = JSON.parse(stdout) as Verdict;
      expect({ tests, figures }).toEqual({ tests: verdict.tests, figures: verdict.figures });
    }
  });

  it('never reaches the terminal raw', async () => {
    const nasty = '\u001b[2J\u001b]0;owned\u0007\u202e\u009b31m';
    const note = JSON.stringify({ t: 1, kind: 'note', text: nasty });
    const place = workspace();
    place.write('history.ndjson', inLines([...whole.slice(0, 1), note, ...whole.slice(1)]));
    for (const flags of [[], ['--json'], ['--reporter', 'junit']]) {
      const { stdout, stderr } = await place.ran('judge', 'history.ndjson', ...flags);
      expect(stdout.length).toBeGreaterThan(100);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

describe('a history of a later Outlast', () => {
  it('is judged without the events that nobody here knows, a million of them, and says so', async () => {
    const text = inLines([
      ...whole.slice(0, -1),
      ...Array<string>(1_000_000).fill('{"t":1,"kind":"weather"}'),
      ...whole.slice(-1),
    ]);
    const { code, stdout } = await judged(text);
    expect(code).toBe(0);
    const { notes } = JSON.parse(stdout) as Verdict;
    expect(notes).toContain(
      'events of kinds that this version does not know were passed over: 1000000 × weather',
    );
  });
});
