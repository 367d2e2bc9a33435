import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged, type Event } from '../../src/history/index.js';

const note = (t: number, text = ''): Event => ({ t, kind: 'note', text });

async function* batchesOf(...batches: Event[][]) {
  for (const batch of batches) yield await Promise.resolve(batch);
}

async function all(...sources: Parameters<typeof merged>[0]) {
  const events: Event[] = [];
  for await (const batch of merged(sources)) events.push(...batch);
  return events;
}

describe('several histories as one', () => {
  it('come by time, each on its own clock', async () => {
    const send: Event = { t: 1, kind: 'send', session: '1', due: 0, room: 'r', message: 'm', digest: 'd' };
    const events = await all(
      { batches: batchesOf([note(1)], [], [note(12)]), offsetMs: 0 },
      { batches: batchesOf([send, note(3)]), offsetMs: 10 },
    );
    expect(events).toEqual([note(1), { ...send, t: 11, due: 10 }, note(12), note(13)]);
  });

  it('keep all events, each in the order of its file, sorted or not', async () => {
    const files = fc.array(fc.array(fc.array(fc.integer({ min: -50, max: 50 }))), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const named = given.map((file, index) =>
          file.map((batch, turn) => batch.map((t, at) => note(t, `${index} ${turn} ${at}`))),
        );
        const events = await all(...named.map((file) => ({ batches: batchesOf(...file), offsetMs: 0 })));
        expect(events).toHaveLength(named.flat(2).length);
        named.forEach((file, index) => {
          const own = events.filter((event) => event.kind === 'note' && event.text.startsWith(`${index} `));
          expect(own).toEqual(file.flat());
        });
      }),
    );
  });

  it('are handed on some thousand events at a time, and none without any but the last', async () => {
    const long = Array.from({ length: 1_500 }, (_, t) => note(t));
    const lengths: number[] = [];
    const sources = [
      { batches: batchesOf(long), offsetMs: 0 },
      { batches: batchesOf([], [note(10_000)], []), offsetMs: 0 },
    ];
    for await (const batch of merged(sources)) lengths.push(batch.length);
    expect(lengths).toEqual([1_024, 477]);
  });

  it('are of any number', async () => {
    expect(await all()).toEqual([]);
    expect(await all({ batches: batchesOf([], []), offsetMs: 5 })).toEqual([]);
    expect(await all({ batches: batchesOf([note(2)]), offsetMs: -5 })).toEqual([note(-3)]);
  });

  it('are not copied where their clock is the one that counts', async () => {
    const [one, other] = [note(1), note(2)];
    const [first, second] = await all(
      { batches: batchesOf([one]), offsetMs: 0 },
      { batches: batchesOf([other]), offsetMs: 1 },
    );
    expect(first).toBe(one);
    expect(second).toEqual(note(3));
    expect(other).toEqual(note(2));
  });

  it('come in turns, the earlier first, however long each of them is', async () => {
    const long = (from: number) => Array.from({ length: 700 }, (_, at) => note(from + at * 2));
    const lengths: number[] = [];
    const times: number[] = [];
    for await (const batch of merged([
      { batches: batchesOf(long(0)), offsetMs: 0 },
      { batches: batchesOf(long(1)), offsetMs: 0 },
    ])) {
      lengths.push(batch.length);
      times.push(...batch.map(({ t }) => t));
    }
    expect(lengths).toEqual([1_024, 376]);
    expect(times).toEqual(Array.from({ length: 1_400 }, (_, t) => t));
  });

  it('are read where nothing can be let go of', async () => {
    const batches = [[note(1)]];
    const bare: AsyncIterable<readonly Event[]> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const value = batches.shift();
          return Promise.resolve(value ? { done: false, value } : { done: true, value: undefined });
        },
      }),
    };
    expect(await all({ batches: bare, offsetMs: 0 })).toEqual([note(1)]);
  });

  it('are let go of when broken off', async () => {
    let open = 2;
    async function* endless() {
      try {
        for (let t = 0; ; t++) yield await Promise.resolve([note(t)]);
      } finally {
        open -= 1;
      }
    }
    for await (const _ of merged([
      { batches: endless(), offsetMs: 0 },
      { batches: endless(), offsetMs: 0 },
    ]))
      break;
    expect(open).toBe(0);
  });
});
