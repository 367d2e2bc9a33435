import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CallingOff } from '../../../../src/observe/client/shared/calling-off.js';

const listening = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length;

function calls() {
  const off: AbortSignal[] = [];
  return { calls: new CallingOff((signal) => off.push(signal)), off };
}

describe('what calls messages off', () => {
  it('is listened to once, however many wait under it, and names the signal that aborts', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { calls: all, off } = calls();
    for (const { signal } of [one, one, other]) all.begin(signal);
    expect([one, other].map(listening)).toEqual([1, 1]);
    other.abort();
    expect(off).toEqual([other.signal]);
  });

  it('is listened to for the next call as well, and no longer than until there is another one', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { calls: all } = calls();
    all.begin(one.signal);
    all.end(one.signal);
    all.begin(one.signal);
    all.end(one.signal);
    expect(listening(one)).toBe(1);
    all.begin(other.signal);
    expect([one, other].map(listening)).toEqual([0, 1]);
  });

  it('is listened to as long as one of its calls waits', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { calls: all, off } = calls();
    all.begin(one.signal);
    all.begin(one.signal);
    all.end(one.signal);
    all.begin(other.signal);
    one.abort();
    expect(off).toEqual([one.signal]);
  });

  it('is let go when nothing waits for an answer any more', () => {
    const one = new AbortController();
    const { calls: all } = calls();
    all.begin(one.signal);
    all.stop();
    expect(listening(one)).toBe(0);
    all.end(one.signal);
  });
});
