import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { connections, isCutAt, type Line } from '../../../src/judge/facts/connections.js';
import { Story } from '../story.js';

const { header } = new Story();

function lineOf(...events: Event[]): Line {
  const fold = connections.start(header);
  for (const event of events) fold.see(event);
  const line = fold.view.get('1');
  if (!line) throw new Error('session 1 said nothing');
  return line;
}

const of = { session: '1' } as const;

describe('the connection ledger', () => {
  it('takes attempts that came to nothing for attempts at the same connection', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'connect', door: 'ws', token: 'a' },
      { t: 2, ...of, conn: 1, kind: 'refused', at: 'handshake', status: 503 },
      { t: 9, ...of, conn: 1, kind: 'connect', door: 'ws', token: 'a' },
      { t: 10, ...of, conn: 1, kind: 'open' },
    );
    expect(line.connections).toHaveLength(1);
    expect(line.connections[0]?.connect?.t).toBe(9);
    expect(line.attempts).toEqual([1, 9]);
    expect(line.refusals).toMatchObject([{ event: { status: 503 }, connect: { token: 'a' } }]);
  });

  it('numbers the connections of clients that do not', () => {
    const line = lineOf(
      { t: 1, ...of, kind: 'connect', door: 'ws' },
      { t: 2, ...of, kind: 'open' },
      { t: 3, ...of, kind: 'close', by: 'target' },
      { t: 4, ...of, kind: 'connect', door: 'ws' },
      { t: 5, ...of, kind: 'open' },
    );
    expect(line.connections.map(({ number, open }) => [number, open?.t])).toEqual([
      [1, 2],
      [2, 5],
    ]);
  });

  it('keeps what comes late with the connection that it names', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'open' },
      { t: 5, ...of, conn: 2, kind: 'open' },
      { t: 4, ...of, conn: 1, kind: 'close', by: 'target', code: 1012 },
    );
    expect(line.connections.map(({ close }) => close?.code)).toEqual([1012, undefined]);
  });

  it('lets a stay last over lost connections, and end where a leave begins', () => {
    const line = lineOf(
      { t: 1, ...of, conn: 1, kind: 'join', room: 'r1' },
      { t: 2, ...of, conn: 1, kind: 'joined', room: 'r1' },
      { t: 3, ...of, conn: 1, kind: 'close', by: 'network' },
      { t: 4, ...of, conn: 2, kind: 'join', room: 'r1', cursor: '7' },
      { t: 5, ...of, conn: 2, kind: 'joined', room: 'r1' },
      { t: 6, ...of, conn: 2, kind: 'leave', room: 'r1' },
      { t: 7, ...of, conn: 2, kind: 'left', room: 'r1' },
      { t: 8, ...of, conn: 2, kind: 'joined', room: 'r1' },
    );
    expect(line.stays.get('r1')).toEqual([
      { from: 2, to: 6 },
      { from: 8, to: null },
    ]);
    expect(line.connections[1]?.joins.get('r1')).toEqual({ askedAt: 4, joinedAt: 5, cursor: '7' });
  });

  it('knows when the network was held back', () => {
    const line = lineOf(
      { t: 10, ...of, kind: 'cut' },
      { t: 20, ...of, kind: 'uncut' },
      { t: 30, ...of, kind: 'cut' },
    );
    expect([5, 10, 19, 20, 40].map((t) => isCutAt(line, t))).toEqual([false, true, true, false, true]);
  });
});
