import { recordsKept } from '../../derived/records.js';
import { records } from '../../facts/records.js';
import { defineCheck } from '../define.js';

export const userData = defineCheck({
  id: 'user-data',
  test: 'integrity',
  about: {
    question: "Are the users' own records identical after the restart?",
    seenBy:
      'Each record is read twice before the restart and again after it, and reduced to a digest of its canonical text. The same digest is the same record. A record that is no longer there is gone. One that changes by itself, between the two readings before, proves nothing until stable fields of it are picked.',
    causes: [
      'Profiles or settings live in the memory of the process, and are defaults again after it.',
      'A write was acknowledged and flushed later, or never.',
      'A migration or a seed runs at every start and overwrites what users changed.',
    ],
    next: [
      'The fields that changed are named: who writes them, and where are they kept?',
      'Fields that are meant to change, such as a time of the last visit, can be left out with `omit`.',
    ],
    modes: [35, 36, 37],
  },
  needs: ['user-records'],
  uses: [records],
  passesOn: 'presence',
  judge: (context) => recordsKept(context, 'user'),
});
