import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { judging, type Check, type Finding } from '../../../src/judge/index.js';
import { checkOf, finding } from '../checking.js';
import { header } from '../facts/view-of.js';
import { adding, changing, find, without, type Told } from '../story.js';
import { right } from '../stories.js';
import { whole } from '../told/shown.js';

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

  it('is unknown only of one in whose last moment nothing was acknowledged, and right of the others', () => {
    const isIn = (t: number) => t > again - 260 && t <= again;
    const quiet = changing(twice, (event) => {
      if (event.kind !== 'ack' || !isIn(event.t)) return event;
      return { ...event, t: again + 5 };
    });
    expect(outcomesOf(quiet)).toEqual({
      outcome: 'unknown',
      restarts: [
        [0, 'pass'],
        [1, 'unknown'],
      ],
    });
    expect(whole(quiet, 'thread-continues').says).toContain(
      'nothing was acknowledged in the last 250 ms before the signal of disruption 2 of 2',
    );
    // It is not known of it either whether it lost something, while another surely did.
    const before = find(quiet, 'ack', ({ t }) => t > signal - 200 && t < signal).message;
    expect(outcomesOf(losing(quiet, before)).restarts).toContainEqual([1, 'unknown']);
    expect(outcomesOf(losing(quiet, before)).restarts).toContainEqual([0, 'fail']);
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

describe('what a finding says of restarts', () => {
  const lost = (...ids: string[]) => ids.map((id): Finding['blames'][number] => ({ subject: 'message', id }));
  /** Restarts strike at 100, 200 and 300, and are started again 50 later; messages are acknowledged as told. */
  const events = (acks: Readonly<Record<string, number>> = {}): Event[] => [
    ...[0, 1, 2].flatMap((disruption) => {
      const t = (disruption + 1) * 100;
      const of = { disruption, service: 'backend' };
      return [
        step(t - 1, 'begin', of),
        step(t, 'signal', of),
        step(t + 50, 'started', of),
        step(t + 60, 'ready', of),
      ];
    }),
    ...Object.entries(acks).flatMap(([message, t]): Event[] => [
      { t: t - 1, session: '1', kind: 'send', due: t - 1, room: 'r1', message, digest: 'd' },
      { t, session: '1', kind: 'ack', message },
    ]),
  ];
  const told = (history: readonly Event[], ...checks: Check[]) => toldTo('completed', history, ...checks);
  const toldTo = (how: EventOf<'end'>['how'], history: readonly Event[], ...checks: Check[]) => {
    const judgement = judging(header, { checks });
    for (const event of history) judgement.see(event);
    judgement.verdict({ t: 900, kind: 'end', how }, { judgedAt: '' });
    return [...judgement.outcomes()].map(([index, outcome]) => `${index} ${outcome}`).join(', ');
  };
  const failing = (more: Partial<Finding>, of: Partial<Check> = {}) =>
    checkOf('a', finding('fail', more), of);

  it('is nothing where the history has no end, though all that it shows is right', () => {
    const judgement = judging(header, { checks: [checkOf('a', finding('pass'))] });
    for (const event of events()) judgement.see(event);
    judgement.verdict(null, { judgedAt: '' });
    expect([...judgement.outcomes().values()]).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('is nothing of the others where the history did not come to its end, whatever its failures name', () => {
    const lossy = failing({ blames: lost('abcd1234.1.1') });
    const history = events({ 'abcd1234.1.1': 90 });
    expect(toldTo('completed', history, lossy)).toBe('0 fail, 1 pass, 2 pass');
    expect(toldTo('interrupted', history, lossy)).toBe('0 fail, 1 unknown, 2 unknown');
  });

  it('is nothing where nothing that was found binds', () => {
    const unbound = failing({ blames: lost('abcd1234.1.1') }, { binds: () => false });
    expect(told(events({ 'abcd1234.1.1': 90 }), unbound)).toBe('0 unknown, 1 unknown, 2 unknown');
  });

  it('is a doubt of those that it names alone, if it names nothing else', () => {
    const lossy = failing({ blames: lost('abcd1234.1.1') });
    const doubting = (...blames: Finding['blames']) =>
      told(events({ 'abcd1234.1.1': 90 }), lossy, checkOf('b', finding('unknown', { blames })));
    expect(doubting({ subject: 'disruption', id: '1' })).toBe('0 fail, 1 unknown, 2 pass');
    const session = { subject: 'session', id: '1' } as const;
    expect(doubting({ subject: 'disruption', id: '1' }, session)).toBe('0 fail, 1 unknown, 2 unknown');
  });

  it('is that one failed of which nothing was seen but that it struck: it may have harmed whatever came later', () => {
    const { service: _, ...signal } = step(50, 'signal', { disruption: 7 });
    const unseen = [signal, ...events({ 'abcd1234.1.1': 700 })];
    expect(told(unseen, failing({ blames: lost('abcd1234.1.1') }))).toBe('7 fail, 0 pass, 1 pass, 2 pass');
  });

  it('is nothing sure of the others where one finding of several does not name all that it is about', () => {
    const whole = failing({ blames: lost('abcd1234.1.1') });
    const part = checkOf('b', finding('fail', { evidence: [step(150, 'failed', { disruption: 1 })] }));
    expect(told(events({ 'abcd1234.1.1': 90 }), whole, part)).toBe('0 fail, 1 fail, 2 unknown');
  });

  it('is nothing of what another explains, whatever its evidence shows', () => {
    const blames: Finding['blames'] = [{ subject: 'session', id: '1' }];
    const shown = (id: string, disruption: number) =>
      checkOf(id, finding('fail', { blames, evidence: [step(150, 'failed', { disruption })] }));
    expect(told(events(), shown('reconnected', 0), shown('came-back', 1))).toBe(
      '0 fail, 1 unknown, 2 unknown',
    );
  });

  it('is measured at the last of several replicas that were started again', () => {
    const other = { disruption: 0, replica: 1 };
    const late = [step(99.5, 'begin', other), step(100, 'signal', other), step(170, 'started', other)];
    const history = [...events({ 'abcd1234.1.1': 160 }), ...late];
    expect(told(history, failing({ blames: lost('abcd1234.1.1') }))).toBe('0 fail, 1 pass, 2 pass');
  });

  it('is nothing of a disruption that did not strike', () => {
    const begun = [step(1, 'begin', { disruption: 7 }), ...events()];
    expect(told(begun, checkOf('a', finding('pass')))).toBe('0 pass, 1 pass, 2 pass');
    expect(told(begun, checkOf('a', finding('unknown')))).toBe('0 unknown, 1 unknown, 2 unknown');
  });

  it('is that the first failed that could have harmed a message that it names, and the others are clear', () => {
    const messages = (ackAt: number) =>
      told(events({ 'abcd1234.1.1': ackAt }), failing({ blames: lost('abcd1234.1.1') }));
    expect([90, 120, 149].map(messages)).toEqual(Array.from({ length: 3 }, () => '0 fail, 1 pass, 2 pass'));
    expect([150, 180, 249].map(messages)).toEqual(Array.from({ length: 3 }, () => '0 pass, 1 fail, 2 pass'));
    // Later than all of them: the last is the only one that can have.
    expect([260, 700].map(messages)).toEqual(Array.from({ length: 2 }, () => '0 pass, 1 pass, 2 fail'));
  });

  it('is that each failed that a message points to', () => {
    const acks = { 'abcd1234.1.1': 90, 'abcd1234.1.2': 260 };
    expect(told(events(acks), failing({ blames: lost(...Object.keys(acks)) }))).toBe(
      '0 fail, 1 pass, 2 fail',
    );
  });

  it('is nothing sure of the others where it names more than messages that are known', () => {
    const one = failing({ blames: [...lost('abcd1234.1.1', 'abcd1234.1.9')] });
    expect(told(events({ 'abcd1234.1.1': 90 }), one)).toBe('0 fail, 1 unknown, 2 unknown');
    const session = failing({ blames: [...lost('abcd1234.1.1'), { subject: 'session', id: '1' }] });
    expect(told(events({ 'abcd1234.1.1': 90 }), session)).toBe('0 fail, 1 unknown, 2 unknown');
  });

  it('is nothing sure of the others where another check is unknown, unless that does not bind', () => {
    const acks = { 'abcd1234.1.1': 90 };
    const lossy = failing({ blames: lost('abcd1234.1.1') });
    const unsure = (binds: boolean) => checkOf('b', finding('unknown'), { binds: () => binds });
    expect(told(events(acks), lossy, unsure(true))).toBe('0 fail, 1 unknown, 2 unknown');
    expect(told(events(acks), lossy, unsure(false))).toBe('0 fail, 1 pass, 2 pass');
  });

  it('is nothing where it does not bind, or another explains it', () => {
    const acks = { 'abcd1234.1.1': 90, 'abcd1234.1.2': 160 };
    const lossy = failing({ blames: lost('abcd1234.1.1') });
    const unbound = checkOf('b', finding('fail', { blames: lost('abcd1234.1.2') }), { binds: () => false });
    expect(told(events(acks), lossy, unbound)).toBe('0 fail, 1 pass, 2 pass');
    const blames = lost('abcd1234.1.1');
    const explained = ['log-kept', 'messages-lost'].map((id) => checkOf(id, finding('fail', { blames })));
    expect(told(events(acks), ...explained)).toBe('0 fail, 1 pass, 2 pass');
  });

  it.each<[string, Event]>([
    ['a step of its own', step(150, 'failed', { disruption: 1 })],
    ['a connection that closed after it', { t: 250, session: '1', kind: 'close', by: 'target' }],
    ['an attempt that was refused after it', { t: 200, session: '1', kind: 'refused', at: 'dial' }],
    ['a session that came back after it', { t: 299.9, session: '1', kind: 'ready', claims: 'fresh' }],
    ['a sign-in after it', { t: 210, session: '1', kind: 'sign-in', how: 'again', ok: true }],
  ])('is that the one failed that its evidence shows: %s', (_, event) => {
    expect(told(events(), failing({ evidence: [event] }))).toBe('0 unknown, 1 fail, 2 unknown');
  });

  it.each<[string, Event]>([
    ['before all of them', { t: 99, session: '1', kind: 'close', by: 'target' }],
    ['that was looked up', { t: 250, session: '1', kind: 'read-end', read: 'r', ok: true, count: 0 }],
  ])('is nothing of any where its evidence is %s', (_, event) => {
    expect(told(events(), failing({ evidence: [event] }))).toBe('0 unknown, 1 unknown, 2 unknown');
  });

  it('is measured at what was seen ready where no start was seen, and at the attempt where no promise was', () => {
    const unstarted = events({ 'abcd1234.1.1': 155 }).filter(
      (event) => !('step' in event) || event.step !== 'started',
    );
    expect(told(unstarted, failing({ blames: lost('abcd1234.1.1') }))).toBe('0 fail, 1 pass, 2 pass');
    const unsaid = events({ 'abcd1234.1.1': 150.5 }).filter(({ kind }) => kind !== 'ack');
    expect(told(unsaid, failing({ blames: lost('abcd1234.1.1') }))).toBe('0 fail, 1 pass, 2 pass');
    const never = unstarted.filter(
      (event) => !('step' in event) || event.step !== 'ready' || event.disruption !== 0,
    );
    const late = never.map((event) => (event.kind === 'ack' ? { ...event, t: 800 } : event));
    expect(told(late, failing({ blames: lost('abcd1234.1.1') }))).toBe('0 fail, 1 pass, 2 pass');
  });
});
