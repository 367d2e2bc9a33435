import { describe, expect, it } from 'vitest';
import { pages, type PagesOptions, type Stored } from '../../../src/observe/records/index.js';
import { type Answering, serve, Status } from './server.js';

const calm = { signal: new AbortController().signal };

async function readAll(answer: Answering, more: Partial<PagesOptions> = {}) {
  const { origin, asked } = await serve(answer);
  const url = (room: string, after: string | null) =>
    `${origin}/threads/${room}/messages?after=${after ?? ''}`;
  const reader = pages({ url, ...more }, { resolve: (text) => text });
  const stored: Stored[] = [];
  const reading = (async () => {
    for await (const one of reader.read('r1', 'the-token', calm)) stored.push(one);
  })();
  return { reading, stored, asked, reader };
}

const message = (number: number) => ({
  ...{ id: `m${number}`, thread_id: 'r1', message: `text ${number}`, from: 'u1', number, sent_at: 'x' },
});

describe('a log that is read page by page', () => {
  it("is the mission's own unless told, from the beginning to the end", async () => {
    const { reading, stored, asked, reader } = await readAll(({ query }) => {
      const after = Number(query.get('after'));
      const messages = [1, 2, 3, 4, 5]
        .filter((number) => number > after)
        .slice(0, 2)
        .map(message);
      return { messages, next: messages.length === 2 ? (messages[1]?.number ?? null) : null };
    });
    await reading;
    expect(stored).toEqual(
      [1, 2, 3, 4, 5].map((number) => ({
        id: `m${number}`,
        text: `text ${number}`,
        from: 'u1',
        position: `${number}`,
      })),
    );
    expect(asked.map(({ query }) => query.get('after'))).toEqual(['', '2', '4']);
    expect(asked[0]?.headers['authorization']).toBe('Bearer the-token');
    expect(reader.lacks).toEqual({});
  });

  it('may be read with functions of the config, which lack what they do not tell', async () => {
    const { reading, stored, reader } = await readAll(
      ({ query }) =>
        query.get('after') === '' ? { rows: [{ body: 'a' }], more: 'p2' } : { rows: [{ body: 'b' }] },
      {
        items: (body) => (body as { rows: unknown[] }).rows,
        next: (body) => (body as { more?: string }).more ?? null,
        text: (item) => (item as { body: string }).body,
      },
    );
    await reading;
    expect(stored).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(Object.keys(reader.lacks)).toEqual(['positions']);
  });

  it('that comes back to a page is told, rather than read for ever', async () => {
    const { reading, stored } = await readAll(() => ({ messages: [message(1)], next: 1 }));
    await expect(reading).rejects.toMatchObject({
      code: 'ANSWER_INVALID',
      message: expect.stringContaining('to come to an end'),
    });
    expect(stored).toHaveLength(2);
  });

  it('that always has another page is told too', async () => {
    let next = 0;
    const { reading, asked } = await readAll(() => ({ messages: [], next: ++next }));
    await expect(reading).rejects.toThrow(/to come to an end/);
    expect(asked).toHaveLength(10_001);
  });

  it.each<[string, unknown, RegExp]>([
    ['no list', { messages: 'none' }, /function `items` .* there is no field `messages`/],
    ['no text', { messages: [{ id: 'x' }], next: null }, /function `text` .* there is no field `message`/],
    ['no JSON', 'garbage', /expected JSON/],
    ['a refusal', new Status(403), /status 403/],
    ['an error', new Status(500), /status 500/],
  ])('that answers with %s is told', async (_what, answer, message) => {
    const { reading } = await readAll(() => answer);
    await expect(reading).rejects.toThrow(message);
  });

  it('is told when functions give something else than they should', async () => {
    const text = (item: unknown) => (item as { body: string }).body;
    const items = (body: unknown) => body as unknown[];
    await expect((await readAll(() => ({ a: 1 }), { items, text })).reading).rejects.toThrow(
      /expected a list/,
    );
    await expect((await readAll(() => [{ body: 5 }], { items, text })).reading).rejects.toThrow(
      /expected a text/,
    );
  });

  it('is not read further by a reader who stops', async () => {
    const { origin, asked } = await serve(({ query }) => ({
      messages: [message(Number(query.get('after')) + 1)],
      next: Number(query.get('after')) + 1,
    }));
    const reader = pages(
      { url: (_room, after) => `${origin}/?after=${after ?? '0'}` },
      { resolve: (text) => text },
    );
    for await (const stored of reader.read('r1', 'the-token', calm)) if (stored.position === '3') break;
    expect(asked).toHaveLength(3);
  });
});
