import { describe, expect, it } from 'vitest';
import { facets, type Facet } from '../../src/history/events.js';
import { lackOf, lackOfAll } from '../../src/judge/lacks.js';
import { checkOf, finding, headerWithout } from './checking.js';

const needing = (...needs: Facet[]) => checkOf(needs.join(), finding('pass'), { needs });

describe('why a check cannot be judged', () => {
  it('is what the plan says of the first thing that it needs and lacks', () => {
    const header = headerWithout({ log: 'no log is told', positions: 'no numbers' });
    expect(lackOf(needing('acknowledgements', 'log', 'positions'), header)).toBe('no log is told');
    expect(lackOf(needing('positions', 'log'), header)).toBe('no numbers');
  });

  it('is nothing where it lacks nothing that it needs', () => {
    const header = headerWithout({ log: 'no log is told' });
    expect(lackOf(needing('positions'), header)).toBeNull();
    expect(lackOf(needing(), header)).toBeNull();
    expect(lackOf(needing('log'), headerWithout({ log: '' }))).toBe('');
  });
});

describe('why none of several checks can be judged', () => {
  it('is the reason of the plan where they have one', () => {
    const header = headerWithout({ log: 'no log is told' });
    expect(lackOfAll([needing('log'), needing('log', 'positions')], header)).toBe('no log is told');
    expect(lackOfAll([needing('positions')], header)).toBe('');
    expect(lackOfAll([], header)).toBe('');
  });

  it('is what all of them lack, each once', () => {
    const header = headerWithout({ log: 'a', 'user-records': 'b', 'session-records': 'c' });
    const checks = (['user-records', 'session-records', 'log', 'log'] as const).map((need) => needing(need));
    expect(lackOfAll(checks, header)).toBe('this set-up has no records and no log');
  });

  it('is what the config does not name, where that is all of it', () => {
    const [log, numbers] = ['the config names no log', 'the config names no number'];
    const checks = [needing('log'), needing('positions')];
    expect(lackOfAll(checks, headerWithout({ log, positions: numbers }))).toBe(
      'the config names no log and no numbers',
    );
    expect(lackOfAll(checks, headerWithout({ log, positions: 'it has none' }))).toBe(
      'this set-up has no log and no numbers',
    );
  });

  it('ends with the keys of the config at which it can be changed, each once', () => {
    const checks = [needing('log'), needing('positions'), needing('resume')];
    const at = (log: string, positions: string, resume: string) =>
      lackOfAll(checks, headerWithout({ log, positions, resume }));
    const all = 'this set-up has no log, no numbers and no resumption';
    expect(at('a (target.log)', 'b (target.log)', 'c (client.resume.cursor)')).toBe(
      `${all} (target.log, client.resume.cursor)`,
    );
    expect(at('a (target.log)', 'b', 'c')).toBe(`${all} (target.log)`);
    expect(at('a (target.log)', 'b (target.positions) or so', 'c')).toBe(`${all} (target.log)`);
    expect(at('a (client.my-own.x_1)', 'b', 'c')).toBe(`${all} (client.my-own.x_1)`);
    expect(at('a (seen at last.night) or so', 'b (log)', 'c (of late. Ever.)')).toBe(all);
  });

  const words: Record<Facet, string> = {
    ...{ connection: 'connection', tokens: 'tokens', instance: 'instance that connections name' },
    ...{ 'close-codes': 'close codes', balancer: 'several replicas behind one address' },
    ...{ streams: 'answers in parts', cancellation: 'way to cancel an answer', restart: 'restart' },
    ...{
      loss: 'loss of connections',
      acknowledgements: 'acknowledgements',
      resume: 'resumption',
      log: 'log',
    },
    ...{ positions: 'numbers', 'sign-in': 'sign-in', refresh: 'refresh', revocation: 'revocation' },
    ...{ forgeries: 'door for forged tokens', 'who-am-i': 'way to ask who a session is' },
    ...{ 'user-records': 'records', 'session-records': 'records', 'other-records': 'records' },
    ...{ graceful: 'time to say goodbye', 'exit-code': 'exit code' },
  };

  it.each(facets)('names what is lacked in words: %s', (facet) => {
    const other = facet === 'log' ? 'resume' : 'log';
    const header = headerWithout({ [facet]: 'a', [other]: 'b' });
    expect(lackOfAll([needing(facet), needing(other)], header)).toBe(
      `this set-up has no ${words[facet]} and no ${words[other]}`,
    );
  });
});
