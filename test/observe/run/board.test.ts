import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/history/events.js';
import { Board } from '../../../src/observe/run/board.js';

const never = new AbortController().signal;
const ready = (session: string, t: number): Event => ({
  t,
  session,
  conn: 1,
  kind: 'ready',
  claims: 'unstated',
});

describe('the board', () => {
  it('wakes who waits for something as soon as an event brings it', async () => {
    const board = new Board();
    const waiting = board.until(() => board.standing('1').ready, 60_000, never);
    board.see(ready('1', 5));
    expect(await waiting).toBe(true);
  });

  it('says when what was waited for did not come in time', async () => {
    const board = new Board();
    expect(await board.until(() => board.standing('1').ready, 1, never)).toBe(false);
  });

  it('lets go of who waits when the run is interrupted', async () => {
    const board = new Board();
    const interruption = new AbortController();
    const waiting = board.until(() => false, 60_000, interruption.signal);
    interruption.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });

  it('takes a closed session as not ready until it is ready anew', () => {
    const board = new Board();
    board.see(ready('1', 5));
    board.see({ t: 6, session: '1', conn: 1, kind: 'close', by: 'target', code: 1012 });
    expect(board.standing('1').ready).toBe(false);
    board.see(ready('1', 9));
    expect(board.standing('1')).toMatchObject({ ready: true, readyAt: 9 });
  });

  it('knows when the latest message that was acknowledged had been sent, which is not when its answer came', () => {
    const board = new Board();
    const send = { kind: 'send', session: '1', due: 1, room: 'r1', digest: 'd' } as const;
    board.see({ ...send, t: 1, message: 'run.1.1' });
    board.see({ ...send, t: 4, message: 'run.1.2' });
    board.see({ t: 5, session: '1', kind: 'ack', message: 'run.1.1' });
    expect(board.standing('1')).toMatchObject({ servedAt: 1, ackAt: 5 });
    board.see({ t: 6, session: '1', kind: 'ack', message: 'run.1.2' });
    expect(board.standing('1').servedAt).toBe(4);
  });

  it('knows when something last came to each session, whoever it was that said it', () => {
    const board = new Board();
    board.see(ready('1', 5));
    board.see({ t: 7, session: '1', kind: 'receive', room: 'r1', message: null, digest: 'd' });
    expect(board.standing('1')).toMatchObject({ heardAt: 7, ackAt: -1 });
    expect(board.standing('2').heardAt).toBe(-1);
  });

  it('knows who received and who acknowledged a message that it follows, and forgets all others', () => {
    const board = new Board();
    board.follow('run.1.1');
    for (const message of ['run.1.1', 'run.1.2']) {
      board.see({ t: 1, session: '2', kind: 'receive', room: 'r1', message, digest: 'd' });
      board.see({ t: 2, session: '1', kind: 'ack', message });
    }
    expect(board.received('run.1.1', '2')).toBe(true);
    expect(board.received('run.1.1', '3')).toBe(false);
    expect(board.acknowledged('run.1.1')).toBe(true);
    expect(board.acknowledged('run.1.2')).toBe(false);
  });
});
