import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { adding, changing, having, judge, Story, type Told } from '../story.js';

const right = new Story({ downMs: 200 });
const { ready } = right.at;
const step = (t: number, name: EventOf<'disruption'>['step'], more: Partial<EventOf<'disruption'>> = {}) => {
  const about = { kind: 'disruption', disruption: 1, type: 'crash', service: 'backend' } as const;
  return { t, ...about, step: name, ...more };
};
const probe = { kind: 'probe', service: 'backend', spacing: 2 } as const;
const [again, back] = [ready + 5, ready + 15];

describe('a kill that meets a target to which nobody has come back yet', () => {
  const later = changing(right, (event) =>
    'instance' in event && event.instance === 'boot-2' && event.t > back
      ? { ...event, instance: 'boot-3' }
      : event,
  );
  const told: Told = {
    header: {
      ...right.header,
      plan: {
        ...right.header.plan,
        disruptions: [
          ...right.header.plan.disruptions,
          { type: 'crash', services: ['backend'], holdsConnections: true, lacks: { graceful: 'killed' } },
        ],
      },
    },
    events: adding(
      later,
      step(again - 1, 'begin', { instance: 'boot-2' }),
      step(again, 'signal', { signal: 'SIGKILL' }),
      step(again + 1, 'exited', { exitCode: null }),
      step(again + 2, 'port-closed'),
      step(again + 3, 'started'),
      { t: again + 1, ...probe, up: false, ready: false },
      { t: back, ...probe, up: true, ready: true, instance: 'boot-3' },
      step(back, 'ready', { instance: 'boot-3' }),
      step(back + 1, 'end'),
    ).events,
  };

  it('leaves nothing unknown', () => {
    const verdict = judge(told);
    expect([...having(verdict, 'fail'), ...having(verdict, 'unknown')]).toEqual([]);
  });
});
