import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judge, judgeFile, together } from '../../src/app/judge.js';
import { seeded } from '../../src/base/random.js';
import { encodeEvent, encodeHeader, type Event, type Header } from '../../src/history/index.js';
import type { Verdict } from '../../src/judge/index.js';
import { changing, find, having, judge as judged, resultOf, Story, type Told } from '../judge/story.js';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'together-'))));
afterEach(() => rm(folder, { recursive: true }));

const textOf = (header: Header, events: readonly Event[]) =>
  encodeHeader(header) + events.map(encodeEvent).join('');

async function file(name: string, content: string | Uint8Array) {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return place;
}

/** Whose clock, by its place among the files: how far its epoch is from the truth, and when it began, in ms. */
type Clock = (index: number) => { readonly wrongBy: number; readonly begunAt: number };
const sameClock: Clock = () => ({ wrongBy: 0, begunAt: 0 });

/** A story in several files. Each ends with an `end`; what is of no session is in the first. */
function parted(
  { header, events }: Told,
  keyOf: (event: Event) => string,
  clock: Clock = sameClock,
): string[] {
  const keys = [...new Set(events.map(keyOf))];
  const end = events.find((event) => event.kind === 'end');
  return keys.map((key, index) => {
    const { wrongBy, begunAt } = clock(index);
    const epoch = new Date(Date.parse(header.epoch) + begunAt + wrongBy).toISOString();
    const own = events.filter((event) => event.kind !== 'end' && keyOf(event) === key);
    const all = end ? [...own, end] : own;
    const onIts = all.map((event): Event => {
      const t = event.t - begunAt;
      return event.kind === 'send' ? { ...event, t, due: event.due - begunAt } : { ...event, t };
    });
    return textOf({ ...header, epoch, writer: `client-${index}/1` }, onIts);
  });
}

const bySession = (event: Event) => ('session' in event ? event.session : '');

async function verdictOn(parts: readonly (string | Uint8Array)[]): Promise<Verdict> {
  const files: string[] = [];
  for (const [index, part] of parts.entries()) files.push(await file(`${index}.ndjson`, part));
  return (await judge(files, {})).verdict;
}

/** All that a verdict says, but for when and by whom it was written. */
const said = ({ judgedAt: _, writer: __, ...rest }: Verdict) => rest;
/** Does nothing of it: a message is lost between two sessions of the story. */
function losing(story: Story): Told {
  const gone = find(story, 'receive', ({ t }) => t > story.at.ready + 100);
  return changing(story, (event) =>
    event.kind === 'receive' && event.message === gone.message && event.session === gone.session ? [] : event,
  );
}

describe('a run that was recorded in several files', () => {
  it('on one clock gives the same verdict as in one file, one file a session, plain or compressed', async () => {
    const story = new Story();
    const parts = parted(story, bySession);
    expect(parts).toHaveLength(story.header.plan.sessions.length + 1);
    expect(said(await verdictOn(parts))).toEqual(said(judged(story)));
    expect(said(await verdictOn(parts.map((part) => gzipSync(part))))).toEqual(said(judged(story)));
  });

  it('with whole rooms in each gives the same verdict too, and the same finding where something is lost', async () => {
    const story = new Story();
    const roomOf = new Map(story.header.plan.sessions.map(({ session, rooms }) => [session, rooms[0] ?? '']));
    const byRoom = (event: Event) =>
      'room' in event ? event.room : 'session' in event ? (roomOf.get(event.session) ?? '') : '';
    for (const told of [story, losing(story)]) {
      const parts = parted(told, byRoom);
      expect(parts.length).toBeGreaterThan(2);
      expect(said(await verdictOn(parts))).toEqual(said(judged(told)));
    }
    expect(resultOf(judged(losing(story)), 'messages-lost').outcome).toBe('fail');
  });

  it('on clocks that differ passes, where messages show how they stand to each other, and says how well', async () => {
    const clock: Clock = (index) => ({ wrongBy: (index * 97) % 400, begunAt: index * 10 });
    const verdict = await verdictOn(parted(new Story({ rooms: 1 }), bySession, clock));
    expect(having(verdict, 'fail')).toEqual([]);
    expect(verdict.notes.join('\n')).toMatch(
      /\d files on \d clocks, aligned by their epochs, corrected by up to/,
    );
  });

  it('on clocks that differ never fails when all is well, and never passes what is lost', async () => {
    const plots = fc.record({
      seed: fc.string(),
      rooms: fc.integer({ min: 1, max: 2 }),
      wrong: fc.array(fc.integer({ min: -450, max: 450 }), { minLength: 12, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(plots, async ({ seed, rooms, wrong }) => {
        const story = new Story({ rooms, random: seeded(seed) });
        const clock: Clock = (index) => ({ wrongBy: wrong[index] ?? 0, begunAt: index * 7 });
        expect(having(await verdictOn(parted(story, bySession, clock)), 'fail')).toEqual([]);
        const lost = resultOf(await verdictOn(parted(losing(story), bySession, clock)), 'messages-lost');
        expect(lost.outcome).not.toBe('pass');
      }),
      { numRuns: 8 },
    );
  });

  it('is found to have lost a message between two files whose clocks differ', async () => {
    const story = new Story({ rooms: 1 });
    const clock: Clock = (index) => ({ wrongBy: index === 0 ? 0 : 300 - index, begunAt: 0 });
    const verdict = await verdictOn(parted(losing(story), bySession, clock));
    expect(verdict.outcome).toBe('fail');
    expect(having(verdict, 'fail')).toEqual(['messages-lost']);
  });

  it('where no message passes between two clocks says that it depends on them', async () => {
    const { header, events } = new Story({ rooms: 1, downMs: 300 });
    const byKind = (event: Event) => ('session' in event ? 'sessions' : '');
    const verdict = await verdictOn(
      parted({ header, events }, byKind, (index) => ({ wrongBy: index * 200, begunAt: 0 })),
    );
    expect(having(verdict, 'fail')).toEqual([]);
    expect(verdict.outcome).toBe('unknown');
    expect(JSON.stringify(verdict.tests)).toContain(
      'It depends on how the clocks of the files stand to each other, which is known to within 2 s:',
    );
  });
});

/** A part that ends somewhere in its events. */
function tornAt(part: string, share: number): string {
  const header = part.indexOf('\n') + 1;
  return part.slice(0, header + share * (part.length - header));
}

describe('a run of which a file breaks off or is missing', () => {
  it('fails nothing that was right, wherever the file breaks off, and is unknown', async () => {
    const story = new Story({ rooms: 1 });
    const parts = parted(story, bySession);
    for (const [index, share] of [0.1, 0.5, 0.9, 0.99].entries()) {
      const broken = parts.map((part, at) => (at === index ? tornAt(part, share) : part));
      const verdict = await verdictOn(broken);
      expect(having(verdict, 'fail')).toEqual([]);
      expect(verdict.outcome).toBe('unknown');
      expect(verdict.notes).toContain(`${index}.ndjson breaks off without an end: nothing later is judged`);
    }
  });

  it('fails nothing that was right without any one file, and passes without none that the plan names', async () => {
    const story = new Story({ rooms: 1 });
    const parts = parted(story, bySession);
    for (const [index, { session, role }] of story.header.plan.sessions.entries()) {
      const without = parts.filter((part) => !part.includes(`writer":"client-${index + 1}/1`));
      expect(without).toHaveLength(parts.length - 1);
      const verdict = await verdictOn(without);
      expect(having(verdict, 'fail')).toEqual([]);
      if (role === 'newcomer' || role === 'auditor') continue;
      const reason = `no file tells anything of session ${session}, which the plan names: is a file missing?`;
      expect(verdict).toMatchObject({ outcome: 'unknown', reason });
    }
  });
});

describe('files that do not belong together', () => {
  const refused = (...parts: string[]) => verdictOn(parts).catch((error: unknown) => error);
  const parts = (change: (header: Header) => Header) => {
    const { header, events } = new Story();
    return [textOf(header, events), textOf(change(header), [])] as const;
  };

  it('are refused where run, contract or plan differ, and it is said where', async () => {
    const cases: [(header: Header) => Header, string][] = [
      [(header) => ({ ...header, run: 'efgh5678' }), 'run is "abcd1234" in '],
      [
        ({ contract, ...header }) => ({ ...header, contract: { ...contract, order: 'none' } }),
        'contract.order is "sender" in ',
      ],
      [
        ({ plan, ...header }) => ({ ...header, plan: { ...plan, sessions: plan.sessions.slice(1) } }),
        'plan.sessions[0].session is "1" in ',
      ],
    ];
    for (const [change, message] of cases) {
      expect(await refused(...parts(change))).toMatchObject({
        code: 'HISTORY_PARTS',
        message: expect.stringContaining(message) as string,
      });
    }
  });

  it('are refused where an epoch is no time, or a clock is wrong by more than a second', async () => {
    expect(await refused(...parts((header) => ({ ...header, epoch: 'yester\u001bday' })))).toMatchObject({
      code: 'HISTORY_PARTS',
      message: expect.stringContaining('got "yester\\x1bday"') as string,
    });
    const wrong = parted(new Story({ rooms: 1 }), bySession, (index) => ({
      wrongBy: index === 2 ? 3_600_000 : 0,
      begunAt: 0,
    }));
    expect(await refused(...wrong)).toMatchObject({
      code: 'HISTORY_PARTS',
      message: expect.stringMatching(
        /message abcd1234.\d.\d+ is received in .* before it is sent in .*2.ndjson/,
      ) as string,
    });
  });

  it('are refused where one is a copy of another', async () => {
    const { header, events } = new Story();
    const text = textOf(header, events);
    expect(await refused(text, text)).toMatchObject({
      code: 'HISTORY_PARTS',
      message: expect.stringContaining('Is one a copy of the other?') as string,
    });
  });

  it('but the same file named twice is one', async () => {
    const { header, events } = new Story();
    const place = await file('history.ndjson', textOf(header, events));
    const { verdict } = await judge([place, folder, place], {});
    expect(said(verdict)).toEqual(said(await judgeFile(place)));
    expect(JSON.parse(await readFile(path.join(folder, 'verdict.json'), 'utf8'))).toEqual(verdict);
  });
});

describe('several files that are named', () => {
  it('are parts of one history where their run is the same; what cannot be read stands alone', async () => {
    const { header } = new Story();
    const one = await file('one.ndjson', encodeHeader(header));
    const other = await file('other.ndjson', encodeHeader({ ...header, run: 'efgh5678' }));
    const more = await file('more.ndjson.gz', gzipSync(encodeHeader(header)));
    expect(await together([one, 'nothing', other, more])).toEqual([[one, more], ['nothing'], [other]]);
  });
});
