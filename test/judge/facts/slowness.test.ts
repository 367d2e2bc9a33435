import { describe, expect, it } from 'vitest';
import { changing, judge, Story, without } from '../story.js';

const right = new Story();
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
