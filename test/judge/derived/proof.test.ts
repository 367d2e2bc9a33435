import { describe, expect, it } from 'vitest';
import type { PlannedDisruption } from '../../../src/history/events.js';
import { isProved, shows, unprovedOf } from '../../../src/judge/derived/proof.js';
import { restarts, step, telling, type Setting, type Telling } from './telling.js';

const planned: PlannedDisruption = { type: 'restart', services: ['backend'], holdsConnections: true };

describe('the proof of a disruption', () => {
  const proved = (setting: Setting, ...events: readonly Telling[]) => isProved(telling(setting, ...events));
  const unproved = (...events: readonly Telling[]) =>
    unprovedOf(telling({}, ...events)).map(({ name }) => name);

  it('is another instance at the door, or a door that was closed', () => {
    expect(proved({}, restarts(99, 200))).toBe(true);
    const same = [
      step(99, 'begin', { instance: 'a' }),
      step(100, 'signal'),
      step(200, 'ready', { instance: 'a' }),
    ];
    expect(proved({}, same)).toBe(false);
    expect(proved({}, same, step(120, 'port-closed'))).toBe(true);
    expect(proved({}, step(99, 'begin'), step(100, 'signal'), step(200, 'ready', { instance: 'b' }))).toBe(
      false,
    );
    expect(proved({}, step(99, 'begin', { instance: 'a' }), step(100, 'signal'), step(200, 'ready'))).toBe(
      false,
    );
    expect(proved({}, restarts(99, null))).toBe(false);
  });

  it('is of everything that was disrupted', () => {
    const other = [step(99, 'begin', { replica: 1 }), step(100, 'signal', { replica: 1 })];
    expect(unproved(restarts(99, 200, { replica: 0 }), other)).toEqual(['backend.2']);
    expect(proved({}, restarts(99, 200), other)).toBe(false);
    expect(unproved(step(99, 'begin'))).toEqual([]);
  });

  it('is none where nothing was disrupted', () => {
    expect(proved({})).toBe(false);
    const { service: _, ...signal } = step(100, 'signal');
    expect(proved({}, signal)).toBe(false);
    expect(proved({}, restarts(99, 200), { ...signal, disruption: 1 })).toBe(true);
  });

  it('is that the fault was in force, and met somebody, where nothing is restarted', () => {
    const pause: Setting = { disruptions: [{ ...planned, lacks: { restart: 'it is a pause' } }] };
    const begun = step(99, 'begin');
    expect(proved(pause, begun, step(100, 'held'))).toBe(true);
    expect(proved(pause, begun, step(100, 'signal'))).toBe(false);
    expect(proved(pause, begun, step(100, 'held', { connections: 0 }))).toBe(false);
    expect(
      proved(pause, begun, step(100, 'held', { connections: 0 }), step(200, 'released', { connections: 3 })),
    ).toBe(true);
    expect(
      proved(pause, begun, step(100, 'held', { connections: 3 }), step(200, 'released', { connections: 0 })),
    ).toBe(false);
    expect(proved(pause, begun, step(100, 'held', { connections: 3 }), step(200, 'released'))).toBe(true);
    expect(proved(pause, restarts(99, 200))).toBe(false);
  });

  it('goes by what the plan says that each disruption shows', () => {
    const { header } = telling({ disruptions: [planned, { ...planned, lacks: { restart: 'none' } }] });
    expect([0, 1, 2].map((index) => shows(header, { index }, 'restart'))).toEqual([true, false, true]);
    expect(shows(header, { index: 1 }, 'graceful')).toBe(true);
  });
});
