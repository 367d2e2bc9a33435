import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/history/events.js';
import { eventInWords } from '../../src/report/evidence.js';

const line = (event: Event) => eventInWords(event, { unicode: true }).trim();

describe('an event in words', () => {
  it('says when, who and what', () => {
    expect(line({ kind: 'ack', t: 4_131.25, session: '9', message: 'r.9.14', position: '31' })).toBe(
      '4.131 s  session 9  r.9.14 acknowledged as number 31',
    );
    expect(line({ kind: 'close', t: 1, session: '9', by: 'target', code: 1006 })).toBe(
      '0.001 s  session 9  connection closed by the target with 1006',
    );
    expect(line({ kind: 'close', t: 1, session: '9', by: 'unknown', reason: 'transport close' })).toBe(
      '0.001 s  session 9  connection ended, it is not known by whom: transport close',
    );
    expect(
      line({ kind: 'sign-in', t: 0, session: '9', how: 'again', ok: false, status: 401, reason: 'expired' }),
    ).toBe('0.000 s  session 9  signed in a second time, and was refused with 401: expired');
    expect(
      line({
        kind: 'door',
        t: 0,
        session: '51',
        credential: 'unsigned',
        token: 's51-3',
        door: 'profile',
        via: 'request',
        let: 'in',
        status: 200,
      }),
    ).toBe('0.000 s  session 51  unsigned token s51-3 at profile: let in with 200');
    expect(line({ kind: 'receive', t: 0, session: '1', room: 'r1', message: null, digest: 'd' })).toBe(
      '0.000 s  session 1  receives a message of nobody in this run in r1',
    );
    expect(line({ kind: 'wait', t: 0, session: '1', ms: 250, why: 'backoff' })).toBe(
      "0.000 s  session 1  waited 250 ms (the client's own waiting)",
    );
    expect(line({ kind: 'probe', t: 2_000, service: 'backend', up: true, ready: false, spacing: 20 })).toBe(
      '2.000 s  backend is up and not ready',
    );
  });

  it('says no more than its kind of an event that a newer writer wrote', () => {
    const newer: Event = JSON.parse('{"kind":"teleported","t":5}');
    expect(line(newer)).toBe('0.005 s  teleported');
    const nasty: Event = JSON.parse('{"kind":"constructor","t":5}');
    expect(line(nasty)).toBe('0.005 s  constructor');
  });
});
