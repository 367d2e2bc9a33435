import { describe, expect, it } from 'vitest';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import { explained, result } from '../result.js';
import {
  adding,
  changing,
  find,
  having,
  judge,
  resultOf,
  Story,
  under,
  without,
  type Told,
} from '../story.js';
import { right } from '../stories.js';

const { signal, ready, end, settle } = right.at;
const withBudget = (budgets: Parameters<typeof exactlyOnce>[0]) => under(right, exactlyOnce(budgets));

describe('this program, when it stands still', () => {
  const late = under(right, exactlyOnce({ budgets: { totalMs: end - 400 } }));
  const stalling = (...all: readonly [t: number, ms: number][]) =>
    adding(late, ...all.map(([t, ms]) => ({ t, kind: 'stall', ms }) as const));

  it('makes it unknown whether a run that was too long would have been but for that', () => {
    expect(result(stalling([2_000, 350]), 'total').outcome).toBe('fail');
    expect(result(stalling([1_000, 250], [2_000, 250]), 'total')).toMatchObject({
      outcome: 'unknown',
      figures: { stalledMs: 500 },
      summary: expect.stringMatching(/of which this program itself stood still for 500 ms$/),
    });
    // What two writers of one history were still at together counts once.
    expect(result(stalling([2_000, 350], [2_000, 300]), 'total')).toMatchObject({
      outcome: 'fail',
      figures: { stalledMs: 350 },
    });
  });

  it('may have been late with what it had to do itself while the target restarted', () => {
    const budget = withBudget({ budgets: { restartMs: 150 } });
    expect(result(adding(budget, { t: signal + 60, kind: 'stall', ms: 25 }), 'restart').outcome).toBe('fail');
    expect(result(adding(budget, { t: signal + 80, kind: 'stall', ms: 55 }), 'restart').outcome).toBe(
      'unknown',
    );
  });

  it('has proved nothing that it slept through, and hides no failure', () => {
    const asleep = (told: Told) => adding(told, { t: end - 1, kind: 'stall', ms: end - 1_000 });
    const verdict = judge(asleep(right));
    expect(verdict.outcome).toBe('unknown');
    expect(having(verdict, 'pass')).toEqual([]);
    expect(resultOf(verdict, 'messages-lost').summary).toMatch(
      /^This program itself stood still for 2 s of 2.91 s, so this is not proved: /,
    );
    const receipt = find(right, 'receive', ({ session, room }) => session === '2' && room === 'r1');
    const lossy = without(right, (event) => event === receipt);
    expect(result(asleep(lossy), 'messages-lost').outcome).toBe('fail');
    const dozing = adding(right, { t: end - 1, kind: 'stall', ms: 1_200 });
    expect(judge(dozing).outcome).toBe('pass');
  });
});

describe('restart', () => {
  it('is measured from the first signal to the first look that finds the new instance ready', () => {
    expect(result(right, 'restart').figures).toMatchObject({ maxMs: 200 });
    expect(judge(right).disruptions[0]?.restartMs).toBe(200);
  });

  it('fails above its budget', () => {
    expect(result(withBudget({ budgets: { restartMs: 150 } }), 'restart')).toMatchObject({
      outcome: 'fail',
      summary: 'The restart took longer than 150 ms: backend 200 ms',
    });
  });

  it("is unknown within the prober's spacing of its budget", () => {
    expect(result(withBudget({ budgets: { restartMs: 190 } }), 'restart').outcome).toBe('unknown');
  });

  it('is unknown within our own stall at its beginning', () => {
    const story = adding(withBudget({ budgets: { restartMs: 220 } }), {
      t: signal + 5,
      kind: 'stall',
      ms: 60,
    });
    expect(result(story, 'restart').outcome).toBe('unknown');
    expect(judge(story).notes.at(-1)).toContain('Outlast itself stood still 1 time, at most for 60 ms');
  });

  it('goes by the steps of the disruption where nothing was probed', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'probe'),
        'restart',
      ).figures,
    ).toMatchObject({ maxMs: 201 });
  });

  it('is unknown when it was not seen ready again, and when nothing was restarted', () => {
    const unseen = without(
      right,
      (event) => event.kind === 'probe' || (event.kind === 'disruption' && event.step === 'ready'),
    );
    expect(result(unseen, 'restart').outcome).toBe('unknown');
    expect(
      result(
        without(right, ({ kind }) => kind === 'disruption'),
        'restart',
      ).outcome,
    ).toBe('unknown');
  });

  it('judges each service by itself', () => {
    const story = adding(
      right,
      {
        t: signal,
        kind: 'disruption',
        disruption: 0,
        type: 'restart',
        step: 'begin',
        service: 'auth',
        instance: 'a',
      },
      { t: signal + 1, kind: 'disruption', disruption: 0, type: 'restart', step: 'signal', service: 'auth' },
      {
        t: signal + 81,
        kind: 'disruption',
        disruption: 0,
        type: 'restart',
        step: 'ready',
        service: 'auth',
        instance: 'b',
      },
    );
    expect(result(story, 'restart').figures).toMatchObject({ n: 2, medianMs: 80, maxMs: 200 });
  });
});

describe('recovery', () => {
  it('fails above its budget', () => {
    const found = result(withBudget({ budgets: { recoveryMs: 200 } }), 'recovery');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toMatch(/^Recovery took longer than 200 ms: session \d+ /);
  });

  it('counts the first round trip, and not the silence before it', () => {
    const slow = changing(right, (event) =>
      event.kind === 'ack' && event.session === '2' && event.t > ready + 20
        ? { ...event, t: event.t + 3_000 }
        : event,
    );
    expect(result(slow, 'recovery').figures['maxMs']).toBeGreaterThan(3_200);
    const quiet = without(
      right,
      (event) => event.kind === 'written' && event.session === '2' && event.t < end - 600 && event.t > ready,
    );
    expect(result(quiet, 'recovery').figures['maxMs']).toBeLessThan(300);
  });

  it('lasts until what was missed is there', () => {
    const busy = new Story({ everyMs: 1 });
    const back = find(busy, 'ready', ({ session, t }) => session === '9' && t > ready);
    const late = changing(busy, (event) => {
      const isReplay = event.kind === 'receive' && event.session === '9' && event.t - back.t < 1;
      return isReplay && event.t > back.t ? { ...event, t: event.t + 1_000 } : event;
    });
    expect(result(late, 'recovery').figures['maxMs']).toBeGreaterThan(1_200);
  });

  it('is unknown when nobody came back', () => {
    const story = without(right, ({ kind, t }) => kind === 'ready' && t > ready);
    expect(explained(story, 'recovery')).toMatchObject({ outcome: 'unknown', consequenceOf: 'reconnected' });
  });
});

describe('reconnect', () => {
  it('fails with reconnect-time, as its consequence', () => {
    const verdict = judge(withBudget({ budgets: { reconnectMs: 200 } }));
    expect(resultOf(verdict, 'reconnect')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'reconnect-time',
    });
  });

  it('shows percentiles from 100 sessions on, and the parts always', () => {
    expect(result(right, 'reconnect').figures).not.toHaveProperty('p95Ms');
    const many = result(new Story({ rooms: 26 }), 'reconnect').figures;
    expect(many).toMatchObject({ n: 78 });
    const more = result(new Story({ rooms: 34 }), 'reconnect').figures;
    expect(more).toHaveProperty('p99Ms');
    expect(more['downMs']).toBeGreaterThan(0);
  });

  it('tells how many came at once, and how many in step', () => {
    const backs = right.events.filter(
      (event) => event.kind === 'connect' && event.t > ready && event.t < ready + 100,
    );
    expect(backs.length).toBeGreaterThan(2);
    const { peakPerSecond, mostInStep } = result(right, 'reconnect').figures;
    expect([peakPerSecond, mostInStep]).toEqual([backs.length, backs.length]);
    const [first] = backs;
    const spreadOut = changing(right, (event) => {
      const isIts = 'session' in event && first && 'session' in first && event.session === first.session;
      return isIts && event.kind === 'connect' && event.t > ready ? { ...event, t: ready - 100 } : event;
    });
    expect(result(spreadOut, 'reconnect').figures).toMatchObject({
      peakPerSecond: backs.length,
      mostInStep: backs.length - 1,
    });
  });

  it('counts an attempt that the target left hanging as its time, and not as our waiting', () => {
    const began = right.at.signal + 210;
    const tried = { session: '2', conn: 2 };
    const back = find(right, 'ready', (event) => event.session === '2' && event.t > ready);
    const late = changing(right, (event) =>
      'conn' in event && event.session === '2' && event.conn === back.conn
        ? { ...event, t: event.t + 1_000, conn: 3 }
        : event,
    );
    const slow = adding(
      late,
      { t: began, kind: 'connect', door: 'ws', token: 's2-1', ...tried },
      { t: began + 900, kind: 'refused', at: 'join', reason: 'no answer', ...tried },
    );
    const { waitingMs = 0, handshakeMs = 0 } = result(slow, 'reconnect').figures;
    expect(handshakeMs).toBeGreaterThan(899);
    expect(waitingMs).toBeLessThan(200);
  });

  it('splits the median reconnect into parts that add up', () => {
    const [disruption] = judge(right).disruptions;
    const { down = 0, waiting = 0, handshake = 0, joined = 0 } = disruption?.reconnectSplitMs ?? {};
    expect(down + waiting + handshake + joined).toBeCloseTo(disruption?.reconnectMs?.p50 ?? 0, 1);
    expect(down).toBeCloseTo(195, 0);
  });

  it('is unknown when nobody came back', () => {
    const story = without(right, ({ kind, t }) => kind === 'ready' && t > ready);
    expect(result(story, 'reconnect').outcome).toBe('unknown');
  });
});

describe('total', () => {
  it('fails above its budget', () => {
    expect(result(withBudget({ budgets: { totalMs: 1_000 } }), 'total')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/took 3 s/),
    });
  });

  it('is unknown when the run did not come to its end', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'end'),
        'total',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('availability', () => {
  it('says how many deploys a month the measured downtime leaves room for', () => {
    const verdict = judge(right);
    const { maxMs = 0, deploysPerMonth } = resultOf(verdict, 'availability').figures;
    expect(maxMs).toBeGreaterThan(190);
    expect(maxMs).toBeLessThan(300);
    expect(deploysPerMonth).toBe(Math.floor((43.2 * 60_000) / maxMs));
    expect(verdict.figures.deploysPerMonth).toBe(deploysPerMonth);
  });

  it('fails when the restarts of a month do not fit into its error budget', () => {
    const story = withBudget({ availability: { target: 0.999, restartsPerMonth: 20_000 } });
    const found = result(story, 'availability');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toContain('20000 restarts a month leave room for');
  });

  it('is a consequence where only the slow restart kept the sessions away', () => {
    const story = withBudget({
      budgets: { restartMs: 150 },
      availability: { target: 0.999, restartsPerMonth: 20_000 },
    });
    expect(explained(story, 'availability')).toMatchObject({ outcome: 'fail', consequenceOf: 'restart' });
  });

  it('is unknown where only the spacing of the messages decides', () => {
    const { maxMs = 0 } = result(right, 'availability').figures;
    const restartsPerMonth = Math.floor((43.2 * 60_000) / (maxMs + 5));
    expect(
      result(withBudget({ availability: { target: 0.999, restartsPerMonth } }), 'availability').outcome,
    ).toBe('unknown');
  });

  it('takes an answer that comes late for downtime, but not when we stood still ourselves', () => {
    const late = (event: Parameters<Parameters<typeof changing>[1]>[0]) =>
      event.kind === 'ack' && event.session === '2' && event.t > ready + 100 && event.t < ready + 300
        ? { ...event, t: event.t + 2_000 }
        : event;
    const slow = changing(right, late);
    expect(result(slow, 'availability').figures['maxMs']).toBeGreaterThan(350);
    const stalled = adding(slow, { t: ready + 2_400, kind: 'stall', ms: 2_300 });
    expect(result(stalled, 'availability').figures['maxMs']).toBeLessThan(300);
  });

  it('has no end where a session is not served any more, and is unknown', () => {
    const story = without(
      right,
      (event) => event.kind === 'ack' && event.session === '2' && event.t > signal,
    );
    expect(result(story, 'availability')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/session 2 was not served any more/),
    });
  });

  it('ends with the last answer where each came late, or with a canary that was answered in time', () => {
    const story = changing(right, (event) =>
      event.kind === 'ack' && event.session === '2' && event.t > signal && event.t < settle
        ? { ...event, t: event.t + 1_500 }
        : event,
    );
    const found = result(story, 'availability');
    expect(found.outcome).toBe('pass');
    expect(found.figures['maxMs']).toBeGreaterThan(350);
  });

  it('is unknown when nobody sent anything around the restart', () => {
    expect(
      result(
        without(right, ({ kind }) => kind === 'send'),
        'availability',
      ).outcome,
    ).toBe('unknown');
  });
});

describe('what it costs to read the log after the restart', () => {
  it('stands beside the recovery, and not where nobody read it', () => {
    const { readMedianMs, readMaxMs } = result(right, 'recovery').figures;
    expect(readMedianMs).toBeCloseTo(0.2, 3);
    expect(readMaxMs).toBeCloseTo(0.2, 3);
    const unread = without(right, ({ kind }) => kind === 'read');
    expect(result(unread, 'recovery').figures).not.toHaveProperty('readMaxMs');
  });
});
