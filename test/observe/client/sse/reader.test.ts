import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from '../../../../src/observe/client/sse/reader.js';

/** What is read from these chunks, one line for each thing that is told. */
function read(chunks: readonly (string | Uint8Array)[], longest = 1_000): string[] {
  const told: string[] = [];
  const reader = new EventReader(longest, {
    event: ({ event, id, data }) => void told.push(`${event} ${id ?? '-'} ${data}`),
    cursor: (id) => void told.push(`cursor ${id}`),
    retry: (ms) => void told.push(`retry ${ms}`),
    strange: (line) => void told.push(`strange ${line}`),
    tooLong: () => void told.push('too long'),
  });
  for (const chunk of chunks) reader.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return told;
}

describe('a reader of an event stream', () => {
  it('tells events with their names, ids and data', () => {
    expect(read(['event: chat\nid: 7\ndata: {"a":1}\n\ndata: plain\n\n'])).toEqual([
      'cursor 7',
      'chat 7 {"a":1}',
      'message - plain',
    ]);
  });

  it('joins the lines of one event, and takes one blank after the colon away', () => {
    expect(read(['data:a\ndata:  b\ndata\n\n'])).toEqual(['message - a\n b\n']);
  });

  it.each(['\n', '\r\n', '\r'])('ends lines with %j', (end) => {
    expect(read([`id: 1${end}data: x${end}${end}data: y${end}${end}`])).toEqual([
      'cursor 1',
      'message 1 x',
      'message - y',
    ]);
  });

  it('tells an event that ends in returns at once, not when more comes', () => {
    expect(read(['data: x\r\r'])).toEqual(['message - x']);
    expect(read(['data: x\r\n\r', '\ndata: y\r\n\r\n'])).toEqual(['message - x', 'message - y']);
  });

  it('does not tell what was not ended', () => {
    expect(read(['id: 3\ndata: x\n'])).toEqual([]);
  });

  it('moves the cursor at a block that has an id and no data, as browsers do', () => {
    expect(read(['id: 9\n\n', ': still here\n\n', 'event: ping\nid: 10\n\n'])).toEqual([
      'cursor 9',
      'cursor 10',
    ]);
  });

  it('takes an empty id for the end of the cursor, and ignores one with a zero in it', () => {
    expect(read(['id\ndata: x\n\n', 'id: a\0b\ndata: y\n\n'])).toEqual([
      'cursor ',
      'message  x',
      'message - y',
    ]);
  });

  it('says how long to wait, where that is a number', () => {
    expect(read(['retry: 250\n\nretry: soon\n\n'])).toEqual(['retry 250', 'strange retry: soon']);
  });

  it('ignores comments, says of other fields that they are strange, and skips a mark of the byte order', () => {
    expect(read(['\ufeff: hello\ndata: x\nfoo: bar\n\n'])).toEqual(['strange foo: bar', 'message - x']);
  });

  it('is not troubled by bytes that are no text', () => {
    expect(read([new Uint8Array([0xff, 0x0a]), 'data: x\n\n'])).toEqual(['strange \ufffd', 'message - x']);
  });

  it('says once that an event is too long, whether in one line, in many, or without an end', () => {
    expect(read([`data: ${'x'.repeat(50)}\n\n`], 20)).toEqual(['too long']);
    expect(read(['data: 12345\n'.repeat(5), '\ndata: y\n\n'], 40)).toEqual(['too long']);
    expect(read([...Array.from({ length: 9 }, () => 'xxxxxxxxxx'), '\n\n', 'data: y\n\n'], 20)).toEqual([
      'too long',
    ]);
    expect(
      read(
        Array.from({ length: 9 }, () => 'data: 12345\n\n'),
        20,
      ),
    ).toHaveLength(9);
  });

  it('tells the same, however the bytes are cut', () => {
    const stream = Buffer.from(
      'retry: 10\r\n\r\nid: é1\r\ndata: 👩‍👩‍👧 naïve\r\rdata: 你好\ndata: b\n\nid: 2\n\n:\r\nevent: x\rdata: 🇳🇴\r\n\r\n',
    );
    const whole = read([stream]);
    expect(whole).toHaveLength(6);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 40 }), (places) => {
        const cuts = [0, ...places, stream.length].sort((one, other) => one - other);
        const chunks = cuts.slice(1).map((to, index) => stream.subarray(cuts[index], to));
        expect(read(chunks)).toEqual(whole);
      }),
    );
  });
});
