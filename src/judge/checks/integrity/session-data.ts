import { recordsKept } from '../../derived/records.js';
import { records } from '../../facts/records.js';
import { defineCheck } from '../define.js';

export const sessionData = defineCheck({
  id: 'session-data',
  test: 'integrity',
  about: {
    question: "Are the records of the users' sessions identical after the restart?",
    seenBy:
      'What the service stores of a session (when it was signed in, its roles, read marks, drafts, memberships) is read twice before the restart and again after it, with the same token, and compared by the digest of its canonical text.',
    causes: [
      'Sessions live in the memory of the process, and are made anew from the token after it.',
      'Read marks and drafts are collected and written later.',
      'A reconnect is stored as if it were a new sign-in.',
    ],
    next: [
      'The fields that changed are named: are they meant to change when a session reconnects? Then leave them out with `omit`.',
      'Keep sessions where they survive the process.',
    ],
    modes: [35, 36, 42],
  },
  needs: ['session-records'],
  uses: [records],
  passesOn: 'presence',
  judge: (context) => recordsKept(context, 'session'),
});
