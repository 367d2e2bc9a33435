import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent, type Event, type EventOf } from '../../src/history/index.js';
import { SharedTexts } from '../../src/history/sharing.js';
import { ack, anyEvent } from './samples.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapBytes = () => {
  collect();
  return getHeapStatistics().used_heap_size;
};

const textBytes = 64 * 1024;
/** Texts as a parser makes them: each time another one, though it says the same. */
const fresh = (end: string): string => JSON.parse(`"${'x'.repeat(textBytes)}${end}"`) as string;

/** How many of forty texts these events hold between them, give or take what else there is in the heap. */
function textsHeld(make: (index: number) => Partial<EventOf<'receive'>>): number {
  const shared = new SharedTexts();
  const before = heapBytes();
  const events = Array.from({ length: 40 }, (_, index): Event => {
    const event: Event = {
      ...{ t: index, session: '1', kind: 'receive', room: 'r', message: 'm', digest: 'd' },
      ...make(index),
    };
    shared.share(event);
    return event;
  });
  const held = (heapBytes() - before) / textBytes;
  expect(events).toHaveLength(40);
  return held;
}

describe('the texts of the events of one message', () => {
  const few = 10;
  const all = 30;

  it('are held once, however many events have them', () => {
    expect(textsHeld(() => ({ message: fresh('1') }))).toBeLessThan(few);
    expect(textsHeld(() => ({ digest: fresh('1') }))).toBeLessThan(few);
    expect(textsHeld(() => ({ message: fresh('1'), id: fresh('1') }))).toBeLessThan(few);
  });

  it('are held once for each of the messages that are under way', () => {
    expect(textsHeld((index) => ({ message: fresh(`.${index % 4}`) }))).toBeLessThan(few);
    expect(textsHeld((index) => ({ message: fresh(`.${index % 4}.0007`) }))).toBeLessThan(few);
  });

  it('are held once where the digest has changed on the way, for all that have the new one', () => {
    expect(textsHeld((index) => ({ digest: fresh(index < 20 ? 'a' : 'b') }))).toBeLessThan(few);
  });

  it('are held as often as they differ', () => {
    expect(textsHeld((index) => ({ id: fresh(`${index}`) }))).toBeGreaterThan(all);
  });

  it('say what they said', () => {
    const shared = new SharedTexts();
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const told = events.map((event) => JSON.parse(encodeEvent(event)) as Event);
        for (const event of told) shared.share(event);
        expect(told).toStrictEqual(events.map((event): unknown => JSON.parse(encodeEvent(event))));
      }),
    );
  });

  it('stay apart where two messages end alike, or one has no digest', () => {
    const shared = new SharedTexts();
    const of = (message: string, more: object = {}): Event => ({ ...ack, message, ...more }) as Event;
    const events = [
      ...[of('abcd1234.1.000007'), of('abcd1234.2.000007'), of('abcd1234.1.000007', { digest: 'a' })],
      ...[of('abcd1234.1.000007'), of('abcd1234.1.000007', { digest: 'b' }), of('', { id: '' })],
    ];
    const copies = events.map((event) => ({ ...event }));
    for (const event of events) shared.share(event);
    expect(events).toStrictEqual(copies);
  });
});
