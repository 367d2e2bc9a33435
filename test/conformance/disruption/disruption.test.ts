import { describe, expect, it } from 'vitest';
import type { DisruptionStep } from '../../../src/history/events.js';
import { refusals, type About } from '../../../src/observe/disruption/index.js';
import { createTarget, isOwn } from '../../../src/observe/target/index.js';
import { startGuardian } from '../../../src/system/index.js';
import { type Ground, ground } from '../../observe/target/harness.js';
import { type Kind, kinds, type Stand } from './kinds.js';

const calm = new AbortController().signal;

interface Told extends About {
  readonly step: DisruptionStep;
}

/** When `strike` tells of what it did. */
interface Watched {
  /** After each step that was told, with its number. */
  readonly at?: (count: number) => void;
  /** When the disruption waits for a chat to meet. */
  readonly awaits?: (told: readonly Told[]) => void;
}

/** Strikes, and keeps what is told. */
async function strike(
  here: Ground,
  { disruptions, target, more, act }: Stand,
  { at, awaits }: Watched = {},
  signal = calm,
): Promise<Told[]> {
  const told: Told[] = [];
  const ground = { target, signal, scope: here.scope, dials: [], ...more };
  const step = (name: DisruptionStep, about?: About) => {
    told.push({ step: name, ...about });
    act?.(name);
    at?.(told.length);
  };
  for (const disruption of disruptions) await disruption.prepare?.(ground);
  const untilChatting = () => Promise.resolve(awaits?.(told));
  for (const disruption of disruptions) await disruption.strike({ ...ground, step, untilChatting });
  return told;
}

const everyReplica = ({ target }: Stand) => [...target.services.values()].flatMap(({ replicas }) => replicas);

async function expectNothingBroken(here: Ground, stand: Stand): Promise<void> {
  // Looks for processes, ports and folders of ours that are left, and fails when something could not be healed.
  await here.leave();
  expect(await stand.broken?.()).toEqual(stand.broken ? [] : undefined);
}

describe.each(kinds)('$name', (kind: Kind) => {
  const isMine = kind.isByOthers !== true;
  it(isMine ? 'waits for a chat right before its first signal' : 'waits for no chat', async () => {
    const here = ground();
    const stand = await kind.stand(here);
    const awaited: string[][] = [];
    const told = await strike(here, stand, {
      awaits: (before) => awaited.push(before.map(({ step }) => step)),
    });
    const first = told.findIndex(({ step }) => step === 'signal');
    expect(awaited[0]).toEqual(isMine ? told.slice(0, first).map(() => 'begin') : undefined);
    await expectNothingBroken(here, stand);
  });

  it('tells its steps in order, from begin to end, and returns when every door is ready', async () => {
    const here = ground();
    const stand = await kind.stand(here);
    const told = await strike(here, stand);
    expect(told.map(({ step }) => step)).toEqual(kind.steps);
    for (const replica of everyReplica(stand)) {
      expect(await replica.look({ signal: calm })).toMatchObject({ ready: true });
    }
    const named = new Set(stand.disruptions.flatMap(({ services }) => services));
    for (const { service, replica } of told) {
      if (named.size === 0) expect(service).toBeUndefined();
      else expect([...named]).toContain(service);
      expect(typeof replica).toBe(named.size === 0 ? 'undefined' : 'number');
    }
    await expectNothingBroken(here, stand);
  });

  // The end of a step is where something has just been done, or is just about to be.
  it.each(kind.steps.slice(0, -1).map((step, index) => [index + 1, step]))(
    'is healed when it is interrupted after step %i, %s',
    async (count) => {
      const here = ground();
      const stand = await kind.stand(here);
      const stop = new AbortController();
      const interrupt = (told: number) => {
        if (told === count) stop.abort(new Error('enough'));
      };
      await expect(strike(here, stand, { at: interrupt }, stop.signal)).rejects.toThrow('enough');
      await expectNothingBroken(here, stand);
    },
  );

  // A relay ends with us, whatever its fault: the first of them is enough.
  const emergencies = kind.steps.slice(1, kind.endsWithUs ? 1 : -2);
  it.each(emergencies.map((step, index) => [index + 2, step]))(
    'is healed at once in an emergency after step %i, %s',
    async (count) => {
      const here = ground();
      const stand = await kind.stand(here);
      const emergency = (told: number) => {
        if (told !== count) return;
        here.scope.emergency();
        throw new Error('the end of us');
      };
      await expect(strike(here, stand, { at: emergency })).rejects.toThrow('the end of us');
      // What is ours is gone with us; what is somebody else's is being brought back.
      await expect
        .poll(() =>
          everyReplica(stand)
            .filter(isOwn)
            .some((replica) => replica.alive()),
        )
        .toBe(false);
      if (stand.outlives) await expect.poll(stand.broken ?? (() => []), { timeout: 10_000 }).toEqual([]);
    },
  );

  it('is refused before anything is touched where a power is missing', async () => {
    const here = ground();
    const { disruptions } = await kind.stand(here);
    const ready = 'http://127.0.0.1:1/';
    const names = disruptions.flatMap(({ services }) => services);
    await using guardian = startGuardian();
    const redactor = { add: () => undefined, stream: () => ({ push: String, end: () => '' }) };
    const environment = { variables: {}, guardian, redactor };
    const bare = Object.fromEntries(names.map((name) => [name, { kind: 'attach', ready }] as const));
    const target = createTarget({ services: bare }, environment);
    for (const disruption of disruptions) {
      const codes = refusals(disruption, target).map(({ code }) => code);
      expect(codes).toEqual(disruption.needs.length === 0 ? [] : ['POWER_MISSING']);
      const elsewhere = createTarget({ services: { other: { kind: 'attach', ready } } }, environment);
      expect(refusals(disruption, elsewhere)).toHaveLength(disruption.services.length);
    }
  });
});
