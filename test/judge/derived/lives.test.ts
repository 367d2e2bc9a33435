import { describe, expect, it } from 'vitest';
import {
  lifeOf,
  livesOf,
  readyFor,
  replicasOf,
  rolloutOf,
  turnsOf,
} from '../../../src/judge/derived/lives.js';
import { connections } from '../../../src/judge/facts/connections.js';
import { arrives, restarts, step, telling, type Telling } from './telling.js';

const livesIn = (...events: readonly Telling[]) => livesOf(telling({}, ...events));
const shortly = (...events: readonly Telling[]) =>
  livesIn(...events).map(({ name, instance, generation, readyFrom, readyTo }) => [
    ...[name, instance, generation, readyFrom, readyTo],
  ]);

/** One replica is restarted: from `a` to `a2`. */
const turn = (t: number, readyAt: number | null, replica: number, from: string, to: string) =>
  restarts(t, readyAt, { replica, instance: from }).map((one) =>
    one.step === 'ready' ? { ...one, instance: to } : one,
  );

describe('the lives of replicas', () => {
  it('are one before its restart and one after it', () => {
    const found = livesIn(arrives(10, '1', { instance: 'a' }), turn(99, 200, 0, 'a', 'a2'));
    expect(found).toMatchObject([
      {
        ...{ name: 'backend.1', service: 'backend', replica: 0, instance: 'a', generation: 0 },
        ...{ readyFrom: -Infinity, readyTo: 100, ended: { begunAt: 99, backAt: 200 } },
      },
      { name: 'backend.1', instance: 'a2', generation: 1, readyFrom: 200, readyTo: Infinity, ended: null },
    ]);
    expect(found[0]?.ended?.disruption.index).toBe(0);
  });

  it('end with the begin where no signal is told, and for ever where it never got ready', () => {
    const unsignalled = step(99, 'begin', { instance: 'a' });
    expect(livesIn(arrives(10, '1', { instance: 'a' }), unsignalled)).toMatchObject([
      { instance: 'a', readyTo: 99, ended: { begunAt: 99, backAt: Infinity } },
    ]);
    expect(shortly(arrives(10, '1', { instance: 'a' }), turn(99, null, 0, 'a', ''))).toHaveLength(1);
  });

  it('go on from one disruption to the next', () => {
    const later = turn(299, 400, 0, 'a2', 'a3').map((one) => ({ ...one, disruption: 1 }));
    const last = turn(499, 600, 0, 'a3', 'a4').map((one) => ({ ...one, disruption: 2 }));
    const found = livesIn(arrives(10, '1', { instance: 'a' }), turn(99, 200, 0, 'a', 'a2'), later, last);
    expect(found.map(({ instance, generation, readyTo }) => [instance, generation, readyTo])).toEqual([
      ['a', 0, 100],
      ['a2', 1, 300],
      ['a3', 2, 500],
      ['a4', 3, Infinity],
    ]);
    expect(found.map(({ ended }) => ended?.disruption.index)).toEqual([0, 1, 2, undefined]);
  });

  it('are of each replica by itself, in the order in which they were ready', () => {
    const all = [turn(99, 200, 0, 'a', 'a2'), turn(299, 400, 1, 'b', 'b2')];
    expect(shortly(all)).toEqual([
      ['backend.1', 'a', 0, -Infinity, 100],
      ['backend.2', 'b', 0, -Infinity, 300],
      ['backend.1', 'a2', 1, 200, Infinity],
      ['backend.2', 'b2', 1, 400, Infinity],
    ]);
    expect(replicasOf(livesIn(all))).toEqual(['backend.1', 'backend.2']);
  });

  it('may be of instances that no door told', () => {
    const untold = [step(99, 'begin', { replica: 1 }), step(200, 'ready', { replica: 1 })];
    expect(shortly(untold)).toEqual([
      ['backend.2', null, 0, -Infinity, 99],
      ['backend.2', null, 1, 200, Infinity],
    ]);
  });
});

describe('the life of one from the reserve', () => {
  const rollout = turn(99, 200, 1, 'b', 'b2');
  const spare = (...steps: Parameters<typeof step>[]) =>
    steps.map(([t, its, more]) => step(t, its, { replica: 2, ...more }));
  const lastOf = (...events: readonly Telling[]) =>
    livesIn(rollout, ...events).find(({ name }) => name === 'backend.3');

  it('is there from when it is ready to when it is sent back', () => {
    const sent = spare([110, 'started'], [130, 'ready', { instance: 's' }], [300, 'signal'], [320, 'exited']);
    expect(lastOf(sent)).toMatchObject({
      ...{ instance: 's', generation: 1, readyFrom: 130, readyTo: 300 },
      ended: { begunAt: 300, backAt: 320, disruption: { index: 0 } },
    });
    const unfinished = spare([110, 'started'], [130, 'ready', { instance: 's' }], [300, 'signal']);
    expect(lastOf(unfinished)?.ended?.backAt).toBe(Infinity);
    const ended = spare([110, 'started'], [130, 'ready', { instance: 's' }], [320, 'exited']);
    expect(lastOf(ended)).toMatchObject({ readyTo: 320, ended: { begunAt: 320, backAt: 320 } });
  });

  it('lasts where it is not sent back, and is none where it never got ready', () => {
    const stays = spare([110, 'started'], [130, 'ready', { instance: 's' }]);
    expect(lastOf(stays)).toMatchObject({ readyTo: Infinity, ended: null });
    expect(lastOf(spare([110, 'started'], [300, 'signal']))).toBeUndefined();
  });
});

describe('the replicas behind the balancer', () => {
  const db = (t: number) => restarts(t, t + 50, { service: 'db', instance: 'd' });

  it('are of the service that connections name, and of no other', () => {
    const rolled = turn(99, 200, 1, 'b', 'b2');
    const found = shortly(arrives(10, '1', { instance: 'b' }), rolled, db(300));
    expect(found.map(([name]) => name)).toEqual(['backend.2', 'backend.2']);
    const other = shortly(arrives(10, '1', { instance: 'd' }), rolled, db(300));
    expect(other.map(([name]) => name)).toEqual(['db.1', 'db.1']);
  });

  it('are of the one with several replicas, where connections name none', () => {
    const rolled = turn(99, 200, 1, 'b', 'b2');
    expect(shortly(arrives(10, '1'), rolled, db(300)).map(([name]) => name)).toEqual([
      ...['backend.2', 'backend.2'],
    ]);
    expect(shortly(arrives(10, '1'), turn(99, 200, 0, 'a', 'a2'), db(300))).toEqual([]);
  });

  it('are also those that sessions were on, and that nothing was ever done to', () => {
    const events = [
      ...[arrives(10, '1', { instance: 'a' }), arrives(20, '2', { instance: 'c' })],
      ...[arrives(15, '3', { instance: 'c' }), arrives(30, '4'), arrives(98, '5', { instance: 'e' })],
      ...[turn(99, 200, 0, 'a', 'a2'), arrives(250, '6', { instance: 'n' })],
    ];
    expect(livesIn(...events)).toMatchObject([
      { name: 'backend.1', instance: 'a' },
      {
        ...{ name: 'c', service: 'backend', replica: null, instance: 'c', generation: 0 },
        ...{ readyFrom: -Infinity, readyTo: Infinity, ended: null },
      },
      { name: 'e', generation: 1, readyFrom: 99 },
      { name: 'backend.1', instance: 'a2' },
      { name: 'n', generation: 1, readyFrom: 251, readyTo: Infinity },
    ]);
  });

  it('are not those that connections name where no door knows any of the names', () => {
    const rolled = turn(99, 200, 1, 'b', 'b2');
    expect(shortly(arrives(10, '1', { instance: 'pod-7' }), rolled)).toEqual([
      ['backend.2', 'b', 0, -Infinity, 100],
      ['backend.2', 'b2', 1, 200, Infinity],
    ]);
  });

  it('date an instance that nothing was done to from the first that met it', () => {
    const late = [arrives(250, '1', { instance: 'n' }), arrives(220, '2', { instance: 'n' })];
    const known = [arrives(10, '3', { instance: 'a' }), turn(99, 200, 0, 'a', 'a2')];
    const found = livesIn(known, late).find(({ name }) => name === 'n');
    expect(found?.readyFrom).toBe(221);
  });
});

describe('the life that holds a connection', () => {
  it('is of the instance that it names; null: it names none, or one that nobody knows', () => {
    const context = telling(
      {},
      [arrives(10, '1', { instance: 'a' }), arrives(20, '2'), arrives(30, '3', { instance: 'zzz' })],
      [turn(99, 200, 1, 'a', 'a2'), step(300, 'begin', { replica: 2 })],
    );
    const held = [...context.facts(connections).values()].map(({ connections: [one] }) =>
      one ? lifeOf(context, one)?.name : null,
    );
    expect(held).toEqual(['backend.2', undefined, 'zzz']);
    const unknown = telling({}, arrives(30, '3', { instance: 'zzz' }), turn(99, 200, 1, 'a', 'a2'));
    const [line] = unknown.facts(connections).values();
    expect(line?.connections[0] && lifeOf(unknown, line.connections[0])).toBeNull();
  });
});

describe('lives that were ready', () => {
  const lives = () => livesIn(arrives(10, '1', { instance: 'a' }), turn(99, 200, 0, 'a', 'a2'));

  it('had been so for as long as asked, and were not asked to leave yet', () => {
    const names = (t: number, forMs: number) => readyFor(lives(), t, forMs).map(({ instance }) => instance);
    expect(names(99, 0)).toEqual(['a']);
    expect(names(100, 0)).toEqual([]);
    expect(names(249, 50)).toEqual([]);
    expect(names(250, 50)).toEqual(['a2']);
  });

  it('became so, or ceased to be so, within the run', () => {
    expect(turnsOf(lives())).toEqual([100, 200]);
  });
});

describe('what the contract promises of rollouts', () => {
  it('is the standard where it says nothing of them', () => {
    const context = telling({ contract: { rollout: { noticeMs: 5 } } });
    expect(rolloutOf(context)).toEqual({ noticeMs: 5, disconnects: 'needed' });
    const { rollout: _, ...contract } = context.header.contract;
    expect(rolloutOf({ ...context, header: { ...context.header, contract } })).toEqual({
      ...{ noticeMs: 2_000, disconnects: 'needed' },
    });
  });
});
