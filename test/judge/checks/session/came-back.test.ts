import { describe, expect, it } from 'vitest';
import type { Event } from '../../../../src/history/events.js';
import { result } from '../../result.js';
import { adding, changing, find, silencing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right, unnoticed } from '../../stories.js';

const { signal, ready, settle, end } = right.at;
const id = 'came-back';

const its = (event: Event, session: string) => 'session' in event && event.session === session;
const hearing = (kinds: readonly string[], sessions: readonly string[]) => (event: Event) =>
  kinds.includes(event.kind) && sessions.some((session) => its(event, session)) && event.t > ready;
const silent = (told: Told, ...sessions: readonly string[]) =>
  without(told, hearing(['receive', 'ack'], sessions));
const deaf = (told: Told, ...sessions: readonly string[]) => without(told, hearing(['receive'], sessions));
const cutShort = (told: Told, at: number): Told =>
  adding(
    without(told, ({ t }) => t > at),
    { t: at + 1, kind: 'end', how: 'interrupted' },
  );

/** Nobody is seen to lose the connection, and the target is never seen ready again. */
const unseen = without(right, (event) => {
  const isReturn =
    'conn' in event && event.t > signal && event.t < settle && !['3', '8'].includes(event.session);
  const isChat = ['send', 'written', 'ack', 'receive'].includes(event.kind);
  const isReady = event.kind === 'disruption' && event.step === 'ready';
  return (isReturn && !isChat) || isReady || (event.kind === 'probe' && event.t > signal);
});

describe('came-back', () => {
  it('says of all sessions what is wrong with each, and blames them', () => {
    const told = deaf(silent(silencing(right, '2', ready), '1'), '6', '7');
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 2 never came back, or did not stay; session 1 came back, and nothing went through any more; sessions 6 and 7 came back, and did not hear a single canary in their rooms',
      figures: { sessions: 8, alive: 4 },
      shows:
        'close@1306 s1, ready@1523.04 s1, close@1306.1 s2, close@1306.4 s6, ready@1527.04 s6, ack@1911.1 s6 6.38, close@1306.5 s7, ready@1528.04 s7, ack@1912.1 s7 7.38',
      blames: 'session 1, session 2, session 6, session 7',
    });
  });

  it('speaks of several deaf sessions as of several', () => {
    expect(whole(deaf(right, '1', '2'), id)).toEqual({
      is: 'fail',
      says: 'sessions 1 and 2 came back, and did not hear a single canary in their rooms',
      figures: { sessions: 8, alive: 6 },
      shows:
        'close@1306 s1, ready@1523.04 s1, ack@1911.1 s1 1.38, close@1306.1 s2, ready@1524.04 s2, ack@1912.1 s2 2.38',
      blames: 'session 1, session 2',
    });
  });

  it('does not know what became of those whose connection led to something that is never seen ready again', () => {
    expect(whole(unseen, id)).toEqual({
      is: 'unknown',
      says: 'sessions 1, 2, 4 and 3 more never lost their connection, and what it led to was not seen ready again',
      figures: { sessions: 8, alive: 2 },
      shows:
        'ready@101.04 s1, receive@1290.73 s1 2.23, ready@102.04 s2, ack@1290.75 s2 2.23, ready@805.04 s4, receive@1290.73 s4 2.23, ready@105.04 s6, ack@1300.75 s6 6.23, ready@106.04 s7, receive@1300.73 s7 6.23, ready@805.04 s9, receive@1300.73 s9 6.23',
      blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
    });
    const one = without(
      unseen,
      (event) => 'conn' in event && event.t < signal && !['2', '3', '8'].includes(event.session),
    );
    expect(result(one, id).summary).toBe(
      'session 2 never lost its connection, and what it led to was not seen ready again',
    );
  });

  it('fails where one of several is shown to be gone', () => {
    const close = find(right, 'close', ({ session }) => session === '2');
    const told = without(adding(unseen, close), (event) => its(event, '2') && event.t > close.t);
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 2 never came back, or did not stay; sessions 1, 4, 6 and 2 more never lost their connection, and what it led to was not seen ready again',
      figures: { sessions: 8, alive: 2 },
      shows:
        'ready@101.04 s1, receive@1290.73 s1 2.23, close@1306.1 s2, ready@805.04 s4, receive@1290.73 s4 2.23, ready@105.04 s6, ack@1300.75 s6 6.23, ready@106.04 s7, receive@1300.73 s7 6.23, ready@805.04 s9, receive@1300.73 s9 6.23',
      blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
    });
  });

  it('is unknown of those who were not back when the run was stopped early', () => {
    expect(whole(cutShort(right, ready + 21), id)).toEqual({
      is: 'unknown',
      says: 'sessions 1, 2, 4 and 3 more never came back, or did not stay before the history ended',
      figures: { sessions: 6, alive: 0 },
      shows:
        'close@1306 s1, close@1306.1 s2, close@1306.3 s4, close@1306.4 s6, close@1306.5 s7, close@1306.7 s9',
      blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
    });
  });

  it('calls nobody deaf in a run that was stopped before all canaries could come', () => {
    const told = deaf(right, '2');
    const stopped = changing(told, (event) =>
      event.kind === 'end' ? { ...event, how: 'interrupted' } : event,
    );
    expect(result(stopped, id)).toMatchObject({ outcome: 'unknown', figures: { alive: 8 } });
  });

  it('passes those who never lost the connection where something gets through after the restart', () => {
    expect(result(unnoticed, id)).toMatchObject({ outcome: 'pass', figures: { sessions: 8, alive: 8 } });
  });

  it('fails for everyone where the target does not come back', () => {
    const gone = without(right, ({ t, kind }) => t > ready || kind === 'end');
    const step = { kind: 'disruption', disruption: 0, type: 'restart', service: 'backend' } as const;
    const told = adding(
      gone,
      { t: ready, ...step, step: 'failed', note: 'not ready within 30 s' },
      { t: ready + 1, kind: 'end', how: 'failed', code: 'RESTART_FAILED' },
    );
    expect(result(told, id)).toMatchObject({
      outcome: 'fail',
      summary: 'No session could come back: backend did not come back (not ready within 30 s)',
    });
  });

  it('shows the last refusal of a session that is gone', () => {
    const told = adding(silencing(right, '2', ready), {
      ...{ t: ready + 30, session: '2', conn: 2, kind: 'refused', at: 'handshake', status: 503 },
    });
    expect(whole(told, id)).toEqual({
      is: 'fail',
      says: 'session 2 never came back, or did not stay',
      figures: { sessions: 8, alive: 7 },
      shows: 'close@1306.1 s2, refused@1531 s2',
      blames: 'session 2',
    });
  });

  it('passes where the plan says that nothing disrupted holds connections, and nobody was connected', () => {
    const { header, events } = without(right, ({ kind }) => kind === 'ready');
    const disruptions = [{ type: 'restart', services: ['backend'], holdsConnections: false }];
    const told = { header: { ...header, plan: { ...header.plan, disruptions } }, events };
    expect(result(told, id).summary).toBe('No session was connected to what was restarted, so all went on');
  });

  describe('of canaries asks only for those', () => {
    const canaries = right.events.flatMap((event) =>
      event.kind === 'send' && event.purpose === 'canary' ? [event] : [],
    );
    const [one, other] = canaries.filter(({ room }) => room === 'r1');
    const isOf = (message: string | undefined) => (event: Event) =>
      'message' in event && event.message === message;
    const heard = (told: Told) => result(told, id).figures['alive'];

    it('that others sent', () => {
      expect(one && other && [one.session, other.session]).toEqual(['1', '2']);
      // Session 1 is sent none but its own.
      expect(heard(deaf(without(right, isOf(other?.message)), '1'))).toBe(8);
      expect(heard(deaf(right, '1'))).toBe(7);
    });

    it('that were acknowledged', () => {
      expect(
        heard(without(deaf(right, '1'), (event) => event.kind === 'ack' && isOf(other?.message)(event))),
      ).toBe(8);
    });

    it('that were sent after its return', () => {
      const early = changing(deaf(right, '1'), (event) =>
        (event.kind === 'written' || event.kind === 'send') && isOf(other?.message)(event)
          ? { ...event, t: ready }
          : event,
      );
      expect(heard(early)).toBe(8);
    });

    it('in its own rooms', () => {
      const elsewhere = changing(deaf(right, '1'), (event) =>
        event.kind === 'send' && isOf(other?.message)(event) ? { ...event, room: 'r2' } : event,
      );
      expect(heard(elsewhere)).toBe(8);
    });

    it('and is content with one of several', () => {
      const told = without(
        right,
        (event) => event.kind === 'receive' && its(event, '3') && isOf(one?.message)(event),
      );
      expect(heard(told)).toBe(8);
    });

    it('and of ordinary messages with none', () => {
      const chatting = changing(deaf(right, '1'), (event) => {
        if (event.kind !== 'send' || event.purpose !== 'canary') return event;
        const { purpose: _, ...send } = event;
        return send;
      });
      expect(heard(chatting)).toBe(8);
      expect(end).toBeGreaterThan(settle);
    });
  });
});
