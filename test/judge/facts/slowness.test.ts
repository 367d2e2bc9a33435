import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { Slowness } from '../../../src/judge/facts/slowness.js';
import { changing, judge, without } from '../story.js';
import { right } from '../stories.js';

const { signal } = right.at;
const says = (told: Parameters<typeof judge>[0]) =>
  judge(told).notes.filter((note) => note.includes('slow before anything was done'));

describe('a service that was slow before it was disrupted', () => {
  it('is said to have been, with the wait at the median', () => {
    const slow = changing(right, (event) =>
      event.kind === 'send' && event.t < signal ? { ...event, t: event.t - 3_000 } : event,
    );
    expect(says(slow)).toEqual([expect.stringContaining('took 3')]);
  });

  it('is so too where it answered nothing for a second', () => {
    const unanswered = without(right, ({ kind, t }) => kind === 'ack' && t < signal);
    const silent = changing(unanswered, (event) =>
      event.kind === 'send' && event.t < signal ? { ...event, t: event.t - 1_500 } : event,
    );
    expect(says(silent)).toHaveLength(1);
  });

  it('is not said of one that answers at once', () => {
    expect(says(right)).toEqual([]);
  });
});

describe('the wait for an acknowledgement', () => {
  const begin = (t: number): Event => ({
    t,
    kind: 'disruption',
    disruption: 0,
    type: 'restart',
    step: 'begin',
  });
  const send = (message: string, t: number): Event => ({
    ...{ t, session: '1', kind: 'send', due: t, room: 'r1', message, digest: 'd' },
  });
  const ack = (message: string, t: number): Event => ({ t, session: '1', kind: 'ack', message });
  const slowMs = (...events: Event[]) => {
    const slowness = new Slowness();
    for (const event of events) slowness.see(event);
    return slowness.slowMs;
  };
  /** Each of these waits, one after the other. */
  const waited = (...waits: number[]) =>
    waits.flatMap((ms, at) => [send(`m${at}`, at), ack(`m${at}`, at + ms)]);

  it('is told at the median, where that is more than a second', () => {
    expect(slowMs(...waited(1_001))).toBe(1_001);
    expect(slowMs(...waited(1_000))).toBeNull();
    expect(slowMs(...waited(5_000, 10, 2_000))).toBe(2_000);
    expect(slowMs(...waited(5_000, 10, 20))).toBeNull();
    expect(slowMs(...waited(10, 3_000, 20, 4_000))).toBe(3_000);
    expect(slowMs()).toBeNull();
  });

  it('is that for the first answer', () => {
    expect(slowMs(send('m', 0), ack('m', 2_000), ack('m', 90_000), ack('m', 95_000))).toBe(2_000);
  });

  it('is known only of what was sent', () => {
    expect(slowMs(ack('m', 5_000))).toBeNull();
    const written: Event = { t: 5_000, session: '1', kind: 'written', message: 'm', attempt: 1 };
    expect(slowMs(send('m', 0), written)).toBeNull();
  });

  it('ends with the first disruption: what was not answered by then has waited as long', () => {
    expect(slowMs(send('m', 0), begin(1_500))).toBe(1_500);
    expect(slowMs(send('m', 0), begin(1_000))).toBeNull();
    expect(slowMs(send('m', 0), begin(1_500), ack('m', 9_000), begin(20_000))).toBe(1_500);
    expect(slowMs(begin(0), ...waited(5_000))).toBeNull();
    // Young ones say nothing of how fast the service is.
    expect(
      slowMs(...waited(2_000), ...Array.from({ length: 5 }, (_, at) => send(`n${at}`, 1_900)), begin(2_100)),
    ).toBe(2_000);
  });

  it('is known well enough of ten thousand answers', () => {
    const slow = waited(...Array.from({ length: 10_000 }, () => 2_000));
    const quick = Array.from({ length: 30_000 }, (_, at) => [
      send(`q${at}`, at),
      ack(`q${at}`, at + 1),
    ]).flat();
    expect(slowMs(...slow, ...quick)).toBe(2_000);
    expect(slowMs(...slow.slice(0, -2), ...quick)).toBe(2_000);
  });
});
