import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { reconnectsOf, recoveriesOf, restartsOf } from '../../../src/judge/derived/timings.js';
import {
  arrives,
  fails,
  hears,
  loses,
  restarts,
  says,
  step,
  telling,
  type Setting,
  type Telling,
} from './telling.js';

const stall = (t: number, ms: number): Event => ({ t, kind: 'stall', ms });
const probe = (t: number, ready: boolean, instance: string, spacing = 20): Event => ({
  ...{ t, kind: 'probe', service: 'backend', up: ready, ready, instance, spacing },
});

const restartsIn = (...events: readonly Telling[]) => restartsOf(telling({}, ...events));

describe('the timings of a restart', () => {
  it('run from the signal to the look that found it ready, or perhaps from one look earlier', () => {
    const [found] = restartsIn(restarts(99, 210), probe(90, true, 'old'), probe(200, true, 'new', 30));
    expect(found).toMatchObject({ disruption: 0, timing: { ms: 100, atLeast: 70, atMost: 100 } });
    expect(found?.evidence.map(({ t, kind }) => [t, kind])).toEqual([
      [100, 'disruption'],
      [200, 'probe'],
    ]);
  });

  it('run from the begin where no signal is told', () => {
    const [found] = restartsIn(step(99, 'begin', { instance: 'old' }), step(200, 'ready'));
    expect(found?.timing?.ms).toBe(101);
    expect(found?.evidence.map(({ t }) => t)).toEqual([99, 200]);
  });

  it('are none of what was never ready again, or said to have failed whatever was seen', () => {
    expect(restartsIn(restarts(99, null))).toMatchObject([{ timing: null, evidence: [{ t: 100 }] }]);
    const failed = restartsIn(restarts(99, 200), step(300, 'failed'));
    expect(failed).toMatchObject([{ timing: null, evidence: [{ t: 100 }, { t: 300 }] }]);
    expect(failed[0]?.evidence).toHaveLength(2);
    expect(restartsIn(restarts(99, null))[0]?.evidence).toHaveLength(1);
  });

  it('are one for each service and replica, of disruptions that struck', () => {
    const second = { disruption: 1, service: 'auth' };
    const found = restartsIn(
      restarts(99, 200),
      restarts(99, 250, { replica: 1 }),
      step(300, 'begin', second),
      step(300, 'begin', { ...second, disruption: 2 }),
      step(310, 'signal', { ...second, disruption: 2 }),
      step(330, 'ready', { ...second, disruption: 2 }),
    );
    expect(found.map(({ disruption, restart, timing }) => [disruption, restart.name, timing?.ms])).toEqual([
      [0, 'backend.1', 100],
      [0, 'backend.2', 150],
      [2, 'auth', 20],
    ]);
  });

  it('leave out the time for which the target was held on purpose', () => {
    const found = restartsIn(restarts(99, 200), step(120, 'held'), step(150, 'released'));
    expect(found[0]?.timing).toEqual({ ms: 70, atLeast: 70, atMost: 70 });
  });

  it('are shorter by what this program stood still in between, and never less than nothing', () => {
    expect(restartsIn(restarts(99, 200), stall(160, 25))[0]?.timing).toEqual({
      ...{ ms: 100, atLeast: 75, atMost: 100 },
    });
    const slept = restartsIn(
      restarts(99, 110),
      stall(105, 5),
      probe(90, true, 'old'),
      probe(109, true, 'new'),
    );
    expect(slept[0]?.timing).toEqual({ ms: 9, atLeast: 0, atMost: 9 });
  });

  it('are shorter once by what it was both held and not seen', () => {
    const held = [step(120, 'held'), step(150, 'released')];
    const timingOf = (t: number, ms: number) => restartsIn(restarts(99, 200), held, stall(t, ms))[0]?.timing;
    expect(timingOf(140, 10)).toEqual({ ms: 70, atLeast: 70, atMost: 70 });
    expect(timingOf(160, 20)).toEqual({ ms: 70, atLeast: 60, atMost: 70 });
  });

  it('are longer by how long it had stood still when it saw the beginning', () => {
    const begun = (...[t, ms]: [number, number]) =>
      restartsIn(stall(50, 5), restarts(99, 200), stall(t, ms))[0]?.timing?.atMost;
    expect(begun(130, 60)).toBe(130);
    expect(begun(100, 10)).toBe(110);
    expect(begun(130, 30)).toBe(100);
    expect(begun(99, 10)).toBe(100);
  });
});

/** The target is down from 100 to 200; its one session had lost its connection at 105. */
const struck = (...events: readonly Telling[]) =>
  telling({}, arrives(10, '1', { instance: 'old' }), restarts(99, 200), loses(105, '1'), ...events);

describe('the timings of a reconnect', () => {
  const splitIn = (...events: readonly Telling[]) =>
    reconnectsOf(struck(...events)).map(({ split }) => split);

  it('run from the loss that was noticed to when it was in its rooms again', () => {
    const [found] = reconnectsOf(struck(arrives(230, '1', { conn: 2, instance: 'new' })));
    expect(found).toMatchObject({
      from: { session: '1' },
      timing: { ms: 128, atLeast: 128, atMost: 128 },
      split: { down: 95, waiting: 30, handshake: 1, joined: 2 },
    });
    expect(found?.evidence.map(({ t, kind }) => [t, kind])).toEqual([
      [105, 'close'],
      [230, 'connect'],
      [231, 'open'],
      [233, 'ready'],
    ]);
  });

  it('count what it waited for in attempts that came to nothing as handshake, once the target was ready', () => {
    const back = arrives(230, '1', { conn: 4, instance: 'new' });
    const tried = (t: number, ms: number) => splitIn(fails(t, '1', 2, ms), back)[0];
    expect(tried(210, 5)).toEqual({ down: 95, waiting: 25, handshake: 6, joined: 2 });
    expect(tried(190, 15)).toEqual({ down: 95, waiting: 25, handshake: 6, joined: 2 });
    expect(tried(150, 15)).toEqual({ down: 95, waiting: 30, handshake: 1, joined: 2 });
    const twice = splitIn(fails(205, '1', 2, 5), fails(215, '1', 3, 7), back);
    expect(twice).toEqual([{ down: 95, waiting: 18, handshake: 13, joined: 2 }]);
    const unnamed = { t: 220, session: '1', kind: 'refused', at: 'sign-in' } as const;
    expect(splitIn(unnamed, back)).toEqual([{ down: 95, waiting: 30, handshake: 1, joined: 2 }]);
  });

  it('leave out of each part what the target was held for in it', () => {
    const held = (from: number, to: number) =>
      splitIn(
        step(from, 'held'),
        step(to, 'released'),
        step(201, 'healed'),
        probe(90, true, 'old'),
        probe(200, true, 'new'),
        arrives(230, '1', { conn: 2, instance: 'new' }),
      )[0];
    expect(held(110, 150)).toEqual({ down: 55, waiting: 30, handshake: 1, joined: 2 });
  });

  it('have no time in which the target was down where the session came back before it was seen ready', () => {
    const early = splitIn(arrives(150, '1', { conn: 2, instance: 'new' }));
    expect(early).toEqual([{ down: 45, waiting: 0, handshake: 1, joined: 2 }]);
  });

  it('take a target that was never seen ready for ready when the session dialled', () => {
    const context = telling(
      {},
      arrives(10, '1', { instance: 'old' }),
      restarts(99, null),
      loses(105, '1'),
      arrives(230, '1', { conn: 2, instance: 'new' }),
    );
    expect(reconnectsOf(context)[0]?.split).toEqual({ down: 125, waiting: 0, handshake: 1, joined: 2 });
  });

  it('do not take the target for down before the loss was noticed', () => {
    const context = telling(
      {},
      arrives(10, '1', { instance: 'old' }),
      restarts(99, 200),
      loses(220, '1'),
      arrives(230, '1', { conn: 2, instance: 'new' }),
    );
    expect(reconnectsOf(context)[0]?.split).toEqual({ down: 0, waiting: 10, handshake: 1, joined: 2 });
  });

  it('are of a library that tells no attempts and no handshake: all is joining', () => {
    const back: Event = { t: 233, session: '1', conn: 2, kind: 'ready', claims: 'unstated' };
    const [found] = reconnectsOf(struck(back));
    expect(found?.split).toEqual({ down: 95, waiting: 33, handshake: 0, joined: 0 });
    expect(found?.evidence.map(({ kind }) => kind)).toEqual(['close', 'ready']);
  });

  it('are none of a session that did not come back, or never lost its connection', () => {
    expect(reconnectsOf(struck())).toEqual([]);
    const untouched = telling({}, arrives(10, '1', { instance: 'old' }), restarts(99, 200));
    expect(reconnectsOf(untouched)).toEqual([]);
    expect(recoveriesOf(untouched)).toEqual([]);
  });
});

describe('a session that came back to another replica', () => {
  const rolled = (instance: string | undefined, ...events: readonly Event[]) =>
    telling(
      {},
      arrives(10, '1', { instance: 'a1' }),
      restarts(99, 200, { replica: 0, instance: 'a1' }).map((one) =>
        one.step === 'ready' ? { ...one, instance: 'a2' } : one,
      ),
      events,
      loses(105, '1'),
      arrives(230, '1', { conn: 2, ...(instance === undefined ? {} : { instance }) }),
    );
  const other = (t: number) =>
    restarts(t, t + 100, { replica: 1, instance: 'b1' }).map((one) =>
      one.step === 'ready' ? { ...one, instance: 'b2' } : one,
    );
  const downOf = (context: ReturnType<typeof rolled>) => reconnectsOf(context)[0]?.split.down;

  it('found it ready all the time, where replicas are restarted one after the other', () => {
    expect(downOf(rolled('b1', ...other(300)))).toBe(0);
    expect(downOf(rolled('a2', ...other(300)))).toBe(95);
    expect(downOf(rolled(undefined, ...other(300)))).toBe(95);
  });

  it('came back to one of those that were struck with its own', () => {
    const together = restarts(100, 180, { replica: 2, instance: 'c1' }).map((one) =>
      one.step === 'ready' ? { ...one, instance: 'c2' } : one,
    );
    expect(downOf(rolled('c2', ...other(300), ...together))).toBe(95);
    expect(downOf(rolled('b1', ...other(300), ...together))).toBe(0);
  });

  it('found one from the reserve ready all the time, which is sent back afterwards', () => {
    const spare = [step(50, 'started'), step(90, 'ready', { instance: 's' }), step(300, 'signal')];
    expect(downOf(rolled('s', ...spare.map((one) => ({ ...one, replica: 1 }))))).toBe(0);
  });

  it('cannot have found another where all were restarted together', () => {
    expect(downOf(rolled('b1'))).toBe(95);
  });

  it('found it ready all the time in the last turn of a rollout as well', () => {
    const context = telling(
      {},
      arrives(310, '1', { instance: 'b1' }),
      restarts(99, 200, { replica: 0, instance: 'a1' }),
      other(400),
      loses(405, '1'),
      arrives(530, '1', { conn: 2, instance: 'a2' }),
    );
    expect(downOf(context)).toBe(0);
  });
});

describe('the timings of a recovery', () => {
  const back = arrives(230, '1', { conn: 2, instance: 'new' });
  const other = arrives(11, '2', { instance: 'elsewhere' });
  const recovered = (...events: readonly Telling[]) =>
    recoveriesOf(struck(back, other, ...events)).filter(({ from }) => from.session === '1')[0];
  const evidence = (...events: readonly Telling[]) => recovered(...events)?.evidence.map(({ t }) => t);

  it('end when it is ready, where it missed nothing and said nothing', () => {
    expect(recovered()).toMatchObject({ timing: { ms: 128 }, hasRoundTrip: false });
    expect(evidence()).toEqual([105, 233]);
  });

  it('add its first round trip, without the silence before it', () => {
    const spoke = says(400, '1', 1, { conn: 2, ackAt: 420 });
    expect(recovered(spoke)).toMatchObject({ timing: { ms: 148 }, hasRoundTrip: true });
    expect(evidence(spoke)).toEqual([105, 233, 400, 420]);
    const later = says(300, '1', 2, { conn: 2, ackAt: 305 });
    expect(evidence(spoke, later)).toEqual([105, 233, 300, 305]);
    expect(evidence(later, says(310, '1', 3, { conn: 2, ackAt: 311 }))).toEqual([105, 233, 300, 305]);
  });

  it('leave out what the first round trip waited for a target that was kept from working on purpose', () => {
    const held = [
      step(400, 'begin', { disruption: 1, type: 'pause' }),
      step(401, 'signal', { disruption: 1, type: 'pause' }),
      step(410, 'held', { disruption: 1, type: 'pause' }),
      step(900, 'released', { disruption: 1, type: 'pause' }),
    ];
    const spoke = says(405, '1', 1, { conn: 2, ackAt: 905 });
    expect(recovered(held, spoke)?.timing).toMatchObject({ ms: 138, atLeast: 138, atMost: 138 });
  });

  it('take the round trip that began first, whichever message was announced first', () => {
    const [announced, ...more] = says(310, '1', 1, { conn: 2, ackAt: 330 });
    const early = announced ? [{ ...announced, t: 299 }] : [];
    expect(evidence(early, more, says(300, '1', 2, { conn: 2, ackAt: 305 }))).toEqual([105, 233, 300, 305]);
  });

  it('take no round trip that began before it was ready, or that nothing answered', () => {
    expect(recovered(says(232, '1', 1, { conn: 2, ackAt: 250 }))?.hasRoundTrip).toBe(false);
    expect(recovered(says(233, '1', 1, { conn: 2, ackAt: 250 }))?.hasRoundTrip).toBe(true);
    expect(recovered(says(240, '1', 1, { conn: 2, ackAt: null }))?.hasRoundTrip).toBe(false);
    expect(recovered(says(240, '1', 1, { conn: 2, ackAt: 239 }))?.hasRoundTrip).toBe(false);
    expect(recovered(says(240, '1', 1, { conn: 2, ackAt: 240 }))?.hasRoundTrip).toBe(true);
  });

  it('take a round trip on the connection that came back, where it is told', () => {
    const onAnother = says(240, '1', 1, { conn: 3 });
    expect(recovered(arrives(236, '1', { conn: 3 }), onAnother)?.hasRoundTrip).toBe(false);
    const request = says(240, '1', 1).map((event) => {
      const { conn: _, ...unnumbered } = event as Event & { conn?: number };
      return unnumbered as Event;
    });
    expect(recovered(request)?.hasRoundTrip).toBe(true);
  });

  it('wait for the last of what was sent before it was ready', () => {
    const missed = (sentAt: number, at: number, more: { conn?: number } = { conn: 2 }) => [
      says(sentAt, '2', 1),
      hears(at, '1', ['2', 1], more),
    ];
    expect(recovered(...missed(150, 270))?.timing.ms).toBe(165);
    expect(evidence(...missed(150, 270))).toEqual([105, 233, 270]);
    expect(recovered(...missed(232, 270))?.timing.ms).toBe(165);
    expect(recovered(...missed(233, 270))?.timing.ms).toBe(128);
    expect(recovered(...missed(150, 233))?.timing.ms).toBe(128);
    expect(evidence(...missed(150, 233))).toEqual([105, 233, 233]);
    expect(evidence(...missed(150, 232))).toEqual([105, 233]);
    expect(evidence(arrives(260, '1', { conn: 3 }), ...missed(150, 270, { conn: 3 }))).toEqual([105, 233]);
    const { conn: _, ...unnumbered } = hears(270, '1', ['2', 1]);
    expect(evidence(says(150, '2', 1), unnumbered)).toEqual([105, 233, 270]);
    const two = [says(151, '2', 2), hears(250, '1', ['2', 2], { conn: 2 })];
    expect(evidence(...missed(150, 270), ...two)).toEqual([105, 233, 270]);
    expect(evidence(...two, ...missed(150, 270))).toEqual([105, 233, 270]);
    const later = [says(155, '2', 2), hears(270, '1', ['2', 2], { conn: 2 })];
    expect(evidence(...missed(150, 260), ...later)).toEqual([105, 233, 270]);
    const first = [says(140, '2', 3), hears(280, '1', ['2', 3], { conn: 2 })];
    expect(evidence(...first, ...two)).toEqual([105, 233, 280]);
  });

  it('end with what came last: what was missed, or the round trip', () => {
    const late = [says(150, '2', 1), hears(270, '1', ['2', 1], { conn: 2 })];
    expect(recovered(late.flat(), says(300, '1', 1, { conn: 2, ackAt: 310 }))?.timing.ms).toBe(165);
    expect(recovered(late.flat(), says(300, '1', 1, { conn: 2, ackAt: 350 }))?.timing.ms).toBe(178);
  });

  it('are one for each time that a session lost its connection', () => {
    const second = { disruption: 1 };
    const setting: Setting = {};
    const context = telling(
      setting,
      arrives(10, '1', { instance: 'old' }),
      restarts(99, 200),
      loses(105, '1'),
      back,
      says(240, '1', 1, { conn: 2, ackAt: 250 }),
      restarts(499, 600, { ...second, instance: 'new' }),
      loses(505, '1', 2),
      arrives(630, '1', { conn: 3, instance: 'newer' }),
      says(700, '1', 2, { conn: 3, ackAt: 703 }),
    );
    expect(recoveriesOf(context).map(({ timing }) => timing.ms)).toEqual([138, 131]);
  });
});
