import { describe, expect, it } from 'vitest';
import type { DisruptionStep, Event, EventOf } from '../../../src/history/events.js';
import {
  heldBetween,
  idleBetween,
  readyAgainAt,
  stalledBetween,
  timeline,
  wholeAgainAt,
  type Timeline,
} from '../../../src/judge/facts/timeline.js';
import { viewOf } from './view-of.js';

type Step = EventOf<'disruption'>;

/** A step of the restart of the backend, unless told. */
const step = (t: number, name: DisruptionStep, more: Partial<Step> = {}): Step => ({
  ...{ t, kind: 'disruption', disruption: 0, type: 'restart', step: name, service: 'backend' },
  ...more,
});
const probe = (t: number, ready: boolean, more: Partial<EventOf<'probe'>> = {}): EventOf<'probe'> => ({
  ...{ t, kind: 'probe', service: 'backend', up: ready, ready, spacing: 20 },
  ...more,
});
const view = (...events: Event[]): Timeline => viewOf(timeline, events);
const first = (told: Timeline) => told.disruptions[0];
const restartOf = (told: Timeline) => {
  const restart = first(told)?.restarts[0];
  if (!restart) throw new Error('nothing was restarted');
  return restart;
};

describe('a disruption', () => {
  it('has the first of each of its steps', () => {
    const names = [
      'signal',
      'exited',
      'port-closed',
      'held',
      'released',
      'started',
      'ready',
      'failed',
    ] as const;
    const steps = names.map((name, index) => step(10 + index, name));
    const again = names.map((name, index) => step(50 + index, name));
    const restart = restartOf(view(step(1, 'begin'), ...steps, ...again));
    const [signal, exited, portClosed, held, released, started, ready, failed] = steps;
    expect(restart).toEqual({
      ...{ service: 'backend', name: 'backend', replica: 0, begin: step(1, 'begin') },
      ...{ signal, exited, portClosed, held, released, started, ready, failed },
    });
  });

  it('has nothing of what has not come, and is of the target where it names no service', () => {
    const { service: _, ...begin } = step(1, 'begin');
    expect(restartOf(view(begin))).toEqual({
      ...{ service: 'the target', name: 'the target', replica: 0, begin },
      ...{ signal: null, exited: null, portClosed: null, held: null },
      ...{ released: null, started: null, ready: null, failed: null },
    });
  });

  it('is one of several, by their numbers', () => {
    const told = view(step(1, 'begin'), step(2, 'end'), step(5, 'begin', { disruption: 3, type: 'crash' }));
    expect(told.disruptions.map(({ index, type, beginAt, endAt }) => [index, type, beginAt, endAt])).toEqual([
      [0, 'restart', 1, 2],
      [3, 'crash', 5, null],
    ]);
  });

  it('begins with the first of its replicas, and ends with the last', () => {
    const told = view(
      ...[step(5, 'begin', { replica: 0 }), step(3, 'begin', { replica: 1 })],
      ...[step(9, 'end'), step(7, 'end')],
    );
    expect(first(told)).toMatchObject({ beginAt: 3, endAt: 9 });
  });

  it.each<[string, number | null, readonly Event[]]>([
    ['at its first signal', 3, [step(1, 'begin'), step(4, 'signal'), step(3, 'signal')]],
    ['at its begin where no signal is seen', 1, [step(1, 'begin'), step(4, 'exited')]],
    [
      'at its first signal though a door was seen to close before',
      1,
      [step(1, 'begin'), step(3, 'port-closed'), step(4, 'signal')],
    ],
    ['at its signal though nothing was begun', 4, [step(4, 'signal', { service: undefined })]],
    ['never where it only began', null, [step(1, 'begin')]],
    ['never where it failed', null, [step(1, 'begin'), step(2, 'failed')]],
    ['never where it only ended', null, [step(1, 'begin'), step(2, 'end'), step(3, 'healed')]],
  ])('strikes %s', (_, at, events) => {
    expect(first(view(...events))?.struckAt).toBe(at);
  });

  it('is of every service where a step names none', () => {
    const { service: _, ...exited } = step(5, 'exited');
    const told = view(step(1, 'begin'), step(2, 'begin', { service: 'worker' }), exited);
    expect(first(told)?.restarts.map((one) => [one.service, one.exited])).toEqual([
      ['backend', exited],
      ['worker', exited],
    ]);
  });

  it('is of the service and the replica that a step names, and the first replica is number 0', () => {
    const told = view(
      ...[step(1, 'begin'), step(2, 'begin', { replica: 1 }), step(3, 'begin', { service: 'worker' })],
      ...[
        step(4, 'exited', { replica: 1 }),
        step(5, 'ready', { replica: 0 }),
        step(6, 'ready', { service: 'worker' }),
      ],
    );
    expect(first(told)?.restarts.map(({ exited, ready }) => [exited?.t, ready?.t])).toEqual([
      [undefined, 5],
      [4, undefined],
      [undefined, 6],
    ]);
  });

  it('numbers the replicas of a service of which several are restarted, from 1, and only those', () => {
    const told = view(
      ...[
        step(1, 'begin'),
        step(2, 'begin', { service: 'worker', replica: 2 }),
        step(3, 'begin', { replica: 1 }),
      ],
    );
    expect(first(told)?.restarts.map(({ name, replica }) => [name, replica])).toEqual([
      ['backend.1', 0],
      ['worker', 2],
      ['backend.2', 1],
    ]);
  });
});

describe('a replica from the reserve', () => {
  it('is one that was started and that no restart was begun with', () => {
    const spare = { replica: 3 };
    const told = view(
      ...[step(1, 'begin'), step(2, 'started', spare), step(3, 'ready', spare), step(4, 'ready', spare)],
      ...[step(5, 'signal', spare), step(6, 'exited', spare)],
    );
    expect(first(told)?.spares).toEqual([
      ...[{ service: 'backend', replica: 3, ready: step(3, 'ready', spare) }].map((one) => ({
        ...{ ...one, signal: step(5, 'signal', spare), exited: step(6, 'exited', spare) },
      })),
    ]);
    // What is done to it is not done to what serves.
    expect(first(told)?.struckAt).toBeNull();
  });

  it('is told apart by its service and its number', () => {
    const told = view(
      ...[step(1, 'begin'), step(2, 'started', { replica: 3 }), step(3, 'started', { replica: 4 })],
      ...[step(4, 'started', { service: 'worker', replica: 3 }), step(5, 'ready', { replica: 4 })],
    );
    expect(first(told)?.spares.map(({ service, replica, ready }) => [service, replica, ready?.t])).toEqual([
      ['backend', 3, undefined],
      ['backend', 4, 5],
      ['worker', 3, undefined],
    ]);
  });

  it('is none that was not started, or has no number', () => {
    const told = view(
      step(1, 'begin'),
      step(2, 'ready', { replica: 3 }),
      step(3, 'started', { service: 'worker' }),
    );
    expect(first(told)?.spares).toEqual([]);
  });

  it('has no other steps', () => {
    const told = view(step(1, 'begin'), step(2, 'started', { replica: 3 }), step(3, 'held', { replica: 3 }));
    expect(first(told)?.spares).toEqual([
      { service: 'backend', replica: 3, ready: null, signal: null, exited: null },
    ]);
  });
});

describe('the moments of a run', () => {
  it('are in its phases, at the first time that each begins', () => {
    const told = view({ t: 5, kind: 'phase', phase: 'steady' }, { t: 9, kind: 'phase', phase: 'steady' });
    expect(told.phaseAt('steady')).toBe(5);
    expect(told.phaseAt('audit')).toBeNull();
  });

  it('are before the first disruption, during it until things settle, and after', () => {
    const told = view(...[step(10, 'begin', { disruption: 0 }), step(20, 'begin', { disruption: 1 })], {
      t: 30,
      kind: 'phase',
      phase: 'settle',
    });
    expect([9, 10, 29, 30].map((t) => told.intervalOf(t))).toEqual(['before', 'during', 'during', 'after']);
  });

  it('are before where nothing is disrupted, and during for good where nothing settles', () => {
    expect(view().intervalOf(1e9)).toBe('before');
    expect(view(step(1, 'begin')).intervalOf(1e9)).toBe('during');
  });
});

describe('a door that is ready again', () => {
  const old = { instance: 'a' };
  const young = { instance: 'b' };
  const again = (...events: Event[]) => {
    const told = view(...events);
    return told.readyAgain(restartOf(told));
  };
  const begin = step(1, 'begin', old);

  it('is seen to be by the first look at another instance, with how long the look before was ago', () => {
    const seen = probe(9, true, young);
    expect(again(begin, step(2, 'signal'), probe(5, true, old), seen, probe(12, true, young))).toEqual({
      ...{ t: 9, spacing: 20, event: seen },
    });
  });

  it('is not what was ready before the signal', () => {
    expect(again(begin, probe(4, true, young), step(5, 'signal'))).toBeNull();
    expect(again(begin, probe(5, true, young), step(5, 'signal'))?.t).toBe(5);
  });

  it('is ready from its begin where no signal is seen', () => {
    expect(again(step(5, 'begin', old), probe(4, true, young))).toBeNull();
    expect(again(step(5, 'begin', old), probe(5, true, young))?.t).toBe(5);
  });

  it('is ready after it was seen down, where instances are not told', () => {
    const { instance: _, ...nameless } = begin;
    const looks = [probe(3, true), probe(5, false), probe(9, true)];
    expect(again(nameless, ...looks)?.t).toBe(9);
    expect(again(begin, ...looks)?.t).toBe(9);
    expect(again(nameless, probe(3, true, old), probe(5, true, young))).toBeNull();
  });

  it('is not ready while it is down, or was never seen down', () => {
    expect(again(begin, probe(3, true), probe(5, false))).toBeNull();
    expect(again(begin, probe(3, true))).toBeNull();
    expect(again(begin, probe(3, false), probe(4, false, { up: true }))).toBeNull();
  });

  it('is ready from when it was let go, where it was held on purpose: nothing of it need change', () => {
    const held = [begin, step(2, 'signal'), step(3, 'held'), step(8, 'released')];
    expect(again(...held, probe(5, false), probe(9, true, old))?.t).toBe(9);
    expect(again(...held, probe(5, true, young))).toBeNull();
  });

  it('is said to be ready by the disruption where nobody looked', () => {
    const ready = step(9, 'ready');
    expect(again(begin, ready)).toEqual({ t: 9, spacing: 0, event: ready });
    expect(again(begin)).toBeNull();
  });

  it('is seen at its own door', () => {
    const other = probe(5, true, { ...young, service: 'worker' });
    const second = probe(6, true, { ...young, replica: 1 });
    const own = probe(9, true, { ...young, replica: 0 });
    expect(again(begin, other, second, own)?.t).toBe(9);
  });

  it('is seen at every turn, however often a look shows the same', () => {
    const looks = [probe(3, true, old), probe(4, true, old), probe(5, false), probe(6, false, { up: true })];
    const { instance: _, ...nameless } = begin;
    expect(again(nameless, ...looks, probe(7, true, { up: true }))?.t).toBe(7);
    expect(again(begin, probe(3, true, old), probe(4, true, young))?.t).toBe(4);
  });

  it('is seen down again though it had been down before', () => {
    const before = [probe(1, true), probe(2, false), probe(3, true)];
    expect(again(step(10, 'begin'), ...before, probe(11, false), probe(12, true))?.t).toBe(12);
  });

  it('is not seen by who looks only at the next disruption, if the disruption itself has seen it', () => {
    const next = [step(50, 'begin', { disruption: 1, ...young }), step(51, 'signal', { disruption: 1 })];
    const own = [begin, step(2, 'signal'), step(9, 'ready'), step(10, 'end')];
    expect(again(...own, ...next, probe(60, true, young))?.t).toBe(9);
    expect(again(...own, ...next, probe(10, true, young))?.t).toBe(10);
    // Of the last one, who looks later looks at it.
    expect(again(...own, probe(60, true, young))?.t).toBe(60);
    const withoutReady = own.filter(({ step: name }) => name !== 'ready');
    expect(again(...withoutReady, ...next, probe(60, true, young))?.t).toBe(60);
    const withoutEnd = own.filter(({ step: name }) => name !== 'end');
    expect(again(...withoutEnd, ...next, probe(60, true, young))?.t).toBe(60);
  });
});

describe('a disruption is over', () => {
  const restarted = (service: string, at: number, disruption = 0) => [
    ...[step(1, 'begin', { service, disruption }), step(at, 'ready', { service, disruption })],
  ];
  const againAt = (...events: Event[]) => {
    const told = view(...events);
    const [disruption] = told.disruptions;
    return disruption ? readyAgainAt(told, disruption) : 'no disruption';
  };

  it('when the last of its doors is ready, and not while one is not', () => {
    expect(againAt(...restarted('backend', 9), ...restarted('worker', 7))).toBe(9);
    expect(againAt(...restarted('backend', 9), step(1, 'begin', { service: 'worker' }))).toBeNull();
    expect(againAt(step(1, 'signal'))).toBeNull();
  });

  it('and all is whole when all doors of all of them are ready, and they have ended', () => {
    const both = [...restarted('backend', 9), ...restarted('worker', 30, 1)];
    expect(wholeAgainAt(view(...both))).toBe(30);
    expect(wholeAgainAt(view(...both, step(40, 'end')))).toBe(40);
    expect(wholeAgainAt(view(...both, step(20, 'end')))).toBe(30);
  });

  it('never where a door stays shut, or nothing was disrupted', () => {
    expect(wholeAgainAt(view(step(1, 'begin'), step(9, 'end')))).toBe(Infinity);
    expect(wholeAgainAt(view())).toBe(Infinity);
  });
});

describe('how long something lasted within a stretch', () => {
  const stall = (to: number, ms: number): Event => ({ t: to, kind: 'stall', ms });
  const stalled = (...stalls: Event[]) => stalledBetween(view(...stalls), 100, 200);

  it('counts no more than lies within', () => {
    expect(stalled(stall(150, 20))).toBe(20);
    expect(stalled(stall(110, 20))).toBe(10);
    expect(stalled(stall(210, 20))).toBe(10);
    expect(stalled(stall(300, 300))).toBe(100);
    expect([stalled(stall(100, 50)), stalled(stall(260, 60)), stalled()]).toEqual([0, 0, 0]);
  });

  it('counts once what several cover, in whatever order they come', () => {
    expect(stalled(stall(160, 20), stall(150, 20))).toBe(30);
    expect(stalled(stall(150, 20), stall(160, 20))).toBe(30);
    expect(stalled(stall(180, 60), stall(150, 10))).toBe(60);
    expect(stalled(stall(190, 10), stall(120, 10))).toBe(20);
  });

  it('is told of what was held on purpose, until it was let go', () => {
    const held = (...events: Event[]) => heldBetween(view(step(1, 'begin'), ...events), 100, 200);
    expect(held(step(120, 'held'), step(150, 'released'))).toBe(30);
    expect(held(step(120, 'held'))).toBe(80);
    expect(held(step(150, 'released'))).toBe(0);
    expect(held(step(1, 'begin', { service: 'worker' }), step(120, 'held'), step(130, 'released'))).toBe(10);
  });

  it('is told of what was held or not seen, and counts once what was both', () => {
    const idle = (...events: Event[]) => idleBetween(view(step(1, 'begin'), ...events), 100, 200);
    const held = [step(120, 'held'), step(150, 'released')];
    expect(idle(...held)).toBe(30);
    expect(idle(stall(140, 10))).toBe(10);
    expect(idle(...held, stall(140, 10))).toBe(30);
    expect(idle(...held, stall(170, 30))).toBe(50);
    expect(idle(...held, stall(190, 10))).toBe(40);
    expect(idle()).toBe(0);
  });
});
