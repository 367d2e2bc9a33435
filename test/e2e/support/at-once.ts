import { afterAll, beforeAll } from 'vitest';
import type { Verdict } from '../../../src/judge/verdict.js';
import { Workspace, type Ended } from './workspace.js';

export interface Run extends Ended {
  readonly place: Workspace;
  readonly verdict: Verdict;
}

/** Runs these configs, by name, all at once before the tests of a file: each waits for something most of the time. */
export function atOnce(configs: Readonly<Record<string, string>>): (name: string) => Run {
  const places: Workspace[] = [];
  const ended = new Map<string, Run>();
  beforeAll(async () => {
    const running = Object.entries(configs).map(async ([name, config]) => {
      const place = new Workspace();
      places.push(place);
      place.write('outlast.config.ts', config);
      const run = await place.ran('run', '--out', 'run');
      ended.set(name, { ...run, place, verdict: JSON.parse(place.read('run', 'verdict.json')) as Verdict });
    });
    await Promise.all(running);
  });
  afterAll(async () => {
    for (const place of places) await place.remove();
  });
  return (name) => {
    const run = ended.get(name);
    if (!run) throw new Error(`expected a run of ${name}; there is ${[...ended.keys()].join(', ')}`);
    return run;
  };
}
