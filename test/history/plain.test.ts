import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent, type Event } from '../../src/history/index.js';
import { kindShapes } from '../../src/history/inspect.js';
import { isPlain } from '../../src/history/plain.js';
import { ack, anyEvent, end } from './samples.js';

const frequent: readonly string[] = ['send', 'written', 'ack', 'receive', 'stored'];

describe('the quick look at an event', () => {
  it('takes frequent events whose message is known, with and without what is optional', () => {
    const lines = fc.sample(anyEvent, 3_000).filter(({ kind }) => frequent.includes(kind));
    const whole = lines.filter((event) => isQuick(event));
    expect(new Set(whole.map(({ kind }) => kind))).toEqual(new Set(frequent));
    for (const event of whole) expect(isPlain(lineOf(event)), encodeEvent(event)).toBe(true);
  });

  it('leaves all others to the table of fields', () => {
    expect(isPlain(ack)).toBe(true);
    expect(isPlain(end)).toBe(false);
    expect(isPlain(lineWith({ damaged: true }))).toBe(false);
    expect(isPlain(lineWith({ position: undefined, extra: 'field' }))).toBe(false);
  });

  it('takes no entry of a read that has no name, or no place', () => {
    const entry = { t: 1, session: '1', kind: 'stored', read: 'r', index: 0, message: 'm', digest: 'd' };
    expect(isPlain(entry)).toBe(true);
    expect(isPlain({ ...entry, read: 7 })).toBe(false);
    expect(isPlain({ ...entry, index: -1 })).toBe(false);
  });

  it('takes nothing that the table refuses or that has a field which the table does not know', () => {
    const values = fc.constantFrom<unknown>(
      null,
      -1,
      0,
      1,
      1.5,
      'x',
      true,
      [],
      {},
      Number.MAX_VALUE,
      Infinity,
    );
    const fields = fc.constantFrom('damaged', 'purpose', 'reason', 'room', 'read', 'conn', 'from', 'new');
    fc.assert(
      fc.property(anyEvent, fc.nat(), fields, fc.boolean(), values, (event, which, other, adds, value) => {
        const known = Object.keys(event);
        const field = adds ? other : (known[which % known.length] ?? 't');
        const line = { ...event, [field]: value };
        if (isPlain(line)) expect(isWhole(line), JSON.stringify(line)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

const lineWith = (more: object): object => ({ ...ack, ...more });
const lineOf = (event: Event): object => JSON.parse(encodeEvent(event)) as object;

/** Damaged texts, texts without an identity and messages with a purpose are rare. */
const isQuick = (event: Event) =>
  !('damaged' in event) && !('purpose' in event) && !('message' in event && event.message === null);

/** By the table alone: every field fits, and there is no other. */
function isWhole(line: Readonly<Record<string, unknown>>): boolean {
  const shape = kindShapes.get(String(line['kind']));
  if (!shape) return false;
  const names = new Set(shape.fields.map(([name]) => name));
  return (
    Object.keys(line).every((name) => names.has(name)) &&
    shape.fields.every(
      ([name, field]) =>
        (line[name] === undefined && field.optional) || field.fault(line[name], name) === null,
    )
  );
}
