import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { Survey } from '../../../src/judge/index.js';

const idOf = (number: number) => `abcd1234.1.${number}`;
const send = (number: number): Event => ({
  ...{ t: 0, session: '1', kind: 'send', due: 0, room: 'r1', message: idOf(number), digest: 'd' },
});
const written = (number: number): Event => ({
  ...{ t: 0, session: '1', kind: 'written', message: idOf(number), attempt: 1 },
});
const receive = (number: number | null): Event => ({
  ...{ t: 0, session: '2', kind: 'receive', room: 'r1', digest: 'd' },
  message: number === null ? null : idOf(number),
});
const stored = (number: number): Event => ({
  ...{ t: 0, session: '2', kind: 'stored', read: 'r', index: 0, message: idOf(number), digest: 'd' },
});
type Look = readonly [clock: number, t: number, event: Event];

/** Looks at these, each clock being that of the file with its number. */
function surveyed(...looks: Look[]): Survey {
  const survey = new Survey();
  for (const [clock, t, event] of looks) survey.see(clock, clock, t, event);
  return survey;
}
const leads = (...looks: Look[]) =>
  surveyed(...looks)
    .precedences()
    .map(({ from, to, lead, message }) => `${from}>${to} ${lead} ${message}`);

describe('a message between clocks', () => {
  it('was sent before it was received, and before it was read of what is stored', () => {
    expect(leads([0, 10, written(1)], [1, 14, receive(1)])).toEqual([`0>1 -4 ${idOf(1)}`]);
    expect(leads([0, 10, written(1)], [1, 14, stored(1)])).toEqual([`0>1 -4 ${idOf(1)}`]);
    expect(leads([1, 14, receive(1)], [0, 19, written(1)])).toEqual([`0>1 5 ${idOf(1)}`]);
  });

  it('was sent at its first attempt, or as planned where no attempt is seen', () => {
    const got: Look = [1, 100, receive(1)];
    expect(leads([0, 10, send(1)], got)).toEqual([`0>1 -90 ${idOf(1)}`]);
    expect(leads([0, 10, send(1)], [0, 20, written(1)], [0, 30, written(1)], got)).toEqual([
      `0>1 -80 ${idOf(1)}`,
    ]);
    expect(leads([0, 20, written(1)], [0, 10, send(1)], got)).toEqual([`0>1 -80 ${idOf(1)}`]);
    expect(leads([0, 20, send(1)], [0, 10, send(1)], got)).toEqual([`0>1 -80 ${idOf(1)}`]);
  });

  it('was received when it was first seen on each clock', () => {
    const sent: Look = [0, 10, written(1)];
    expect(
      leads(sent, [1, 40, receive(1)], [1, 20, stored(1)], [1, 30, receive(1)], [2, 15, receive(1)]),
    ).toEqual([`0>1 -10 ${idOf(1)}`, `0>2 -5 ${idOf(1)}`]);
  });

  it('shows nothing on one clock, or where one of its ends is not seen, or it has no identity', () => {
    expect(leads([0, 10, written(1)], [0, 14, receive(1)])).toEqual([]);
    expect(leads([0, 10, written(1)], [1, 14, receive(2)])).toEqual([]);
    expect(leads([0, 10, written(1)], [1, 14, receive(null)])).toEqual([]);
    expect(
      leads([0, 10, written(1)], [1, 14, { t: 0, session: '2', kind: 'ack', message: idOf(1) }]),
    ).toEqual([]);
  });

  it('shows most where it says most that the clocks are wrong: one of each pair and direction counts', () => {
    const all = leads(
      ...([
        [0, 10, written(1)],
        [1, 14, receive(1)],
      ] as const),
      ...([
        [0, 20, written(2)],
        [1, 21, receive(2)],
      ] as const),
      ...([
        [0, 30, written(3)],
        [1, 39, receive(3)],
      ] as const),
      ...([
        [1, 40, written(4)],
        [0, 43, receive(4)],
      ] as const),
    );
    expect(all).toEqual([`0>1 -1 ${idOf(2)}`, `1>0 -3 ${idOf(4)}`]);
  });

  it('that says as much as another is not taken in its place', () => {
    expect(leads([0, 10, written(1)], [1, 14, receive(1)], [0, 20, written(2)], [1, 24, receive(2)])).toEqual(
      [`0>1 -4 ${idOf(1)}`],
    );
  });
});

describe('a message that is sent in two files', () => {
  it('is told with the first two files, and only the first such message', () => {
    const survey = surveyed(
      [0, 1, send(1)],
      [1, 2, written(1)],
      [2, 3, send(1)],
      [0, 4, send(2)],
      [1, 5, send(2)],
    );
    expect(survey.twice).toEqual({ message: idOf(1), files: [0, 1] });
  });

  it('is none that is sent again in its own file, or only received in another', () => {
    expect(surveyed([0, 1, send(1)], [0, 2, written(1)], [1, 3, receive(1)]).twice).toBeNull();
  });

  it('stands in two files also where they share a clock', () => {
    const survey = new Survey();
    survey.see(3, 0, 1, send(1));
    survey.see(5, 0, 2, send(1));
    expect(survey.twice?.files).toEqual([3, 5]);
  });
});

describe('the share of very many messages that is compared', () => {
  /** Sends so many on one clock; then looks which of the last are still compared when they are received. */
  const compared = (many: number) => {
    const survey = new Survey();
    for (let number = 0; number < many; number++) survey.see(0, 0, 0, send(number));
    return Array.from({ length: 40 }, (_, at) => many - 1 - at).filter((number) => {
      // Each lies further back than any before it, so that it is the one that is told.
      survey.see(1, 1, number - 1e9, receive(number));
      return survey.precedences()[0]?.message === idOf(number);
    });
  };

  it('is all of fifty thousand, and half of one more', () => {
    expect(compared(50_000)).toHaveLength(40);
    const half = compared(50_001);
    expect(half.length).toBeGreaterThan(10);
    expect(half.length).toBeLessThan(30);
  });
});
