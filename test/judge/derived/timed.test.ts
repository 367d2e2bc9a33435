import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/history/events.js';
import { reconnectsTimed, recoveriesTimed } from '../../../src/judge/derived/timed.js';
import { arrives, loses, restarts, telling } from './telling.js';

describe('the sessions that are timed', () => {
  const back = arrives(230, '1', { conn: 2, instance: 'new' });
  const context = telling(
    {},
    arrives(10, '1', { instance: 'old' }),
    restarts(99, 200),
    loses(105, '1'),
    back,
  );

  it('are named, and blamed, with where the time of a reconnect went', () => {
    expect(reconnectsTimed(context)).toMatchObject([
      {
        ...{ name: 'session 1', timing: { ms: 128 }, blames: [{ subject: 'session', id: '1' }] },
        aside: "95 ms down, 30 ms the client's own waiting, 1 ms handshake, 2 ms joining",
      },
    ]);
    expect(reconnectsTimed(context)[0]?.evidence).toHaveLength(4);
    const [recovery] = recoveriesTimed(context);
    expect(recovery).toMatchObject({ name: 'session 1', timing: { ms: 128 }, blames: [{ id: '1' }] });
    expect(recovery?.evidence).toHaveLength(2);
  });

  it('say nothing of parts below a millisecond', () => {
    const ready: EventOf<'ready'> = { t: 200.5, session: '1', conn: 2, kind: 'ready', claims: 'unstated' };
    const told = telling(
      {},
      arrives(10, '1', { instance: 'old' }),
      restarts(99, 200),
      loses(105, '1'),
      ready,
    );
    expect(reconnectsTimed(told)[0]?.aside).toBe('95 ms down');
  });
});
