import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../src/history/events.js';
import { judging, type DisruptionFigures } from '../../src/judge/index.js';
import { header } from './facts/view-of.js';
import { adding, judge, Story, type Told } from './story.js';

const right = new Story();
const { signal, ready } = right.at;
const step = (
  t: number,
  name: EventOf<'disruption'>['step'],
  more: Partial<EventOf<'disruption'>> = {},
): Event => ({
  ...{ t, kind: 'disruption', disruption: 0, type: 'restart', service: 'backend', step: name },
  ...more,
});
const figuresOf = (told: Told): DisruptionFigures => {
  const [figures] = judge(told, { checks: [] }).disruptions;
  if (!figures) throw new Error('nothing was disrupted');
  return figures;
};
const only = (...events: Event[]) => figuresOf({ header, events });

describe('the figures of a disruption', () => {
  it('are of its type and its services, each once', () => {
    const begun = [
      step(1, 'begin'),
      step(2, 'begin', { replica: 1 }),
      step(3, 'begin', { service: 'worker' }),
    ];
    expect(only(...begun).restarts).toBe(false);
    const told = only(...begun, step(4, 'signal'));
    expect(told).toMatchObject({ type: 'restart', services: ['backend', 'worker'], restarts: true });
    const { service: _, ...nobody } = step(1, 'begin') as EventOf<'disruption'>;
    expect(only(nobody).services).toEqual([]);
  });

  it('have the longest of its restarts, and none where one never was ready', () => {
    const both = [
      ...[step(1, 'begin'), step(2, 'signal'), step(9.12345, 'ready')],
      ...[step(1, 'begin', { service: 'worker' }), step(3, 'signal', { service: 'worker' })],
    ];
    expect(only(...both.slice(0, 3)).restartMs).toBe(7.123);
    expect(only(...both, step(5, 'ready', { service: 'worker' })).restartMs).toBe(7.123);
    expect(only(...both).restartMs).toBeNull();
    expect(only(step(1, 'begin')).restartMs).toBeNull();
  });

  it('have no time of a restart where the disruption restarts nothing', () => {
    const disruptions = [
      { type: 'pause', services: ['backend'], holdsConnections: true, lacks: { restart: 'no' } },
    ];
    const told = { header: { ...header, plan: { ...header.plan, disruptions } }, events: right.events };
    expect(figuresOf(told)).toMatchObject({ restarts: false, restartMs: null });
    expect(figuresOf(right)).toMatchObject({ restarts: true, restartMs: ready - signal });
  });

  it('have how long the target was held on purpose, over all of its replicas', () => {
    const other = { replica: 1 };
    const held = [
      ...[step(1, 'begin'), step(2, 'held'), step(9.0004, 'released')],
      ...[step(1, 'begin', other), step(5, 'held', other), step(20, 'released', other)],
    ];
    expect(only(...held.slice(0, 3)).heldMs).toBe(7);
    expect(only(...held).heldMs).toBe(18);
    expect(only(...held.slice(0, 2)).heldMs).toBeNull();
    expect(only(step(1, 'begin'), step(9, 'released')).heldMs).toBeNull();
  });

  it('are those of each disruption by itself', () => {
    const [first, second] = judge(
      adding(
        right,
        ...[step(ready + 600, 'begin', { disruption: 1 }), step(ready + 601, 'signal', { disruption: 1 })],
        step(ready + 650, 'ready', { disruption: 1 }),
      ),
      { checks: [] },
    ).disruptions;
    expect(first).toMatchObject({ restartMs: ready - signal, reconnectMs: { n: 6 }, recoveryMs: { n: 6 } });
    expect(second).toMatchObject({
      restartMs: 49,
      reconnectMs: null,
      recoveryMs: null,
      reconnectSplitMs: null,
    });
  });
});

describe('the session in the middle', () => {
  /** Sessions that lose their connection at 100, connect again at 110 and are ready after so many ms. */
  const lost = (...taking: number[]): Event[] => [
    ...taking.flatMap((ms, index): Event[] => {
      const of = { session: String(index + 1) };
      return [
        ...[{ t: 1, ...of, conn: 1, kind: 'connect', door: 'ws' } as const],
        ...[{ t: 2, ...of, conn: 1, kind: 'open' } as const],
        ...[{ t: 3, ...of, conn: 1, kind: 'ready', claims: 'fresh' } as const],
        ...[{ t: 100, ...of, conn: 1, kind: 'close', by: 'target' } as const],
        ...[{ t: 110, ...of, conn: 2, kind: 'connect', door: 'ws' } as const],
        ...[{ t: 115.0004, ...of, conn: 2, kind: 'open' } as const],
        ...[{ t: 100 + ms, ...of, conn: 2, kind: 'ready', claims: 'fresh' } as const],
      ];
    }),
    ...[step(99, 'begin'), step(99.5, 'signal'), step(104, 'ready')],
  ];
  const joined = (...taking: number[]) => only(...lost(...taking)).reconnectSplitMs?.joined;

  it('is the one whose parts are shown, each rounded', () => {
    const { reconnectMs, recoveryMs } = only(...lost(50));
    expect([reconnectMs, recoveryMs]).toMatchObject([
      { n: 1, p50: 50 },
      { n: 1, p50: 50 },
    ]);
    expect(only(...lost(50)).reconnectSplitMs).toEqual({ down: 4, waiting: 6, handshake: 5, joined: 35 });
  });

  it('is the lower of two in the middle, and does not depend on their order', () => {
    expect(joined(30, 50)).toBe(15);
    expect(joined(50, 30)).toBe(15);
    expect(joined(90, 30, 50)).toBe(35);
    expect(joined(90, 30, 50, 40)).toBe(25);
  });
});

describe('the figures of a run', () => {
  const figures = ({ header: its, events }: Told) => {
    const judgement = judging(its, { checks: [] });
    for (const event of events) judgement.see(event);
    return judgement.verdict(null, { judgedAt: '' }).figures;
  };

  it('count the sessions that are planned, but for auditors', () => {
    expect(figures(right).sessions).toBe(10);
  });

  it('count those that connected where none is planned', () => {
    const unplanned = { header: { ...header, plan: { ...header.plan, sessions: [] } }, events: right.events };
    // Eight of the ten ever connect, and so does the auditor, who is one of them now.
    expect(figures(unplanned).sessions).toBe(9);
    expect(figures({ ...unplanned, events: [] }).sessions).toBe(0);
    const auditors = header.plan.sessions.filter(({ role }) => role === 'auditor');
    const audited = {
      header: { ...header, plan: { ...header.plan, sessions: auditors } },
      events: right.events,
    };
    expect(figures(audited).sessions).toBe(8);
  });

  it('have the totals of the messages, the downtimes, and how many deploys that allows', () => {
    const told = figures(right);
    expect(told.disruptedSessions).toBe(6);
    expect(Object.keys(told.messages)).toEqual([
      ...['sent', 'unoffered', 'acknowledged', 'received', 'refused', 'unsure'],
    ]);
    expect(told.messages.received).toBe(right.events.filter(({ kind }) => kind === 'receive').length);
    expect(told.downtimeMs?.n).toBeGreaterThan(0);
    expect(told.downtimeMs?.max).toBeGreaterThan(0);
    expect(told.deploysPerMonth).toBeGreaterThan(0);
  });

  it('have their time rounded to a thousandth', () => {
    expect(figures({ header, events: [{ t: 1.23456, kind: 'note', text: '' }] }).totalMs).toBe(1.235);
  });
});
