import { describe, expect, it } from 'vitest';
import type { EventOf, SeenOfRun } from '../../../src/history/events.js';
import { probe, restart } from '../../../src/observe/disruption/index.js';
import { ground, service } from '../target/harness.js';
import { sceneOf } from './scene.js';

type Probe = Omit<EventOf<'probe'>, 't'>;
const isProbe = (seen: SeenOfRun): seen is Probe => seen.kind === 'probe';

describe('the prober', () => {
  it('sees a door close and open again, with the instance before and after', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const seen: SeenOfRun[] = [];
    const { signal } = new AbortController();
    const probing = probe(target, ['backend'], { everyMs: 20, signal }, (event) => void seen.push(event));
    await restart(['backend']).strike(sceneOf(target, here.scope));
    const known = seen.length;
    await expect.poll(() => seen.length).toBeGreaterThan(known + 2);
    await probing.stop();
    const looks = seen.filter(isProbe);
    expect(looks).toHaveLength(seen.length);
    const changes = looks.filter((look, index) => look.up !== looks[index - 1]?.up).map(({ up }) => up);
    expect(changes).toEqual([true, false, true]);
    const instances = new Set(looks.flatMap(({ instance }) => instance ?? []));
    expect(instances.size).toBe(2);
    // A timer counts from when its loop last read the clock, so it may fire some milliseconds early.
    for (const { spacing } of looks.slice(1)) expect(spacing).toBeGreaterThanOrEqual(10);
  });

  it('tells nothing more once it is stopped or the run is aborted', async () => {
    const here = ground();
    const target = await here.up({ backend: service() });
    const seen: SeenOfRun[] = [];
    const abort = new AbortController();
    const stopped = probe(
      target,
      ['backend'],
      { everyMs: 5, signal: abort.signal },
      (event) => void seen.push(event),
    );
    await expect.poll(() => seen.length).toBeGreaterThan(3);
    await stopped.stop();
    await stopped.stop();
    const aborted = probe(
      target,
      ['backend'],
      { everyMs: 5, signal: abort.signal },
      (event) => void seen.push(event),
    );
    abort.abort();
    await aborted.stop();
    const count = seen.length;
    await here.own(target, 'backend').look({ signal: new AbortController().signal });
    expect(seen).toHaveLength(count);
  });
});
