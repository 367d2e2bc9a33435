import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/base/random.js';
import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event } from '../../../src/history/events.js';
import { result } from '../result.js';
import { Rollout, type Instance, type Plot } from '../rollout.js';
import { changing, judge, lacking, resultOf, under, without, type Told } from '../story.js';
import { avoidable, deaf, fast, sentToTheDead, strange, surging, three } from '../rollouts.js';
import { rollout as right } from '../stories.js';

const ids = ['routed-to-ready', 'any-instance', 'moved-once', 'spread', 'idle-time-out', 'across-instances'];
/** Of the checks of balancers, those with an outcome that nothing else explains. */
const having = (told: Told, outcome: string) => {
  const verdict = judge(told);
  return ids.filter((id) => {
    const found = resultOf(verdict, id);
    return found.outcome === outcome && found.consequenceOf === undefined;
  });
};

/** As if no connection told who holds it. */
const nameless = (told: Told) =>
  changing(told, (event) => {
    if (event.kind !== 'open') return event;
    const { instance: _instance, ...open } = event;
    return open;
  });

describe('the checks of balancers and rolling restarts', () => {
  it.each([
    ['two replicas', right],
    ['three replicas', three],
    ['a new replica before an old one is taken down', surging],
  ])('pass a right rollout: %s', (_, story) => {
    const verdict = judge(story);
    const told = ids.map((id) => resultOf(verdict, id)).filter(({ outcome }) => outcome !== 'pass');
    expect(told.map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
  });

  it('pass whatever a right rollout looks like', () => {
    const plots = fc.record({
      seed: fc.string(),
      replicas: fc.integer({ min: 2, max: 4 }),
      surge: fc.boolean(),
      sessions: fc.integer({ min: 24, max: 40 }),
      downMs: fc.integer({ min: 100, max: 900 }),
      pauseMs: fc.integer({ min: 10, max: 900 }),
    });
    fc.assert(
      fc.property(plots, ({ seed, ...plot }) => {
        const story = new Rollout({ ...plot, random: seeded(seed), contract: exactlyOnce(fast) });
        expect([...having(story, 'fail'), ...having(story, 'unknown')]).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('are not made to fail by a balancer that knows nothing of loads: in turn, or by hash', () => {
    let turn = 0;
    const ready = (instances: readonly Instance[]) => instances.filter(({ isReady }) => isReady);
    const inTurn: Plot['place'] = (instances) => ready(instances)[turn++ % ready(instances).length];
    const byHash: Plot['place'] = (instances, session) =>
      ready(instances)[Math.floor(seeded(session)() * ready(instances).length)];
    for (const place of [inTurn, byHash]) {
      expect(having(new Rollout({ place }), 'fail')).toEqual([]);
      expect(having(new Rollout({ replicas: 3, place }), 'fail')).toEqual([]);
    }
  });

  it('are skipped where there is one replica', () => {
    expect(having(lacking(right, 'balancer'), 'skipped')).toEqual(ids);
  });

  it('are skipped where connections do not tell their instance, apart from the one that needs no name', () => {
    expect(having(lacking(right, 'instance'), 'skipped')).toEqual(
      ids.filter((id) => id !== 'routed-to-ready'),
    );
  });

  it('are unknown, and say why, where connections should tell their instance and do not', () => {
    const told = nameless(right);
    expect(having(told, 'fail')).toEqual([]);
    expect(having(told, 'unknown')).toEqual(['any-instance', 'moved-once', 'spread', 'across-instances']);
  });
});

describe('routed-to-ready', () => {
  it('fails when sessions are sent to the replica that is gone, though another is ready', () => {
    const found = result(sentToTheDead, 'routed-to-ready');
    expect(found.outcome).toBe('fail');
    expect(found.summary).toMatch(
      /^\d+ attempts of sessions .+ to connect were not served \(502\), although another replica \(backend\.2\) was ready/,
    );
    expect(having(sentToTheDead, 'fail')).toEqual(['routed-to-ready']);
  });

  it('leaves the balancer the time that it may take to notice', () => {
    const told = under(sentToTheDead, exactlyOnce({ rollout: { noticeMs: 5_000 } }));
    expect(result(told, 'routed-to-ready').outcome).not.toBe('fail');
  });

  it('does not take the answer of a replica to a token for that of a balancer to nobody', () => {
    const told = changing(sentToTheDead, (event) =>
      event.kind === 'refused' ? { ...event, status: 401 } : event,
    );
    expect(result(told, 'routed-to-ready').outcome).not.toBe('fail');
  });

  it('is unknown where nobody connected while a replica was away', () => {
    const told = without(
      right,
      (event) => ['connect', 'open', 'refused'].includes(event.kind) && event.t > right.at.disrupt,
    );
    expect(result(told, 'routed-to-ready').outcome).toBe('unknown');
  });

  it('explains why sessions are late', () => {
    const verdict = judge(under(sentToTheDead, exactlyOnce({ ...fast, budgets: { reconnectMs: 200 } })));
    expect(resultOf(verdict, 'reconnect-time')).toMatchObject({
      outcome: 'fail',
      consequenceOf: 'routed-to-ready',
    });
  });
});

describe('any-instance', () => {
  it('fails when a session is refused as unknown on another instance than it left', () => {
    const sticky = new Rollout({ knows: () => false });
    expect(having(sticky, 'fail')).toEqual(['any-instance']);
    expect(result(sticky, 'any-instance').summary).toMatch(
      /^sessions .+ were refused as unknown \(404\) on another instance than they had left, with a token that is good$/,
    );
  });

  it('fails when only those who come back where they were are given what they missed', () => {
    const own = new Rollout({ replays: (left, met) => left === met });
    const verdict = judge(own);
    expect(having(own, 'fail')).toEqual(['any-instance']);
    expect(resultOf(verdict, 'any-instance').summary).toMatch(
      /messages never came; the \d+ returns to the instance/,
    );
    expect(resultOf(verdict, 'messages-lost').consequenceOf).toBe('any-instance');
  });

  it('is no matter of instances when nobody is given what was missed', () => {
    const none = new Rollout({ replays: () => false });
    const verdict = judge(none);
    expect(resultOf(verdict, 'any-instance')).toMatchObject({
      outcome: 'pass',
      summary: expect.stringMatching(/but so did some that came back/),
    });
  });

  it('does not take another refusal, or one of a bad token, for it', () => {
    const sticky = new Rollout({ knows: () => false });
    const busy = changing(sticky, (event) => (event.kind === 'refused' ? { ...event, status: 429 } : event));
    expect(result(busy, 'any-instance').outcome).toBe('pass');
    const foreign = changing(sticky, (event) =>
      event.kind === 'connect' && event.t > sticky.at.disrupt
        ? { ...event, token: `late-${event.session}` }
        : event,
    );
    const refusedOnly = changing(foreign, (event) =>
      event.kind === 'open' && event.t > sticky.at.disrupt ? [] : event,
    );
    expect(
      result(
        without(refusedOnly, ({ kind, t }) => kind === 'ready' && t > sticky.at.disrupt),
        'any-instance',
      ).outcome,
    ).toBe('unknown');
  });

  it('is unknown where nobody came to another instance', () => {
    const told = changing(right, (event) =>
      event.kind === 'open' ? { ...event, instance: 'boot-1-0' } : event,
    );
    expect(result(told, 'any-instance').outcome).toBe('unknown');
  });
});

describe('moved-once', () => {
  it('fails when sessions are put on a replica that is next, though a restarted one is ready', () => {
    expect(having(avoidable, 'fail')).toEqual(['moved-once']);
    expect(result(avoidable, 'moved-once').summary).toMatch(
      /lost the connection (twice|up to 3 times) in one rollout: .*although a restarted one was ready/,
    );
  });

  it('shows the same and does not bind where the contract lets it be', () => {
    const told = under(avoidable, exactlyOnce({ rollout: { noticeMs: 100, disconnects: 'any' } }));
    expect(result(told, 'moved-once').binding).toBe(false);
  });

  it('counts what nothing could have spared, and fails only where the contract promises once', () => {
    const found = result(right, 'moved-once');
    expect(found.outcome).toBe('pass');
    expect(found.figures['moreThanOnce']).toBeGreaterThan(0);
    const strict = under(right, exactlyOnce({ rollout: { disconnects: 'once' } }));
    expect(result(strict, 'moved-once').outcome).toBe('fail');
  });

  it('fails when connections are dropped whose instance is not being restarted', () => {
    const story = new Rollout({ drops: { t: 1_350, sessions: ['2', '4', '6'] } });
    expect(result(story, 'moved-once')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(
        /^sessions 2, 4 and 6 lost the connection twice .* 3 connections broke while the instance was not being restarted/,
      ),
    });
  });

  it('is unknown where no session was connected', () => {
    const told = without(right, ({ kind, t }) => kind === 'ready' && t < right.at.disrupt);
    expect(result(told, 'moved-once').outcome).toBe('unknown');
  });
});

describe('spread', () => {
  it('fails when everyone is put on the first that is ready', () => {
    const first = new Rollout({ place: (instances) => instances.find(({ isReady }) => isReady) });
    expect(having(first, 'fail')).toEqual(['spread']);
    expect(result(first, 'spread').summary).toMatch(
      /^\d+ on backend\.\d, \d+ on backend\.\d: so are 40 sessions in the end; \d+ of \d+ times/,
    );
  });

  it('does not blame the balancer where nobody had a choice', () => {
    const late = new Rollout({ downMs: 900 });
    expect(result(late, 'spread')).toMatchObject({ outcome: 'pass', figures: { most: 40, withChoice: 0 } });
  });

  it('is unknown when there are too few sessions to tell it from chance', () => {
    const few = new Rollout({
      sessions: 8,
      surge: true,
      contract: exactlyOnce(fast),
      place: (all) => all.find(({ isReady }) => isReady),
    });
    expect(result(few, 'spread').outcome).toBe('unknown');
  });
});

describe('across-instances', () => {
  it('fails when a message reaches only those on the instance of its sender', () => {
    const verdict = judge(deaf);
    expect(having(deaf, 'fail')).toEqual(['across-instances']);
    expect(resultOf(verdict, 'across-instances').summary).toMatch(
      /^\d+ messages did not pass between instances: what session \d+ said on backend/,
    );
    expect(resultOf(verdict, 'messages-lost').consequenceOf).toBe('across-instances');
  });

  it('fails when old and new instances do not hear each other, and says that it is them', () => {
    expect(having(strange, 'fail')).toEqual(['across-instances']);
    expect(result(strange, 'across-instances').summary).toContain(
      'from before their restart and from after it',
    );
  });

  it('fails when messages are refused only while old and new run side by side', () => {
    const refusing = new Rollout({
      replicas: 3,
      pauseMs: 500,
      takes: (at, all) =>
        at.generation === 0 || all.every(({ isReady, generation }) => !isReady || generation > 0),
    });
    expect(result(refusing, 'across-instances')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(/refused while old and new/),
    });
  });

  it('is no matter of instances when messages are missing within them too', () => {
    const lossy = new Rollout();
    const receipts = lossy.events.filter(({ kind, t }) => kind === 'receive' && t < lossy.at.disrupt);
    const random = seeded('lossy');
    const gone = new Set<Event>(receipts.filter(() => random() < 0.1));
    const verdict = judge(without(lossy, (event) => gone.has(event)));
    expect(resultOf(verdict, 'messages-lost').outcome).toBe('fail');
    expect(resultOf(verdict, 'across-instances').outcome).toBe('pass');
  });

  it('is unknown where no two sessions of a room were on different instances', () => {
    const apart = new Rollout({ place: (instances) => instances.find(({ isReady }) => isReady) });
    expect(result(apart, 'across-instances').outcome).toBe('unknown');
  });
});

describe('idle-time-out', () => {
  const dropped = ['4', '8', '12', '16'];
  /** The quiet ones are closed after so long, on each of their connections. */
  const timedOut = closedAfterSilence(right, dropped);

  it('fails when connections are closed after the same silence, and does not lay it to the restart', () => {
    expect(result(timedOut, 'idle-time-out')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(
        /^The connections of sessions 4, 8, 12 and 16 were closed after about \d+ ms in which nothing was said/,
      ),
      figures: { timedOut: 4 },
    });
  });

  it('does not call it that when others outlived a longer silence', () => {
    expect(result(closedAfterSilence(right, dropped, { outlived: true }), 'idle-time-out').outcome).not.toBe(
      'fail',
    );
  });

  it('does not call it that when it was one or two', () => {
    expect(result(closedAfterSilence(right, ['4', '8']), 'idle-time-out').outcome).not.toBe('fail');
  });

  it('is unknown where no connection was ever quiet', () => {
    const told = without(right, ({ kind, t }) => kind === 'close' && t > right.at.settle);
    expect(result(told, 'idle-time-out').outcome).toBe('unknown');
  });
});

/** After the canaries these fall silent; something closes them 600 ms later. */
function closedAfterSilence(story: Rollout, sessions: readonly string[], { outlived = false } = {}): Told {
  const closeAt = story.at.settle + 700;
  const ended = changing(story, (event): Event | Event[] => {
    if (event.kind !== 'close' || event.t < story.at.settle) return event;
    if (!sessions.includes(event.session)) return outlived ? event : [];
    const { session, conn } = event;
    return {
      t: closeAt + Number(session),
      session,
      ...(conn === undefined ? {} : { conn }),
      kind: 'close',
      by: 'network',
    };
  });
  return ended;
}
