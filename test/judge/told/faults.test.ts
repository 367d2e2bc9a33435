import { describe, expect, it } from 'vitest';
import { faults } from '../oracle/faults.js';
import { anywhere } from '../oracle/ground.js';
import { whole, type Whole } from './shown.js';
import { right } from '../stories.js';

/** What is told of each planted fault by the check that finds it. */
const told: Readonly<Record<string, Omit<Whole, 'is'>>> = {
  'a secret in an error': {
    says: 'The service showed a secret in errors to session 1',
    figures: { attempts: 19, shown: 1 },
    shows: 'leak@1531 s1',
    blames: 'session 1',
  },
  'another user': {
    says: 'session 6 came back as somebody else',
    figures: { sessions: 8, changed: 1, misattributed: 0 },
    shows: 'who-am-i@1001 s6, who-am-i@2701 s6',
    blames: 'session 6',
  },
  'other claims': {
    says: 'session 6 came back as the same user with other claims',
    figures: { sessions: 8, changed: 1, misattributed: 0 },
    shows: 'who-am-i@1001 s6, who-am-i@2701 s6',
    blames: 'session 6',
  },
  'another name': {
    says: 'messages of session 2 are shown as from somebody else',
    figures: { sessions: 8, changed: 0, misattributed: 1 },
    shows: 'receive@410.73 s1 2.1, receive@1690.73 s3 2.33',
    blames: 'session 2',
  },
  'a second sign-in': {
    says: 'session 1 had to sign in a second time (1 sign-in)',
    figures: { sessions: 8, again: 1, againBefore: 0 },
    shows: 'sign-in@1531 s1',
    blames: 'session 1',
  },
  'a zombie': {
    says: 'session 6 came back, and nothing went through any more',
    figures: { sessions: 8, alive: 7 },
    shows: 'close@1306.4 s6, ready@1527.04 s6',
    blames: 'session 6',
  },
  'no return': {
    says: 'session 6 never came back, or did not stay',
    figures: { sessions: 8, alive: 7 },
    shows: 'close@1306.4 s6',
    blames: 'session 6',
  },
  'a wrong goodbye': {
    says: 'The connections of session 6 were closed with 1011 instead of 1001 or 1012',
    figures: { closes: 6, wrong: 1 },
    shows: 'close@1306.4 s6',
    blames: 'session 6',
  },
  'a wrong exit code': {
    says: 'backend ended with exit code 3 instead of 0',
    figures: { exits: 1, dirty: 1 },
    shows: 'disruption@1301, disruption@1321',
    blames: 'service backend',
  },
  'killed after its grace period': {
    says: 'backend was still running when its grace period was over (20 ms), and was killed',
    figures: { exits: 1, dirty: 1 },
    shows: 'disruption@1301, disruption@1321',
    blames: 'service backend',
  },
  'a good token refused before': {
    says: 'A good token was refused before the restart at /users/me',
    figures: { doors: 2, letIn: 1, refused: 1 },
    shows: 'door@1003 s11',
    blames: 'service /users/me, session 11',
  },
  'a good token refused after': {
    says: 'A good token from before the restart was refused since (401) at ws',
    figures: { doors: 2, refused: 1, sessionsRefused: 0 },
    shows: 'door@2601 s11',
    blames: 'service ws, session 11',
  },
  'a session turned away': {
    says: 'A good token from before the restart was refused since (401) when session 7 came back',
    figures: { doors: 2, refused: 0, sessionsRefused: 1 },
    shows: 'connect@1526 s7, refused@1527 s7',
    blames: 'session 7',
  },
  'a token said to have expired': {
    says: 'The token of session 7 was refused as expired, or before its time',
    figures: { tokens: 8, stillborn: 0, expired: 1 },
    shows: 'connect@1526 s7, refused@1527 s7',
    blames: 'session 7',
  },
  'a token born dead': {
    says: 'The token of session 6 was issued already expired',
    figures: { tokens: 8, stillborn: 1, expired: 0 },
    shows: 'sign-in@104 s6',
    blames: 'session 6',
  },
  'a refused renewal': {
    says: 'The renewal of the token of session 1 was refused since the restart (401)',
    figures: { renewed: 0, refused: 1 },
    shows: 'sign-in@1621 s1',
    blames: 'session 1',
  },
  'a revoked token let in': {
    says: 'A revoked token was let in after the restart at ws',
    figures: { tried: 6, letIn: 1, refused: 5 },
    shows: 'door@2603 s11',
    blames: 'service ws',
  },
  'a forged token let in': {
    says: 'A forged token (tampered) was let in during the restart at /users/me, 1 time',
    figures: { kinds: 3, letIn: 1, refused: 17 },
    shows: 'door@1593 s11',
    blames: 'service /users/me',
  },
  'a loss that was promised away': {
    says: 'The contract promises that nobody notices, and sessions 1, 2, 4 and 3 more lost the connection by the restart',
    figures: { sessions: 6, lost: 6 },
    shows:
      'disruption@1300, disruption@1323, disruption@1502, close@1306 s1, close@1306.1 s2, close@1306.3 s4',
    blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
  },
  'no reconnect': {
    says: 'session 6 did not get the connection back',
    figures: { sessions: 8, back: 7, looping: 0 },
    shows: 'close@1306.4 s6',
    blames: 'session 6',
  },
  'a slow reconnect': {
    says: "Coming back took longer than 30 ms: session 9 223 ms (194 ms down, 29 ms the client's own waiting), session 7 222 ms (195 ms down, 27 ms the client's own waiting), session 6 221 ms (195 ms down, 26 ms the client's own waiting) and 3 more",
    figures: { n: 6, medianMs: 219.74, maxMs: 223.34, budgetMs: 30 },
    shows:
      'close@1306.7 s9, connect@1530 s9, open@1530.01 s9, ready@1530.04 s9, close@1306.5 s7, connect@1528 s7, open@1528.01 s7, ready@1528.04 s7, close@1306.4 s6, connect@1527 s6, open@1527.01 s6, ready@1527.04 s6',
    blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
  },
  'slow reconnects': {
    says: "A reconnect took longer than 30 ms: session 9 223 ms (194 ms down, 29 ms the client's own waiting), session 7 222 ms (195 ms down, 27 ms the client's own waiting), session 6 221 ms (195 ms down, 26 ms the client's own waiting) and 3 more",
    figures: {
      n: 6,
      medianMs: 219.74,
      maxMs: 223.34,
      budgetMs: 30,
      downMs: 195,
      waitingMs: 29,
      handshakeMs: 0.01,
      joinedMs: 0.03,
      mostInStep: 6,
      peakPerSecond: 6,
    },
    shows:
      'close@1306.7 s9, connect@1530 s9, open@1530.01 s9, ready@1530.04 s9, close@1306.5 s7, connect@1528 s7, open@1528.01 s7, ready@1528.04 s7, close@1306.4 s6, connect@1527 s6, open@1527.01 s6, ready@1527.04 s6',
    blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
  },
  'a slow recovery': {
    says: 'Recovery took longer than 30 ms: session 9 223 ms, session 7 222 ms, session 6 221 ms and 3 more',
    figures: {
      n: 6,
      medianMs: 219.74,
      maxMs: 223.34,
      budgetMs: 30,
      withoutRoundTrip: 2,
      readMedianMs: 0.2,
      readMaxMs: 0.2,
    },
    shows:
      'close@1306.7 s9, ready@1530.04 s9, close@1306.5 s7, ready@1528.04 s7, written@1550.67 s7 7.29, ack@1550.75 s7 7.29, close@1306.4 s6, ready@1527.04 s6, written@1540.67 s6 6.29, ack@1540.75 s6 6.29',
    blames: 'session 1, session 2, session 4, session 6, session 7, session 9',
  },
  'a slow restart': {
    says: 'The restart took longer than 5 ms: backend 200 ms',
    figures: { n: 1, medianMs: 200, maxMs: 200, budgetMs: 5 },
    shows: 'disruption@1301, probe@1501',
    blames: 'service backend',
  },
  'a slow run': {
    says: 'Everything took 3 s (may take 100 ms)',
    figures: { totalMs: 3001, budgetMs: 100 },
    shows: 'end@3001',
    blames: '',
  },
  'too much downtime': {
    says: 'sessions 1, 2, 6 and 7 went without service for up to 240 ms: 30 restarts a month leave room for 0 ms each',
    figures: { sessions: 4, medianMs: 200, maxMs: 240, deploysPerMonth: 0 },
    shows:
      'send@1320.65 s1 1.23, send@1560.65 s1 1.29, send@1330.65 s2 2.24, send@1530.65 s2 2.29, send@1340.65 s6 6.24, send@1540.65 s6 6.29',
    blames: 'session 1, session 2, session 6, session 7',
  },
  'a gap in the replay': {
    says: 'session 8 resumed as if nothing were missing, and 1 message never arrived',
    figures: { resumed: 8, falsely: 1 },
    shows: 'ready@1656.04 s8, send@1220.65 s6 6.21, ack@1220.75 s6 6.21, receive@1911.08 s8 6.38',
    blames: 'message 6.21',
  },
  'a message that one reader misses': {
    says: 'session 2 never received 1 message that the service had acknowledged to session 1, sent 260 ms before the signal',
    figures: { messages: 130, deliveries: 390, lost: 1, lostWithoutRestart: 0, unproven: 0, unclear: 0 },
    shows: 'send@1040.65 s1 1.16, ack@1040.75 s1 1.16, receive@1911.08 s2 1.38',
    blames: 'message 1.16',
  },
  'a message twice at once': {
    says: 'session 7 received 1 repeat: twice on one connection',
    figures: {
      receipts: 391,
      takenForNew: 0,
      received: 1,
      stored: 0,
      askedFor: 0,
      indeterminate: 0,
      indeterminateSeen: 0,
    },
    shows: 'receive@1060.73 s7 6.17, receive@1060.73 s7 6.17',
    blames: 'message 6.17',
  },
  'a replay of what the cursor names': {
    says: 'session 3 received 1 repeat: although the cursor that was sent says that the session had them already',
    figures: {
      receipts: 391,
      takenForNew: 0,
      received: 1,
      stored: 0,
      askedFor: 0,
      indeterminate: 0,
      indeterminateSeen: 0,
    },
    shows: 'receive@720.73 s3 1.8, receive@1801 s3 1.8',
    blames: 'message 1.8',
  },
  'a copy in the log': {
    says: '1 message stored twice, in r2',
    figures: {
      receipts: 390,
      takenForNew: 0,
      received: 0,
      stored: 1,
      askedFor: 0,
      indeterminate: 0,
      indeterminateSeen: 0,
    },
    shows: 'stored@2701.2 s10 6.1, stored@2701.2 s10 6.1',
    blames: 'message 6.1',
  },
  'another order': {
    says: 'session 9 received 1 message of session 6 after later ones, in r2',
    figures: { receipts: 390, pairs: 1 },
    shows:
      'send@1020.65 s6 6.16, ack@1020.75 s6 6.16, send@1060.65 s6 6.17, receive@1020.73 s9 6.17, receive@1060.73 s9 6.16',
    blames: 'message 6.16, message 6.17',
  },
  'an altered text': {
    says: 'session 7 received 1 message changed',
    figures: { receipts: 390, received: 1, stored: 0, damaged: 0 },
    shows: 'receive@1060.73 s7 6.17',
    blames: 'message 6.17',
  },
  'a text stored altered': {
    says: '1 message of session 6 stored changed',
    figures: { receipts: 390, received: 0, stored: 1, damaged: 0 },
    shows: 'send@420.65 s6 6.1, stored@2701.2 s10 6.1',
    blames: 'message 6.1',
  },
  'a leak': {
    says: 'session 1 received 1 message that it was never meant to see, shown in r2',
    figures: { receipts: 391, leaked: 1, intrusions: 1 },
    shows: 'receive@1060.73 s1 6.17',
    blames: 'message 6.17, session 1',
  },
  'somebody else who resumes a session': {
    says: 'session 11 received 1 message that it was never meant to see, shown in r1',
    figures: { receipts: 391, leaked: 1, intrusions: 1 },
    shows: 'receive@1631.25 s11 2.12',
    blames: 'message 2.12, session 11',
  },
  'a message that nobody sent': {
    says: '1 message of session 6 can be seen that had been never sent',
    figures: { receipts: 391, refused: 0, foreign: 0, phantoms: 1 },
    shows: 'receive@1060.73 s7 6.999',
    blames: 'message 6.999',
  },
  'a refused message that is there': {
    says: '1 message of session 7 can be seen that had been refused',
    figures: { receipts: 390, refused: 1, foreign: 0, phantoms: 1 },
    shows: 'nack@1070.75 s7 7.17, receive@1070.73 s6 7.17',
    blames: 'message 7.17',
  },
  'a message that vanishes': {
    says: '1 acknowledged message of session 6, sent 880 ms before the signal, vanished from r2 (of 130 judged)',
    figures: { judged: 130, vanished: 1, damaged: 0 },
    shows: 'send@420.65 s6 6.1, ack@420.75 s6 6.1, read@2701.1 s10, read-end@2701.3 s10',
    blames: 'message 6.1',
  },
  'a room in which nothing gets through': {
    says: 'Nothing gets through in r1 since the restart: 21 messages of sessions 1 and 2, none of them accepted',
    figures: { before: 89, attemptsDuring: 39, after: 20, lastMoment: 25, retries: 2 },
    shows:
      'send@1520.65 s1 1.28, unoffered@1520.66 s1 1.28, send@1530.65 s2 2.29, unsure@1530.75 s2 2.29, send@1560.65 s1 1.29, unsure@1560.75 s1 1.29, send@1570.65 s2 2.30, unsure@1570.75 s2 2.30',
    blames: 'session 1, session 2',
  },
  'an answer cut short': {
    says: 'session 1 was told that its answer failed',
    figures: {
      answers: 2,
      underWay: 1,
      cutShort: 0,
      notWhole: 0,
      withoutEnd: 0,
      hanging: 0,
      stuck: 0,
      refused: 0,
      failed: 1,
      gone: 0,
    },
    shows: 'stream@1200 s1, part@1620.45 s1, stream@1531.1 s1, stream@1651 s1, stored-answer@2651 s1',
    blames: 'session 1',
  },
  'a part that is missing': {
    says: 'session 1 never got characters 42–52 of its answer: it came back with 4',
    figures: {
      underWay: 1,
      resumed: 1,
      broken: 1,
      repeatedUnits: 0,
      missingUnits: 11,
      splits: 0,
      altered: 0,
      madeAnew: 0,
    },
    shows: 'part@1531.2 s1, stream@1531 s1, part@1590.7 s1',
    blames: 'session 1',
  },
  'a cancelled answer that goes on': {
    says: 'the answer that session 2 had cancelled at character 29 went on: 970 characters more were made after the service had confirmed it',
    figures: { cancelled: 1, grownUnits: 970 },
    shows: 'stream@1050.5 s2, stored-answer@1200 s2, stored-answer@2653 s2',
    blames: 'session 2',
  },
  'a changed user record': {
    says: 'profile of session 6 changed',
    figures: { records: 8, changed: 1, gone: 0, unread: 0 },
    shows: 'record@1001 s6, record@2701 s6',
    blames: 'session 6',
  },
  'a session record that is gone': {
    says: 'session of session 6 is gone',
    figures: { records: 8, changed: 0, gone: 1, unread: 0 },
    shows: 'record@1001 s6, record@2701 s6',
    blames: 'session 6',
  },
  'a changed entry of the log': {
    says: 'Of 60 messages stored before the restart, in r2: 1 message changed',
    figures: { compared: 60, differences: 1 },
    shows: 'stored@1001.2 s6 6.1, stored@2701.2 s10 6.1',
    blames: 'message 6.1',
  },
  'another changed record': {
    says: 'settings of session 6 changed',
    figures: { records: 8, changed: 1, gone: 0, unread: 0 },
    shows: 'record@1001 s6, record@2701 s6',
    blames: 'session 6',
  },
  'a number given twice': {
    says: '1 number or id given to two messages; 1 message stored under another number or id than was told, in r2',
    figures: { messages: 130, reused: 1, moved: 1 },
    shows: 'ack@420.75 s6 6.1, ack@1070.75 s7 7.17, stored@2701.2 s10 7.17',
    blames: 'message 6.1, message 7.17',
  },
};

describe('a planted fault is told in full', () => {
  const rows = faults.flatMap(({ name, finds, plant }) => {
    const row = told[name];
    return row ? [[finds, name, plant, row] as const] : [];
  });

  it('for each fault that is told of here', () => {
    expect(rows).toHaveLength(Object.keys(told).length);
  });

  it.each(rows)('by %s: %s', (finds, _name, plant, row) => {
    expect(whole(plant(anywhere(right), 0.5), finds)).toEqual({ is: 'fail', ...row });
  });
});
