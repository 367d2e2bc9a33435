import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { judging } from '../../../src/judge/index.js';
import { adding, changing, find, Story, without, type Told } from '../story.js';

const right = new Story();
const { signal, ready, settle } = right.at;
const again = ready + 80;

const step = (t: number, name: EventOf<'disruption'>['step'], more: Partial<EventOf<'disruption'>> = {}) => {
  const about = { kind: 'disruption', disruption: 1, type: 'crash', service: 'auth' } as const;
  return { t, ...about, step: name, ...more };
};
const second: Event[] = [
  step(again - 1, 'begin', { instance: 'auth-1' }),
  step(again, 'signal', { signal: 'SIGKILL' }),
  step(again + 1, 'exited', { exitCode: null }),
  step(again + 2, 'port-closed'),
  step(again + 3, 'started'),
  step(again + 30, 'ready', { instance: 'auth-2' }),
  step(again + 31, 'end'),
];
/** A restart of the backend, and later a crash of auth, which holds nobody's connection. */
const twice: Told = {
  header: {
    ...right.header,
    plan: {
      ...right.header.plan,
      disruptions: [
        ...right.header.plan.disruptions,
        {
          ...{ type: 'crash', services: ['auth'], holdsConnections: false },
          lacks: { graceful: 'a crash gives no time', loss: 'nobody is connected to auth' },
        },
      ],
    },
  },
  events: adding(right, ...second).events,
};

function outcomesOf({ header, events }: Told) {
  const judgement = judging(header);
  for (const event of events) judgement.see(event);
  const end = events.find((event) => event.kind === 'end') ?? null;
  const { outcome } = judgement.verdict(end, { judgedAt: '2026-01-02T00:00:00.000Z' });
  return { outcome, restarts: [...judgement.outcomes()] };
}

/** The same history without any trace of a message beyond its sender: nobody received it, and nobody reads it. */
const losing = (told: Told, message: string | null): Told =>
  without(
    told,
    (event) => ['receive', 'stored'].includes(event.kind) && Reflect.get(event, 'message') === message,
  );

describe('what became of each of several restarts', () => {
  it('is right of all where the history is', () => {
    expect(outcomesOf(twice)).toEqual({
      outcome: 'pass',
      restarts: [
        [0, 'pass'],
        [1, 'pass'],
      ],
    });
  });

  it('is a failure of the one that came after the messages that were lost', () => {
    const before = find(twice, 'ack', ({ t }) => t > signal - 60 && t < signal).message;
    const between = find(twice, 'ack', ({ t }) => t > ready + 40 && t < again).message;
    expect(outcomesOf(losing(twice, before)).restarts[0]).toEqual([0, 'fail']);
    expect(outcomesOf(losing(twice, before)).restarts[1]).not.toEqual([1, 'fail']);
    expect(outcomesOf(losing(twice, between)).restarts).toContainEqual([1, 'fail']);
    expect(outcomesOf(losing(twice, between)).restarts).not.toContainEqual([0, 'fail']);
  });

  it('is a failure of the one that ended who had acknowledged it, though it was first sent before another', () => {
    const { message } = find(twice, 'ack', ({ t }) => t > ready + 40 && t < again);
    const resent = changing(twice, (event) => {
      const isIts = 'message' in event && event.message === message;
      if (isIts && event.kind === 'send') return { ...event, t: signal - 5, due: signal - 5 };
      if (!isIts || event.kind !== 'written') return event;
      return [
        { ...event, t: signal - 5 },
        { ...event, attempt: 2 },
      ];
    });
    const { restarts } = outcomesOf(losing(resent, message));
    expect(restarts).toContainEqual([1, 'fail']);
    expect(restarts).not.toContainEqual([0, 'fail']);
  });

  it('is unknown of all where the history is unknown', () => {
    const cutShort = without(twice, (event) => event.kind === 'end' || event.t > settle);
    expect(outcomesOf(cutShort)).toEqual({
      outcome: 'unknown',
      restarts: [
        [0, 'unknown'],
        [1, 'unknown'],
      ],
    });
  });

  it('is unknown of those that no finding points to, where a finding does not name all that it is about', () => {
    const slow = changing(twice, (event) =>
      event.kind === 'sign-in' && event.how === 'refresh' ? { ...event, how: 'again' } : event,
    );
    const { outcome, restarts } = outcomesOf(slow);
    expect(outcome).toBe('fail');
    expect(restarts.map(([, told]) => told)).not.toContain('pass');
  });
});
