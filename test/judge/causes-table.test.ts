import { describe, expect, it } from 'vitest';
import { consequences } from '../../src/judge/causes.js';
import type { Cause, Finding } from '../../src/judge/index.js';

const found = (...blames: Cause[]): Finding => ({
  ...{ outcome: 'fail', summary: '', figures: {}, evidence: [], blames },
});
/** What explains the second of two failures. */
const explains = (cause: string, effect: string, blamed: Cause[], suffered: Cause[]) =>
  consequences(
    new Map([
      [cause, found(...blamed)],
      [effect, found(...suffered)],
    ]),
    () => 'r1',
  ).get(effect) === cause;

const session: Cause = { subject: 'session', id: '2' };
const [one, other] = ['1', '2'].map((id): Cause => ({ subject: 'message', id }));
const bySame = (cause: string, effect: string) => explains(cause, effect, [session], [session]);
const byRoom = (cause: string, effect: string) =>
  explains(cause, effect, one ? [one] : [], other ? [other] : []);

const whatNeedsASession = [
  ...['no-second-login', 'identity-kept', 'user-data', 'session-data', 'no-record-changed', 'reconnect-time'],
  ...['recovery', 'reconnect', 'availability', 'messages-lost', 'resumed-honestly', 'thread-continues'],
  ...['answers-complete', 'answers-continuous'],
];
const whatIsAbsent = ['reconnected', 'came-back'];
const whatNeedsGoodbye = ['close-code', 'requests-finished'];

describe('who has no session', () => {
  it.each([
    ['a target that is not there', 'restart', [...whatIsAbsent, 'accepted-after', 'refresh-works']],
    ['being sent where nobody is', 'routed-to-ready', [...whatIsAbsent, 'close-code']],
    ['being a stranger to another instance', 'any-instance', whatIsAbsent],
    ['being refused', 'accepted-after', [...whatIsAbsent, 'not-expired', 'refresh-works']],
    ['an expired token', 'not-expired', whatIsAbsent],
    ['a token that is not renewed', 'refresh-works', whatIsAbsent],
    ['having no connection', 'reconnected', ['came-back']],
    ['not having come back', 'came-back', []],
  ])('by %s (%s), does nothing for which one is needed', (_, cause, more) => {
    for (const effect of [...whatNeedsASession, ...more]) {
      // What is explained by the rooms of messages is so by them only.
      const isByRoom = cause === 'any-instance' && ['messages-lost', 'resumed-honestly'].includes(effect);
      expect(isByRoom ? byRoom(cause, effect) : bySame(cause, effect), effect).toBe(true);
    }
  });
});

describe('whoever is late or absent', () => {
  it.each([
    ...['restart', 'routed-to-ready', 'across-instances', 'any-instance', 'reconnected', 'came-back'],
    ...['thread-continues', 'reconnect-time', 'recovery', 'answers-complete'],
  ])('(%s) makes the run long, whoever that is', (cause) => {
    expect(explains(cause, 'total', [], [])).toBe(true);
  });

  it.each(['accepted-after', 'spread', 'reconnect', 'identity-kept', 'messages-lost'])(
    'does not (%s)',
    (cause) => {
      expect(explains(cause, 'total', [session], [session])).toBe(false);
    },
  );

  it.each(whatNeedsGoodbye)(
    'and killed past its grace says no goodbye, and cuts what is under way: %s',
    (effect) => {
      expect(explains('exit-code', effect, [], [session])).toBe(true);
    },
  );
});

describe('what a finding blames', () => {
  it.each([
    ['accepted-before', ['accepted-after', 'refresh-works']],
    ['spread', ['across-instances']],
    ['across-instances', ['came-back', 'thread-continues', 'recovery']],
    ['idle-time-out', ['moved-once', ...whatIsAbsent, ...whatNeedsGoodbye]],
    ['moved-once', ['reconnected', ...whatNeedsGoodbye, 'availability']],
    ['thread-continues', ['availability']],
    ['reconnect-time', ['reconnect', 'recovery', 'availability']],
    ['reconnect', ['recovery', 'availability']],
    ['recovery', ['availability']],
    ['identity-kept', ['user-data', 'session-data']],
    ['close-code', ['requests-finished']],
    ['log-kept', ['messages-lost', 'resumed-honestly']],
    ['messages-altered', ['chat-log', 'no-record-changed']],
    ['answers-complete', ['answers-continuous']],
    ['messages-duplicated', ['chat-log']],
    ['messages-lost', ['resumed-honestly']],
  ])('explains what else is wrong with the same: %s', (cause, effects) => {
    for (const effect of effects) {
      expect(bySame(cause, effect), effect).toBe(true);
      const someoneElse: Cause = { subject: 'session', id: '3' };
      expect(explains(cause, effect, [someoneElse], [session]), effect).toBe(false);
    }
  });

  it.each([
    ['across-instances', ['messages-lost', 'resumed-honestly', 'any-instance']],
    ['any-instance', ['messages-lost', 'resumed-honestly']],
    ['log-kept', ['chat-log', 'no-record-changed', 'messages-duplicated', 'messages-reordered']],
    ['messages-altered', ['messages-lost']],
    ['no-record-changed', ['messages-lost', 'resumed-honestly', 'messages-duplicated', 'messages-reordered']],
    ['messages-reordered', ['chat-log']],
  ])('explains what else is wrong in the same room: %s', (cause, effects) => {
    for (const effect of effects) {
      expect(byRoom(cause, effect), effect).toBe(true);
      expect(explains(cause, effect, [{ subject: 'room', id: 'r9' }], [session]), effect).toBe(false);
    }
  });
});
