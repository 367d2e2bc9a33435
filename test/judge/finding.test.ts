import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/events.js';
import {
  disruptionCause,
  fail,
  firstOf,
  messageCause,
  messageCauses,
  pass,
  present,
  roomCause,
  round,
  serviceCause,
  sessionCause,
  unknown,
} from '../../src/judge/finding.js';

const note = (t: number): Event => ({ t, kind: 'note', text: '' });

describe('a finding', () => {
  it('has an outcome and a sentence, and nothing else where nothing else is told', () => {
    const nothing = { figures: {}, evidence: [], blames: [] };
    expect(pass('all well')).toStrictEqual({ outcome: 'pass', summary: 'all well', ...nothing });
    expect(fail('not well')).toStrictEqual({ outcome: 'fail', summary: 'not well', ...nothing });
    expect(unknown('who knows')).toStrictEqual({ outcome: 'unknown', summary: 'who knows', ...nothing });
  });

  it('shows each event once, in its order, and twelve at most', () => {
    const events = Array.from({ length: 14 }, (_, t) => note(t));
    expect(fail('', { evidence: [...events.slice(0, 2), ...events] }).evidence).toEqual(events.slice(0, 12));
    // Two events that say the same are two.
    expect(fail('', { evidence: [note(1), note(1)] }).evidence).toHaveLength(2);
  });

  it('blames each once', () => {
    const { blames } = fail('', {
      blames: [sessionCause('1'), messageCause('1'), sessionCause('2'), sessionCause('1')],
    });
    expect(blames).toEqual([sessionCause('1'), messageCause('1'), sessionCause('2')]);
  });

  it('rounds its figures to a thousandth', () => {
    expect(pass('', { figures: { aMs: 0.1 + 0.2, b: 7, cMs: 1.23456 } }).figures).toEqual({
      aMs: 0.3,
      b: 7,
      cMs: 1.235,
    });
    expect([round(0.0004), round(0.0005), round(-1.0006), round(1e9)]).toEqual([0, 0.001, -1.001, 1e9]);
  });

  it('says what is likely where it tells more than the usual causes', () => {
    const likely = { cause: 'a cause', next: 'look there' };
    expect(fail('', { likely }).likely).toEqual(likely);
  });
});

describe('what a finding blames', () => {
  it('is a session, a message, a room, a service or a disruption', () => {
    const all = [sessionCause('1'), messageCause('2'), roomCause('3'), serviceCause('4'), disruptionCause(0)];
    expect(all).toEqual([
      { subject: 'session', id: '1' },
      { subject: 'message', id: '2' },
      { subject: 'room', id: '3' },
      { subject: 'service', id: '4' },
      { subject: 'disruption', id: '0' },
    ]);
  });
});

describe('optional evidence', () => {
  it('is what is there', () => {
    expect(present([0, null, '', undefined, false])).toEqual([0, '', false]);
  });
});

describe('lists of which little is shown', () => {
  it('are asked for no more than that', () => {
    const asked: number[] = [];
    function* many() {
      for (let number = 0; number < 9; number++) {
        asked.push(number);
        yield number;
      }
    }
    expect(firstOf(many(), 2)).toEqual([0, 1]);
    expect(asked.length).toBeLessThan(4);
    expect(firstOf([1, 2], 5)).toEqual([1, 2]);
    expect(firstOf([1, 2], 0)).toEqual([]);
  });

  it('blame each message once, in their order', () => {
    expect(messageCauses(['b', 'a', 'b'])).toEqual([messageCause('b'), messageCause('a')]);
  });
});
