import { describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../../src/history/events.js';
import { intrusionsOf } from '../../../src/judge/derived/intrusions.js';
import { arrives, loses, telling, type Telling } from './telling.js';

describe('a session that asks to resume where it was never meant to be', () => {
  const sessions: readonly PlannedSession[] = [{ session: '1', role: 'auditor', rooms: ['lobby'] }];
  const intrusions = (...events: readonly Telling[]) => intrusionsOf(telling({ sessions }, ...events));

  it('showed a cursor there, on a connection that was let in', () => {
    expect(intrusions(arrives(10, '1', { rooms: ['r1'], cursor: '5' }))).toBe(1);
    expect(intrusions(arrives(10, '1', { rooms: ['r1'] }))).toBe(0);
    expect(intrusions(arrives(10, '1', { rooms: ['lobby'], cursor: '5' }))).toBe(0);
    expect(intrusions(arrives(10, '7', { rooms: ['r1'], cursor: '5' }))).toBe(0);
    const refused = arrives(10, '1', { rooms: ['r1'], cursor: '5' }).filter(({ kind }) => kind !== 'open');
    expect(intrusions(refused)).toBe(0);
  });

  it('counts once for each connection', () => {
    const both = { rooms: ['lobby', 'r1', 'r2'], cursor: '5' };
    expect(intrusions(arrives(10, '1', both), loses(20, '1'), arrives(30, '1', { conn: 2, ...both }))).toBe(
      2,
    );
  });
});
