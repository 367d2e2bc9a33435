import { describe, expect, it } from 'vitest';
import { sketchOf } from '../../../src/history/sketch.js';
import { end, part, read, saying, serve, status, type Handler } from './scripted.js';

const steps = (seen: readonly { kind: string }[]) =>
  seen.flatMap((event) => ('step' in event ? [event.step] : [event.kind]));

describe('a reader of an answer', () => {
  it('tells each part, and the end with the digest of all that was read', async () => {
    const { origin } = await serve(saying([part(1, 'Grü'), part(2, 'ße 🎉'), end]));
    const { seen, saw } = read(origin);
    await saw('stream', 'end');
    expect(steps(seen)).toEqual(['connect', 'open', 'part', 'part', 'end']);
    expect(seen[3]).toEqual({
      ...{ kind: 'part', stream: 'a1', attempt: 1, index: 1, units: 4, position: '2' },
      sketch: sketchOf('ße 🎉').sketch,
    });
    expect(seen[4]).toMatchObject({ units: 7, digest: 'digest of Grüße 🎉' });
  });

  it('comes back by itself with the id of the last frame, as browsers do', async () => {
    const { origin, asked } = await serve(saying([part(1, 'a'), part(2, 'b')]), saying([part(3, 'c'), end]));
    const { seen, saw } = read(origin);
    await saw('stream', 'end');
    expect(steps(seen)).toEqual([
      'connect',
      'open',
      'part',
      'part',
      'lost',
      'connect',
      'open',
      'part',
      'end',
    ]);
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
    expect(seen[4]).toMatchObject({ attempt: 1, by: 'target' });
    expect(seen[5]).toMatchObject({ attempt: 2, cursor: '2' });
    expect(asked[0]?.headers.authorization).toBe('Bearer the-token');
  });

  it('tells a response that broke off in the middle from one that was ended', async () => {
    const cut: Handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(part(1, 'a'), () => response.destroy());
    };
    const { origin } = await serve(cut, saying([part(2, 'b'), end]));
    const { seen, saw } = read(origin);
    await saw('stream', 'end');
    expect(seen.find((one) => one.kind === 'stream' && one.step === 'lost')).toMatchObject({
      attempt: 1,
      by: 'network',
    });
  });

  it('lets a frame that is no part move that cursor, and says so', async () => {
    const ping = 'id: 9\nevent: ping\ndata: {}\n\n';
    const { origin, asked } = await serve(saying([part(1, 'a'), ping]), saying([end]));
    const { seen, saw } = read(origin);
    await saw('stream', 'end');
    expect(seen.filter(({ kind }) => kind === 'control')).toEqual([
      { kind: 'control', stream: 'a1', attempt: 1, position: '9' },
    ]);
    expect(asked[1]?.headers['last-event-id']).toBe('9');
  });

  it.each([
    [{ query: 'after' } as const, '2'],
    [{ query: 'after', counts: 'code-points' } as const, '5'],
    [{ query: 'after', counts: 'code-units' } as const, '6'],
    [{ query: 'after', counts: 'bytes' } as const, '9'],
  ])('says where it stopped in a parameter: %o', async (cursor, expected) => {
    const { origin, asked } = await serve(
      saying([part(1, 'Grü'), part(2, 'ß🎉')].slice(0, 2)),
      saying([end]),
    );
    const { saw } = read(origin, { cursor });
    await saw('stream', 'end');
    const sent = new URL(asked[1]?.url ?? '', origin).searchParams.get('after');
    expect(sent).toBe(expected === '9' ? String(Buffer.byteLength('Grüß🎉')) : expected);
    expect(asked[1]?.headers['last-event-id']).toBeUndefined();
  });

  it('may put its cursor into an address of its own', async () => {
    const { origin, asked } = await serve(saying([part(7, 'a')]), saying([end]));
    const stream = ({ id, cursor }: { id: string; cursor: string | null }) =>
      `${origin}/s/${id}/${cursor ?? 'all'}`;
    const { saw } = read(origin, { cursor: 'url', stream });
    await saw('stream', 'end');
    expect(asked.map(({ url }) => url)).toEqual(['/s/x/all', '/s/x/7']);
  });

  it('counts halves of characters', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const bytes = Buffer.from(`event: part\ndata: {"text":"ü"}\n\n${end}`);
      const at = bytes.indexOf(0xc3);
      response.end(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
    });
    const { seen, saw } = read(origin);
    await saw('stream', 'end');
    expect(seen[2]).toMatchObject({ kind: 'part', units: 1, broken: 1 });
  });

  it('asks for another token when the target refuses it, and says with which status it was not let in', async () => {
    const { origin } = await serve(status(401), status(503, { 'retry-after': '0' }), saying([end]));
    const { seen, rejected, saw } = read(origin);
    await saw('stream', 'end');
    expect(rejected).toEqual(['t1']);
    expect(seen.flatMap((event) => ('status' in event ? [event.status] : []))).toEqual([401, 503]);
  });

  it('tells why an answer failed, and does not come back', async () => {
    const { origin, asked } = await serve(saying(['event: error\ndata: {"message":"out of memory"}\n\n']));
    const { reader, seen, saw } = read(origin);
    await saw('stream', 'error');
    await reader.stop();
    expect(seen.at(-1)).toMatchObject({ step: 'error', reason: 'out of memory', units: 0 });
    expect(asked).toHaveLength(1);
  });

  it('stops when nobody waits any longer, with what it has, and tells nothing after that', async () => {
    const { origin } = await serve(saying([part(1, 'a')], { ends: false }));
    const { reader, seen, saw } = read(origin);
    await saw('part');
    await reader.giveUp('silence');
    expect(seen.at(-1)).toMatchObject({ step: 'give-up', reason: 'silence', units: 1 });
    expect(reader.isSettled).toBe(true);
  });

  it('can be stopped after an end that leaves its connection open', async () => {
    const { origin } = await serve(saying([part(1, 'a'), end], { ends: false }));
    const { reader, saw } = read(origin);
    await saw('stream', 'end');
    await reader.stop();
    expect(reader.isSettled).toBe(true);
  });

  it('stops, and says it of the config, when a function of the config fails', async () => {
    const { origin } = await serve(saying([part(1, 'a')]));
    const { broken, reader, saw } = read(origin, {
      frame: () => {
        throw new TypeError('no such field');
      },
    });
    await saw('stream', 'lost');
    await reader.stop();
    expect(broken[0]).toMatch(
      /^expected `frame` of answers\(\{ … \}\) to return .*; it threw no such field$/,
    );
  });
});
