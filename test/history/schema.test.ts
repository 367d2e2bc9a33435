import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent, historySchema, inspectEvent } from '../../src/history/index.js';
import { ack, anyEvent, definitions, end, header } from './samples.js';

const published: unknown = JSON.parse(
  await readFile(new URL('../../schema/history.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ allErrors: true }).compile(historySchema());

describe('the schema of a history', () => {
  it('is published as the code has it (npx tsx scripts/make-schema.ts writes it)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(historySchema())));
  });

  it('describes every kind of event in words', () => {
    const kinds = Object.entries(definitions).filter(([name]) => name !== 'header' && name !== 'event');
    expect(kinds.length).toBeGreaterThan(30);
    for (const [, kind] of kinds) expect(kind).toHaveProperty('description');
  });

  it('allows a header and events', () => {
    for (const line of [header, ack, end]) expect(validate(line), JSON.stringify(validate.errors)).toBe(true);
  });

  it('allows only what the reader accepts', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const line: unknown = JSON.parse(encodeEvent(event));
        expect(validate(line)).toBe(true);
        expect(inspectEvent(line)).toEqual({ event: line });
      }),
    );
  });

  it('and the reader refuse the same when one field of an event is spoilt', () => {
    const spoilt = fc.constantFrom<unknown>(null, -1, 1.5, 'x', '', true, [], {}, [7], Number.MAX_VALUE);
    fc.assert(
      fc.property(anyEvent, fc.nat(), spoilt, (event, which, value) => {
        const fields = Object.keys(event).filter((field) => field !== 'kind');
        const line = { ...event, [fields[which % fields.length] ?? 't']: value };
        expect(validate(line)).toBe('event' in inspectEvent(line));
      }),
      { numRuns: 2_000 },
    );
  });

  it('and the reader refuse the same when one field of an event is missing', () => {
    fc.assert(
      fc.property(anyEvent, fc.nat(), (event, which) => {
        const fields = Object.entries(event);
        const line = Object.fromEntries(fields.filter((_, index) => index !== which % fields.length));
        expect(validate(line)).toBe('event' in inspectEvent(line));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds misspelt fields, over which a reader passes', () => {
    expect(validate({ ...ack, postion: '7' })).toBe(false);
    expect(validate({ ...header, plan: { ...header.plan, quietms: 1 } })).toBe(false);
    expect(validate({ ...header, outlast: 2 })).toBe(false);
  });
});
