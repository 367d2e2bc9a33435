import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { answers } from '../../../src/judge/facts/answers.js';
import { viewOf } from './view-of.js';

type Step = EventOf<'stream'>;

const of = { session: '1', stream: 'a' } as const;
const step = (t: number, name: Step['step'], more: Partial<Step> = {}): Step => ({
  ...{ t, ...of, kind: 'stream', step: name },
  ...more,
});
const answer = (...events: Event[]) => viewOf(answers, events).get('a');

describe('an answer in parts', () => {
  it('is nothing yet but its name, its reader and what it is for', () => {
    expect(answer(step(1, 'connect'))).toEqual({
      ...{ stream: 'a', session: '1', purpose: 'restart' },
      ...{ ask: null, asked: null, over: null, cancelled: null, before: null, after: null, unread: null },
      ...{ connections: [step(1, 'connect')], parts: [], controls: [] },
    });
  });

  it('has what it is asked for, which is to be under way at the restart unless told', () => {
    expect(answer(step(1, 'ask', { purpose: 'cancel' }))).toMatchObject({
      ask: step(1, 'ask', { purpose: 'cancel' }),
      purpose: 'cancel',
    });
    expect(answer(step(1, 'ask', { purpose: 'control' }))?.purpose).toBe('control');
    expect(answer(step(1, 'ask'))?.purpose).toBe('restart');
  });

  it('is taken, and cancelled, when the target says so', () => {
    const told = answer(step(1, 'ask'), step(2, 'asked'), step(3, 'cancel'), step(4, 'cancelled'));
    expect(told).toMatchObject({ asked: step(2, 'asked'), cancelled: step(4, 'cancelled') });
  });

  it.each(['end', 'error', 'give-up'] as const)('is over with the first that ends it: %s', (name) => {
    const told = answer(step(1, 'open'), step(2, name), step(3, 'end'), step(4, 'error'), step(5, 'give-up'));
    expect(told?.over).toEqual(step(2, name));
  });

  it('has every step of its reader’s connections, in their order', () => {
    const steps = (['connect', 'open', 'lost', 'connect', 'refused', 'cancel'] as const).map((name, t) =>
      step(t, name),
    );
    expect(answer(step(-2, 'ask'), step(-1, 'asked'), ...steps, step(9, 'end'))?.connections).toEqual(steps);
  });

  it('has its parts, its frames that are none, and its stored texts of both sides', () => {
    const part: Event = { t: 1, ...of, kind: 'part', attempt: 1, index: 0, units: 1, sketch: 'ff' };
    const control: Event = { t: 2, ...of, kind: 'control', attempt: 1, position: '7' };
    const before: Event = { t: 3, ...of, kind: 'stored-answer', at: 'before', units: 0, sketch: null };
    const after: Event = { t: 4, ...of, kind: 'stored-answer', at: 'after', units: 1, sketch: 'ff' };
    expect(answer(part, control, before, after)).toMatchObject({
      ...{ parts: [part], controls: [control], before, after, unread: null },
    });
  });

  it('is unread where it could not be read afterwards, and only then', () => {
    const unread = (at: 'before' | 'after'): Event => ({
      t: 1,
      ...of,
      kind: 'answer-unread',
      at,
      reason: 'no',
    });
    expect(answer(unread('after'))?.unread).toEqual(unread('after'));
    expect(answer(unread('before'))?.unread).toBeNull();
  });

  it('is one of several, each by its name', () => {
    const view = viewOf(answers, [
      step(1, 'ask'),
      { ...step(2, 'ask'), stream: 'b', session: '2' },
      step(3, 'open'),
    ]);
    expect([...view].map(([name, { session, connections }]) => [name, session, connections.length])).toEqual([
      ['a', '1', 1],
      ['b', '2', 0],
    ]);
  });
});
