import { describe, expect, it } from 'vitest';
import type { Event, Facet } from '../../src/history/events.js';
import { adding, changing, having, judge, resultOf, Story, without, type Told } from './story.js';

const right = new Story({ downMs: 2_000 });
const { signal } = right.at;
const about = { kind: 'disruption', disruption: 0, service: 'backend' } as const;

/** The same history, of a disruption of another type, which lacks these. */
function of(type: string, lacks: readonly Facet[], { header, events }: Told): Told {
  const reasons = Object.fromEntries(lacks.map((facet) => [facet, `a ${type} shows no ${facet}`]));
  const [planned] = header.plan.disruptions;
  const disruptions = planned ? [{ ...planned, type, lacks: reasons }] : [];
  const plan = { ...header.plan, disruptions, without: reasons };
  return {
    header: { ...header, plan },
    events: events.map((event) => (event.kind === 'disruption' ? { ...event, type } : event)),
  };
}

const held = (from: number, to: number, more: { connections?: number } = {}): Event[] => [
  { t: from, ...about, type: 'restart', step: 'held', ...more },
  { t: to, ...about, type: 'restart', step: 'released' },
];

describe('what keeps the target from working on purpose', () => {
  const [from, to] = [signal + 23, signal + 1_523];
  const told = of('outage', [], adding(right, ...held(from, to)));
  const before = judge(right);
  const after = judge(told);
  const max = (verdict: typeof before, id: string) => resultOf(verdict, id).figures['maxMs'] ?? 0;

  it('is taken off every time that it is part of', () => {
    for (const id of ['restart', 'reconnect-time', 'recovery', 'availability']) {
      expect(max(before, id) - max(after, id), id).toBeCloseTo(1_500, 0);
    }
    const { figures } = resultOf(after, 'total');
    expect(figures).toMatchObject({ heldMs: 1_500, totalMs: right.at.end - 1_500 });
    expect(resultOf(after, 'total').summary).toContain('besides 1.5 s that the disruption was told to take');
  });

  it('stands in the verdict', () => {
    expect(before.disruptions[0]).toMatchObject({ heldMs: null, restartMs: 2_000 });
    expect(after.disruptions[0]).toMatchObject({ type: 'outage', heldMs: 1_500, restartMs: 500 });
  });

  it('saves no target that is slow on its own', () => {
    const slow = judge(adding(new Story({ downMs: 8_000 }), ...held(from, to)));
    expect(resultOf(slow, 'restart')).toMatchObject({ outcome: 'fail' });
    const enough = judge(adding(new Story({ downMs: 8_000 }), ...held(signal + 23, signal + 7_500)));
    expect(resultOf(enough, 'restart')).toMatchObject({ outcome: 'pass' });
  });

  it('splits a reconnect into parts that add up to what is left', () => {
    const { reconnectMs, reconnectSplitMs } = after.disruptions[0] ?? {};
    const parts = Object.values(reconnectSplitMs ?? {}).reduce((sum, part) => sum + part, 0);
    expect(parts).toBeCloseTo(reconnectMs?.p50 ?? -1, 3);
  });
});

describe('a disruption that restarts nothing', () => {
  const lacks = ['restart', 'graceful', 'loss', 'exit-code'] as const;
  // Nobody's connection breaks but of those who are cut, and the same instance answers afterwards.
  const calm = without(new Story({ downMs: 0 }), (event) => {
    const isStep = event.kind === 'disruption' && ['exited', 'port-closed', 'started'].includes(event.step);
    return isStep || event.kind === 'probe';
  });
  const same = changing(calm, (event) =>
    event.kind === 'disruption' && event.step === 'ready' ? { ...event, instance: 'boot-1' } : event,
  );

  it('is proved by what it held, and leaves out the checks of a restart', () => {
    const verdict = judge(of('pause', lacks, adding(same, ...held(signal + 0.1, signal + 0.5))));
    expect(having(verdict, 'fail')).toEqual([]);
    expect(having(verdict, 'skipped')).toEqual(['close-code', 'exit-code', 'requests-finished', 'restart']);
    expect(resultOf(verdict, 'exit-code').summary).toBe('a pause shows no restart');
    expect(resultOf(verdict, 'connection-was-lost')).toMatchObject({
      outcome: 'pass',
      summary: expect.stringMatching(/^The pause is proved; /) as string,
    });
    expect(resultOf(verdict, 'accepted-after').summary).toContain('before and after the pause');
    expect(verdict.disruptions[0]).toMatchObject({ restarts: false, restartMs: null });
  });

  it('is not proved where it was not seen in force', () => {
    const verdict = judge(of('pause', lacks, same));
    expect(resultOf(verdict, 'connection-was-lost')).toMatchObject({
      outcome: 'unknown',
      summary: 'It is not proved that the pause of backend ever had any effect',
    });
  });

  it('is not proved where it met no connection', () => {
    const met = (connections: number) =>
      resultOf(
        judge(of('network', lacks, adding(same, ...held(signal + 0.1, signal + 0.5, { connections })))),
        'connection-was-lost',
      );
    expect(met(0)).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('network fault') as string,
    });
    expect(met(8)).toMatchObject({ outcome: 'pass' });
  });
});
