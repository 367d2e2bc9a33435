import { describe, expect, it } from 'vitest';
import { historiesOf, rows } from '../unexercised.js';
import { whole, type Whole } from './shown.js';

/** What each check tells of a history that never exercises it. */
const told: Readonly<Record<string, Pick<Whole, 'says' | 'figures'> & Partial<Whole>>> = {
  'identity-kept': {
    says: "The service was asked nobody's identity before the restart",
    figures: { sessions: 0, changed: 0, misattributed: 0 },
  },
  'no-second-login': {
    says: 'No session signed in, so none could be asked to do so again',
    figures: { sessions: 0, again: 0, againBefore: 0 },
  },
  'came-back': {
    says: 'No session was connected to what was restarted, so none had to come back',
    figures: {},
  },
  'close-code': { says: 'No connection was closed by the restart', figures: { closes: 0, wrong: 0 } },
  'exit-code': { says: 'It was not seen how the process ended', figures: { exits: 0, dirty: 0 } },
  'requests-finished': {
    says: 'No answer was being read when the service was asked to leave',
    figures: { underWay: 0, ended: 0, cut: 0 },
  },
  'accepted-before': {
    says: 'No good token was tried before the restart',
    figures: { doors: 0, letIn: 0, refused: 0 },
  },
  'accepted-after': {
    says: 'The token that was let in before was neither let in nor refused after the restart at ws and /users/me',
    figures: { doors: 2, refused: 0, sessionsRefused: 0 },
    blames: 'service ws, service /users/me',
  },
  'not-expired': {
    says: 'No session showed a token after the restart',
    figures: { tokens: 0, stillborn: 0, expired: 0 },
  },
  'refresh-works': { says: 'No token was renewed after the restart', figures: { renewed: 0, refused: 0 } },
  'revoked-refused': { says: 'No revoked token was tried', figures: { tried: 0, letIn: 0, refused: 0 } },
  'forged-refused': { says: 'No forged token was tried', figures: { kinds: 0, letIn: 0, refused: 0 } },
  'secrets-hidden': {
    says: 'Nobody connected, so the service said nothing',
    figures: { attempts: 0, shown: 0 },
  },
  'connection-was-lost': {
    says: 'It is not proved that backend was restarted: the same instance, or none that names itself, answered before and after, and its port was never seen closed',
    figures: {},
    shows: 'disruption@1300, disruption@1502',
    blames: 'service backend',
  },
  reconnected: {
    says: 'No session was connected to what was restarted, so none could lose its connection',
    figures: { sessions: 0 },
  },
  'reconnect-time': {
    says: 'No session was connected to what was restarted, so none could lose its connection',
    figures: {},
  },
  'resumed-honestly': {
    says: 'No session was connected to what was restarted, so none could lose its connection',
    figures: { resumed: 0, falsely: 0 },
  },
  'routed-to-ready': {
    says: 'Nobody connected while one replica was away and another ready, so nothing shows where they would have been sent',
    figures: { servedWhileAway: 0, failed: 0, misled: 0, noticeMs: 2000 },
  },
  'any-instance': {
    says: 'No session came back on another instance than it had left',
    figures: { toAnother: 0, toTheSame: 0, refusedAsUnknown: 0, losing: 0, losingAtTheSame: 0 },
  },
  'moved-once': { says: 'No session was connected when the rollout began', figures: {} },
  spread: {
    says: 'No session was on an instance that is known at a door',
    figures: { replicas: 2, sessions: 0, most: 0, withChoice: 0, chosen: 0, fullest: 0 },
  },
  'idle-time-out': {
    says: 'No connection was ever quiet for 500 ms',
    figures: { timedOut: 0, unexplained: 0, longestOutlivedMs: 0 },
  },
  'messages-lost': {
    says: 'No acknowledged message was owed to anyone, so nothing could be lost',
    figures: { messages: 0, deliveries: 0, lost: 0, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
  },
  'messages-duplicated': {
    says: 'Nobody received anything, so nothing could come twice',
    figures: {
      receipts: 0,
      takenForNew: 0,
      received: 0,
      stored: 0,
      askedFor: 0,
      indeterminate: 0,
      indeterminateSeen: 0,
    },
  },
  'messages-reordered': {
    says: 'Nobody received anything, so nothing could be out of order',
    figures: { receipts: 0, pairs: 0 },
  },
  'messages-altered': {
    says: 'Nobody received anything, so nothing could arrive changed',
    figures: { receipts: 0, received: 0, stored: 0, damaged: 0 },
  },
  'messages-leaked': {
    says: 'Nobody received anything, so nothing could leak',
    figures: { receipts: 0, leaked: 0, intrusions: 1 },
  },
  'messages-phantom': {
    says: 'Nobody received anything, so no phantom could be seen',
    figures: { receipts: 0, refused: 0, foreign: 0, phantoms: 0 },
  },
  'log-kept': {
    says: 'No newcomer read r1 and r2 to the end, so what is stored there is not known',
    figures: { judged: 0, vanished: 0, damaged: 0 },
    blames: 'room r1, room r2',
  },
  'thread-continues': {
    says: 'Too little was going on: nothing got through before the restart, nothing was sent while it lasted, nothing was sent after it, nothing was acknowledged in the last 250 ms before the signal, nothing was owed to sessions 3 and 8, away over the restart and no acknowledged message was sent again after the signal and answered again',
    figures: { before: 0, attemptsDuring: 0, after: 0, lastMoment: 0, retries: 0 },
  },
  'across-instances': {
    says: 'No two sessions of one room were on different instances',
    figures: {
      within: 0,
      across: 0,
      acrossVersions: 0,
      missingWithin: 0,
      missingAcross: 0,
      refusedSideBySide: 0,
    },
  },
  'answers-complete': {
    says: 'No answer was under way when the service was struck: nothing was asked',
    figures: {
      answers: 0,
      underWay: 0,
      cutShort: 0,
      notWhole: 0,
      withoutEnd: 0,
      hanging: 0,
      stuck: 0,
      refused: 0,
      failed: 0,
      gone: 0,
    },
  },
  'answers-continuous': {
    says: 'No answer was under way when the service was struck: nothing was asked',
    figures: {
      underWay: 0,
      resumed: 0,
      broken: 0,
      repeatedUnits: 0,
      missingUnits: 0,
      splits: 0,
      altered: 0,
      madeAnew: 0,
    },
  },
  'answers-cancelled': {
    says: 'No answer was cancelled while it was being made: nothing was asked',
    figures: { cancelled: 0, grownUnits: 0 },
  },
  'user-data': {
    says: 'No user record was read before the restart',
    figures: { records: 0, changed: 0, gone: 0, unread: 0 },
  },
  'session-data': {
    says: 'No session record was read before the restart',
    figures: { records: 0, changed: 0, gone: 0, unread: 0 },
  },
  'chat-log': {
    says: 'Nothing was stored before the restart, so nothing can be compared',
    figures: { compared: 0, differences: 0 },
  },
  'no-record-changed': {
    says: 'No message was acknowledged, so no number was given',
    figures: { messages: 0, reused: 0, moved: 0 },
  },
  restart: {
    says: 'It was not seen that backend is ready again before the history ended',
    figures: {},
    blames: 'service backend',
  },
  recovery: {
    says: 'No session was connected to what was restarted, so none could lose its connection',
    figures: {},
  },
  reconnect: {
    says: 'No session was connected to what was restarted, so none could lose its connection',
    figures: {},
  },
  total: { says: 'The run did not come to its end, so it is not known how long it takes', figures: {} },
  availability: {
    says: 'No session sent anything around the restart, so no downtime can be measured',
    figures: {},
  },
};

describe('a history that never exercises a check is told in full', () => {
  it.each(Object.entries(rows))('by %s', (id, row) => {
    expect(whole(historiesOf(row).taken, id)).toEqual({ is: 'unknown', shows: '', blames: '', ...told[id] });
  });
});
