import { describe, expect, it } from 'vitest';
import { consequences, precedence } from '../../src/judge/causes.js';
import { checks, type Cause, type Finding } from '../../src/judge/index.js';

const found = (outcome: Finding['outcome'], ...blames: Cause[]): Finding => ({
  ...{ outcome, summary: '', figures: {}, evidence: [], blames },
});
const message = (id: string): Cause => ({ subject: 'message', id });
const session = (id: string): Cause => ({ subject: 'session', id });
const room = (id: string): Cause => ({ subject: 'room', id });
const roomOf = (id: string) => (id.startsWith('a') ? 'r1' : 'r2');
const explained = (findings: Readonly<Record<string, Finding>>) =>
  Object.fromEntries(consequences(new Map(Object.entries(findings)), roomOf));

describe('the table of precedence', () => {
  const causes = precedence.map(({ cause }) => cause);

  it('names checks that exist, each as a cause once', () => {
    const ids = new Set(checks.map(({ id }) => id));
    const effects = precedence.flatMap(({ explains }) => Object.values(explains).flat());
    for (const id of [...causes, ...effects]) expect(ids).toContain(id);
    expect(new Set(causes).size).toBe(causes.length);
  });

  it('has no circles: a cause stands above everything that it explains', () => {
    for (const [place, { explains }] of precedence.entries()) {
      for (const effect of Object.values(explains).flat()) {
        const below = causes.indexOf(effect);
        expect(below === -1 || below > place, `${causes[place] ?? ''} → ${effect}`).toBe(true);
      }
    }
  });
});

describe('one cause, one finding', () => {
  it('explains losses by the same messages having vanished', () => {
    const both = {
      'log-kept': found('fail', message('a1'), message('a2')),
      'messages-lost': found('fail', message('a1')),
    };
    expect(explained(both)).toEqual({ 'messages-lost': 'log-kept' });
  });

  it('leaves a finding alone of which a part is unexplained', () => {
    const part = {
      'log-kept': found('fail', message('a1')),
      'messages-lost': found('fail', message('a1'), message('a3')),
    };
    expect(explained(part)).toEqual({});
  });

  it('lets several causes explain a finding together, and names the first', () => {
    const together = {
      'log-kept': found('fail', message('a1')),
      'no-record-changed': found('fail', message('b7')),
      'messages-lost': found('fail', message('a1'), message('b3')),
    };
    expect(explained(together)).toEqual({ 'messages-lost': 'log-kept' });
  });

  it('covers the messages of a room by the room, and by what else is wrong in it where the table says so', () => {
    expect(
      explained({
        'messages-altered': found('fail', room('r1')),
        'messages-lost': found('fail', message('a9')),
      }),
    ).toEqual({ 'messages-lost': 'messages-altered' });
    expect(
      explained({
        'log-kept': found('fail', message('a1')),
        'no-record-changed': found('fail', message('a9'), room('r1')),
      }),
    ).toEqual({ 'no-record-changed': 'log-kept' });
    expect(
      explained({
        'log-kept': found('fail', message('a1')),
        'no-record-changed': found('fail', message('b9')),
      }),
    ).toEqual({});
  });

  it('covers what is wrong in a room by nothing that has no room', () => {
    const lost = found('fail', message('a9'));
    for (const cause of [session('r1'), message('x')]) {
      const findings = new Map([
        ['messages-altered', found('fail', cause)],
        ['messages-lost', lost],
      ]);
      const nowhere = (id: string) => (id === 'x' ? null : roomOf(id));
      expect([...consequences(findings, nowhere)]).toEqual([]);
      findings.set('messages-lost', found('fail', cause));
      expect([...consequences(findings, nowhere)]).toEqual([]);
    }
  });

  it('covers a message by its room also where the table asks for the same', () => {
    const lost = found('fail', message('a9'));
    expect(explained({ 'log-kept': found('fail', room('r1')), 'messages-lost': lost })).toEqual({
      'messages-lost': 'log-kept',
    });
    expect(explained({ 'log-kept': found('fail', room('r2')), 'messages-lost': lost })).toEqual({});
    // What has the id of a message and is none lies in no room.
    const others = found('fail', session('a9'));
    expect(explained({ reconnected: found('fail', room('r1')), 'messages-lost': others })).toEqual({});
  });

  it('takes no part of a cause that covers nothing', () => {
    const findings = {
      restart: found('fail', session('7')),
      reconnected: found('fail', session('2')),
      'came-back': found('fail', session('2')),
    };
    expect(explained(findings)).toEqual({ 'came-back': 'reconnected' });
  });

  it('explains nothing that passes', () => {
    const passing = { reconnected: found('fail', session('2')), 'came-back': found('pass', session('2')) };
    expect(explained(passing)).toEqual({});
  });

  it('names what explains the cause, where that is itself explained', () => {
    const door: Cause = { subject: 'service', id: 'ws' };
    const shut = found('fail', door);
    expect(explained({ 'accepted-before': shut, 'accepted-after': shut, 'not-expired': shut })).toEqual({
      'accepted-after': 'accepted-before',
      'not-expired': 'accepted-before',
    });
  });

  it('names the root of a chain', () => {
    const chain = {
      reconnected: found('fail', session('2')),
      'came-back': found('fail', session('2')),
      'reconnect-time': found('fail', session('2')),
      availability: found('unknown', session('2')),
    };
    expect(explained(chain)).toEqual({
      'came-back': 'reconnected',
      'reconnect-time': 'reconnected',
      availability: 'reconnected',
    });
  });

  it('is no cause unless it failed, and nothing explains what blames nobody', () => {
    const unsure = { reconnected: found('unknown', session('2')), 'came-back': found('fail', session('2')) };
    expect(explained(unsure)).toEqual({});
    expect(explained({ reconnected: found('fail', session('2')), 'came-back': found('fail') })).toEqual({});
  });

  it('explains a door that is shut after the restart by its having been shut before', () => {
    const door: Cause = { subject: 'service', id: 'ws' };
    const shut = {
      'accepted-before': found('fail', door, session('9')),
      'accepted-after': found('fail', door, session('9')),
      'refresh-works': found('fail', session('9')),
    };
    expect(explained(shut)).toEqual({
      'accepted-after': 'accepted-before',
      'refresh-works': 'accepted-before',
    });
    const more = { ...shut, 'accepted-after': found('fail', door, session('9'), session('2')) };
    expect(explained(more)).not.toHaveProperty('accepted-after');
  });

  it('explains a long run by those for whom it waited, and by a slow recovery', () => {
    for (const cause of ['restart', 'reconnected', 'came-back', 'thread-continues', 'recovery']) {
      expect(explained({ [cause]: found('fail'), total: found('fail') })).toEqual({ total: cause });
    }
    expect(explained({ 'messages-lost': found('fail'), total: found('fail') })).toEqual({});
  });

  it('explains a request that is cut by a process that ended without any goodbye', () => {
    const gone = { 'close-code': found('fail', session('2'), session('3')) };
    expect(explained({ ...gone, 'requests-finished': found('fail', session('2')) })).toEqual({
      'requests-finished': 'close-code',
    });
    expect(explained({ ...gone, 'requests-finished': found('fail', session('4')) })).toEqual({});
  });

  it('explains a missing goodbye by the process having been killed', () => {
    expect(explained({ 'exit-code': found('fail'), 'close-code': found('fail', session('2')) })).toEqual({
      'close-code': 'exit-code',
    });
  });
});
