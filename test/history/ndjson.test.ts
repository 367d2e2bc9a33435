import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/index.js';
import {
  encodeEvent,
  encodeHeader,
  HistoryDecoder,
  maxLineBytes,
  readHistory,
} from '../../src/history/index.js';
import { ack, anyEvent, chunksOf, end, header } from './samples.js';

async function readAll(...chunks: (string | Uint8Array)[]) {
  const history = await readHistory(chunksOf(...chunks), 'h.ndjson');
  const events: Event[] = [];
  for await (const batch of history.batches) events.push(...batch);
  return { header: history.header, events, notes: history.notes() };
}

const lines = (...events: Event[]) => encodeHeader(header) + events.map(encodeEvent).join('');

describe('reading a history', () => {
  it('gives back the header and the events that were written', async () => {
    expect(await readAll(lines(ack, end))).toEqual({ header, events: [ack, end], notes: [] });
  });

  it('gives back any event of any kind, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 20 }),
        fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 50 }),
        async (events, sizes) => {
          const bytes = new TextEncoder().encode(lines(...events));
          const pieces: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = (sizes[turn % sizes.length] ?? 0) + 1;
            pieces.push(bytes.subarray(at, at + size));
            at += size;
          }
          const read = await readAll(...pieces);
          expect(read).toEqual({ header, events, notes: [] });
        },
      ),
    );
  });

  it('keeps its own copy of an unfinished line when the memory of a chunk is used again', () => {
    const decoder = new HistoryDecoder();
    const bytes = new TextEncoder().encode(lines(ack));
    const buffer = new Uint8Array(7);
    const events: Event[] = [];
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const size = Math.min(buffer.length, bytes.length - at);
      buffer.set(bytes.subarray(at, at + size));
      events.push(...decoder.push(buffer.subarray(0, size)));
      buffer.fill(0);
    }
    expect(events).toEqual([ack]);
  });

  it('tells the header before the events are read, and lets go of the file when broken off', async () => {
    let closed = false;
    async function* endless() {
      try {
        yield encodeHeader(header);
        for (;;) yield await Promise.resolve(encodeEvent(ack));
      } finally {
        closed = true;
      }
    }
    const history = await readHistory(endless());
    expect(history.header.run).toBe('abcd1234');
    let seen = 0;
    for await (const batch of history.batches) {
      seen += batch.length;
      if (seen > 10) break;
    }
    expect(closed).toBe(true);
  });

  it('accepts a byte order mark, CRLF, empty lines and a last line without a newline', async () => {
    const text = `\ufeff${lines(ack)}\n\n${encodeEvent(end).trimEnd()}`.replaceAll('\n', '\r\n');
    expect(await readAll(text)).toEqual({ header, events: [ack, end], notes: [] });
  });

  it('drops a torn last line and says so, wherever it is torn', async () => {
    const note = encodeEvent({ t: 1, kind: 'note', text: 'naïve ☂' });
    const bytes = new TextEncoder().encode(note.trimEnd());
    for (let size = 1; size < bytes.length; size++) {
      const read = await readAll(lines(ack), bytes.subarray(0, size));
      expect(read.events).toEqual([ack]);
      expect(read.notes).toEqual([`the last line is torn: ${size} bytes dropped`]);
    }
  });

  it('passes over kinds of events and fields that it does not know, and counts the kinds', async () => {
    const newer =
      '{"t":1,"kind":"constructor"}\n{"t":1,"kind":"hologram","x":1}\n{"t":1,"kind":"hologram"}\n';
    const more = encodeEvent(ack).replace('{', '{"colour":{"deep":[[[]]]},"__proto__":{"x":1},');
    const read = await readAll(lines(), newer, more);
    expect(read.events).toEqual([ack]);
    expect(Object.keys(read.events[0] ?? {})).toEqual(Object.keys(ack).sort(byFieldOrder));
    expect(read.notes).toEqual([
      'events of kinds that this version does not know were passed over: 1 × constructor, 2 × hologram',
    ]);
  });

  it('hands on the events of each piece as it comes, and no empty batches of pieces without any', async () => {
    const pieces = [
      encodeHeader(header),
      '\n',
      encodeEvent(ack),
      '{"t":',
      '1,"kind":"x"}\n',
      encodeEvent(end),
    ];
    const { batches } = await readHistory(chunksOf(...pieces));
    const read: (readonly Event[])[] = [];
    for await (const batch of batches) read.push(batch);
    expect(read).toEqual([[], [ack], [end], []]);
  });

  it('tells at most ten unknown kinds apart', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => `{"kind":"k${n}"}\n`).join('');
    const { notes } = await readAll(lines(), many);
    expect(notes[0]).toContain('1 × k9, 990 × others');
  });
});

// Fields come back in the order of the table where unknown ones were left out.
const order = ['t', 'kind', 'session', 'conn', 'message', 'id', 'position'];
const byFieldOrder = (a: string, b: string) => order.indexOf(a) - order.indexOf(b);

describe('what is not a history', () => {
  const reasonFor = async (...chunks: (string | Uint8Array)[]) => {
    try {
      await readAll(...chunks);
    } catch (error) {
      return error;
    }
    throw new Error('it was accepted');
  };
  const invalid = (message: string) => expect.objectContaining({ code: 'HISTORY_INVALID', message });

  it('is refused when it is empty', async () => {
    const empty = invalid(
      'expected h.ndjson to hold a header line and then an event a line, and it is empty',
    );
    expect(await reasonFor()).toEqual(empty);
    expect(await reasonFor('\n\r\n')).toEqual(empty);
  });

  it('is refused at its first line, before the rest is read', async () => {
    let asked = 0;
    async function* million() {
      for (; asked < 1_000; asked++) yield await Promise.resolve('GET /index.html 200\n'.repeat(1_000));
    }
    await expect(readHistory(million(), 'access.log')).rejects.toEqual(
      invalid(
        'access.log, line 1: expected the header of a history ({"outlast":1,…}), got "GET /index.html 200"',
      ),
    );
    expect(asked).toBe(0);
  });

  it('is refused when the only line is torn', async () => {
    expect(await reasonFor(encodeHeader(header).slice(0, 40))).toEqual(
      invalid(
        `h.ndjson, line 1: expected the header of a history ({"outlast":1,…}), got "${encodeHeader(header).slice(0, 40)}"`,
      ),
    );
  });

  it('is refused when it is of another version, which is named', async () => {
    const other = encodeHeader(header).replace('"outlast":1', '"outlast":2');
    expect(await reasonFor(other)).toMatchObject({
      code: 'HISTORY_VERSION',
      message: expect.stringContaining('version 1, and it is of version 2') as string,
    });
  });

  it('is refused when the header lacks something, which is named', async () => {
    const { totalMs: _, ...budgets } = header.contract.budgets;
    const lacking = JSON.stringify({ ...header, contract: { ...header.contract, budgets } });
    expect(await reasonFor(`${lacking}\n`)).toEqual(
      invalid(
        'h.ndjson, line 1: expected contract.budgets.totalMs of header to be a number from 0 (milliseconds), got nothing',
      ),
    );
    const misplanned = encodeHeader(header).replace('"role":"chatter"', '"role":"spy"');
    expect(await reasonFor(misplanned)).toMatchObject({
      message: expect.stringContaining('plan.sessions[0].role of header to be one of chatter') as string,
    });
  });

  it('is refused where an event does not fit, with its line, its kind and its field', async () => {
    const cases: [string, string][] = [
      ['{"t":1', 'expected an event as JSON, got "{"t":1"'],
      ['[1]', 'expected an event, which is an object, got a list'],
      ['null', 'expected an event, which is an object, got null'],
      ['{"t":1}', 'expected kind of the line to be a text, got nothing'],
      ['{"t":"1","kind":"note","text":""}', 'expected t of note to be a finite number, got "1"'],
      ['{"t":1e999,"kind":"note","text":""}', 'expected t of note to be a finite number, got Infinity'],
      ['{"t":1,"kind":"cut"}', 'expected session of cut to be a text, got nothing'],
      [
        '{"t":1,"kind":"cut","session":"1","conn":0}',
        'expected conn of cut to be a whole number from 1, got 0',
      ],
      [
        '{"t":1,"kind":"record","session":"1","name":"n","of":"user","at":"before","reading":1,"digest":7}',
        'expected digest of record to be a text, or null, got 7',
      ],
    ];
    for (const [line, message] of cases) {
      const text = `${lines(ack)}${line}\n${encodeEvent(end)}`;
      expect(await reasonFor(text)).toEqual(invalid(`h.ndjson, line 3: ${message}`));
    }
  });

  it('is refused when a line is over 1 MiB, however it arrives, and no sooner', async () => {
    const noteOf = (bytes: number) => {
      const frame = encodeEvent({ t: 0, kind: 'note', text: '' }).length - 1;
      return encodeEvent({ t: 0, kind: 'note', text: 'x'.repeat(bytes - frame) });
    };
    const pieces = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    for (const size of [1_000, 65_536, 5_000_000]) {
      const fits = await readAll(...pieces(lines() + noteOf(maxLineBytes) + encodeEvent(end), size));
      expect(fits.events).toHaveLength(2);
      expect(await reasonFor(...pieces(lines() + noteOf(maxLineBytes + 1), size))).toEqual(
        invalid('h.ndjson, line 2: expected a line of at most 1 MiB, got a longer one'),
      );
    }
  });
});

describe('a hostile history', () => {
  const reading = (line: string) => readAll(lines(), `${line}\n`);

  it('cannot exhaust the stack by nesting, not even when its events are written again', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const read = await reading(`{"t":1,"kind":"note","text":"x","extra":${deep}}`);
    expect(JSON.stringify(read.events)).toBe('[{"t":1,"kind":"note","text":"x"}]');
    await expect(reading(`{"t":${deep},"kind":"note","text":"x"}`)).rejects.toThrow('got a list');
    await expect(readAll(`{"outlast":${deep}}\n`)).rejects.toThrow('outlast of header to be 1, got a list');
  });

  it('cannot deceive the terminal on which its errors are shown', async () => {
    const nasty = '\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u009b31m';
    for (const line of [
      nasty,
      JSON.stringify({ t: nasty, kind: 'note' }),
      JSON.stringify({ kind: 7, t: nasty }),
    ]) {
      const error = await reading(line).catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/line 2: expected/);
      expect(String(error)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
    const unknown = await reading(JSON.stringify({ t: 1, kind: nasty }));
    expect(unknown.notes.join()).toContain('\\x1b[2J');
  });

  it('cannot make an error long', async () => {
    const error = await reading(`{"t":1,"kind":"note","text":${'9'.repeat(500_000)}}`).catch(String);
    expect(String(error).length).toBeLessThan(200);
    const other = await reading('x'.repeat(500_000)).catch(String);
    expect(String(other).length).toBeLessThan(200);
  });

  it('cannot pass a number off that is none', async () => {
    const end = '"kind":"record","session":"1","name":"n","of":"user","at":"after","digest":null';
    for (const reading of ['9007199254740993', '1.5', '-1', '1e400', '"1"']) {
      await expect(readAll(lines(), `{"t":1,${end},"reading":${reading}}\n`)).rejects.toThrow(
        'expected reading of record to be a whole number from 1',
      );
    }
  });
});
