import { describe, expect, it } from 'vitest';
import { whole, type Told } from './shown.js';
import { right } from '../stories.js';

/** What each check tells of a right run: eight sessions in two rooms, and a restart of 200 ms. */
const told: Readonly<Record<string, Told>> = {
  'identity-kept': {
    says: '8 sessions, each the same user with the same claims as before',
    figures: { sessions: 8, changed: 0, misattributed: 0 },
    shows: '',
  },
  'no-second-login': {
    says: '8 sessions signed in once, and stayed signed in',
    figures: { sessions: 8, again: 0, againBefore: 0 },
    shows: '',
  },
  'came-back': {
    says: '8 sessions of 8 came back and chat on',
    figures: { sessions: 8, alive: 8 },
    shows: '',
  },
  'close-code': {
    says: '6 connections closed with 1012',
    figures: { closes: 6, wrong: 0 },
    shows: 'close@1306 s1, close@1306.1 s2',
  },
  'exit-code': {
    says: 'backend ended by itself with exit code 0, 20 ms after the signal',
    figures: { exits: 1, dirty: 0 },
    shows: 'disruption@1301, disruption@1321',
  },
  'accepted-before': {
    says: 'A good token was let in before the restart at 2 doors',
    figures: { doors: 2, letIn: 2, refused: 0 },
    shows: '',
  },
  'accepted-after': {
    says: 'The same token was let in before and after the restart at 2 doors',
    figures: { doors: 2, refused: 0, sessionsRefused: 0 },
    shows: '',
  },
  'not-expired': {
    says: '8 sessions came back with a token, and none was refused as expired',
    figures: { tokens: 8, stillborn: 0, expired: 0 },
    shows: '',
  },
  'refresh-works': {
    says: '1 renewal after the restart, none refused since it began',
    figures: { renewed: 1, refused: 0 },
    shows: '',
  },
  'revoked-refused': {
    says: 'A revoked token was refused 6 times at 2 doors, also after the restart',
    figures: { tried: 6, letIn: 0, refused: 6 },
    shows: '',
  },
  'forged-refused': {
    says: '18 attempts with forged tokens of 3 kinds, all refused, before, during and after the restart',
    figures: { kinds: 3, letIn: 0, refused: 18 },
    shows: '',
  },
  'secrets-hidden': {
    says: 'No secret in what the service said to 9 sessions',
    figures: { attempts: 19, shown: 0 },
    shows: '',
  },
  'connection-was-lost': {
    says: 'The restart is proved; 6 sessions of 6 lost the connection by it',
    figures: { sessions: 6, lost: 6 },
    shows:
      'disruption@1300, disruption@1323, disruption@1502, close@1306 s1, close@1306.1 s2, close@1306.3 s4',
  },
  reconnected: {
    says: '8 sessions of 8 reconnected without help',
    figures: { sessions: 8, back: 8, looping: 0 },
    shows: '',
  },
  'reconnect-time': {
    says: 'Coming back took 220 ms at the median, 223 ms at most (may take 10 s)',
    figures: { n: 6, medianMs: 219.74, maxMs: 223.34, budgetMs: 10000 },
    shows: 'close@1306.7 s9, connect@1530 s9, open@1530.01 s9, ready@1530.04 s9',
  },
  'resumed-honestly': {
    says: '8 sessions resumed, and nothing that they were owed is missing',
    figures: { resumed: 8, falsely: 0 },
    shows: '',
  },
  'messages-lost': {
    says: '130 acknowledged messages reached every reader who was owed them (390 deliveries)',
    figures: { messages: 130, deliveries: 390, lost: 0, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
    shows: '',
  },
  'messages-duplicated': {
    says: '390 receipts, none of them a repeat',
    figures: {
      receipts: 390,
      takenForNew: 0,
      received: 0,
      stored: 0,
      askedFor: 0,
      indeterminate: 0,
      indeterminateSeen: 0,
    },
    shows: '',
  },
  'messages-reordered': {
    says: "390 receipts, all in their senders' order",
    figures: { receipts: 390, pairs: 0 },
    shows: '',
  },
  'messages-altered': {
    says: '390 receipts, each with the digest that it was sent with',
    figures: { receipts: 390, received: 0, stored: 0, damaged: 0 },
    shows: '',
  },
  'messages-leaked': {
    says: '390 receipts, none of them outside its room; who tried 1 time to resume in another’s place was handed nothing',
    figures: { receipts: 390, leaked: 0, intrusions: 1 },
    shows: '',
  },
  'messages-phantom': {
    says: '390 receipts, each of a message that was sent and not refused',
    figures: { receipts: 390, refused: 0, foreign: 0, phantoms: 0 },
    shows: '',
  },
  'log-kept': {
    says: '130 acknowledged messages, all in the log that a newcomer reads',
    figures: { judged: 130, vanished: 0, damaged: 0 },
    shows: '',
  },
  'thread-continues': {
    says: '89 messages got through before the restart, 39 attempts fell into it, and 40 messages followed on in the same threads',
    figures: { before: 89, attemptsDuring: 39, after: 40, lastMoment: 25, retries: 2 },
    shows: '',
  },
  'answers-complete': {
    says: '1 answer that was under way came to its end, whole, 68 characters in all',
    figures: {
      answers: 2,
      underWay: 1,
      cutShort: 0,
      notWhole: 0,
      withoutEnd: 0,
      hanging: 0,
      stuck: 0,
      refused: 0,
      failed: 0,
      gone: 0,
    },
    shows: '',
  },
  'answers-continuous': {
    says: '1 answer went on after the restart exactly where its reader had stopped',
    figures: {
      underWay: 1,
      resumed: 1,
      broken: 0,
      repeatedUnits: 0,
      missingUnits: 0,
      splits: 0,
      altered: 0,
      madeAnew: 0,
    },
    shows: '',
  },
  'answers-cancelled': {
    says: '1 cancelled answer did not go on after the restart',
    figures: { cancelled: 1, grownUnits: 0 },
    shows: '',
  },
  'user-data': {
    says: '8 user records, each identical to what it was before',
    figures: { records: 8, changed: 0, gone: 0, unread: 0 },
    shows: '',
  },
  'session-data': {
    says: '8 session records, each identical to what it was before',
    figures: { records: 8, changed: 0, gone: 0, unread: 0 },
    shows: '',
  },
  'chat-log': {
    says: '60 stored messages, each at its place and unchanged',
    figures: { compared: 60, differences: 0 },
    shows: '',
  },
  'no-record-changed': {
    says: '130 messages, each under a number of its own; 8 other records, each identical to what it was before',
    figures: { messages: 130, reused: 0, moved: 0 },
    shows: '',
  },
  restart: {
    says: 'The restart took 200 ms (may take 5 s)',
    figures: { n: 1, medianMs: 200, maxMs: 200, budgetMs: 5000 },
    shows: 'disruption@1301, probe@1501',
  },
  recovery: {
    says: 'Recovery took 220 ms at the median, 223 ms at most (may take 10 s)',
    figures: {
      n: 6,
      medianMs: 219.74,
      maxMs: 223.34,
      budgetMs: 10000,
      withoutRoundTrip: 2,
      readMedianMs: 0.2,
      readMaxMs: 0.2,
    },
    shows: 'close@1306.7 s9, ready@1530.04 s9',
  },
  reconnect: {
    says: 'A reconnect took 220 ms at the median, 223 ms at most (may take 10 s)',
    figures: {
      n: 6,
      medianMs: 219.74,
      maxMs: 223.34,
      budgetMs: 10000,
      downMs: 195,
      waitingMs: 29,
      handshakeMs: 0.01,
      joinedMs: 0.03,
      mostInStep: 6,
      peakPerSecond: 6,
    },
    shows: 'close@1306.7 s9, connect@1530 s9, open@1530.01 s9, ready@1530.04 s9',
  },
  total: {
    says: 'Everything took 3 s (may take 30 s)',
    figures: { totalMs: 3001, budgetMs: 30000 },
    shows: 'end@3001',
  },
  availability: {
    says: 'No session went without service for longer than 240 ms: 99.9 % a month leaves room for 10,800 such restarts',
    figures: { sessions: 4, medianMs: 200, maxMs: 240, deploysPerMonth: 10800 },
    shows: 'send@1320.65 s1 1.23, send@1560.65 s1 1.29',
  },
};

describe('a right run is told in full', () => {
  it.each(Object.entries(told))('by %s', (id, row) => {
    expect(whole(right, id)).toEqual({ is: 'pass', ...row, blames: '' });
  });
});
