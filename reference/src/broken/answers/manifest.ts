const backend = { service: 'backend', restarts: ['backend'] } as const;
/** The same, however the service ends. */
const always = <const Expected>(expected: Expected) => ({ restart: expected, crash: expected });
/** What follows does not continue what was there. */
const broken = always({ fails: ['answers-continuous'], consequences: [] });

/** What is wrong with answers that come in parts; `manifest.ts` looks that they are faults like the others. */
export const answerFaults = {
  'answers-cut-short': {
    ...backend,
    title: 'Answers that are unfinished when the service starts are taken for finished.',
    part: 'start',
    expected: always({ fails: ['answers-complete'], consequences: ['answers-continuous'] }),
    modes: [50],
  },
  'answers-never-end': {
    ...backend,
    title: 'That an answer is over is told to those only who have listened from its beginning.',
    part: 'playback',
    expected: always({ fails: ['answers-complete'], consequences: ['total'] }),
    modes: [51],
  },
  'answers-repeat-a-part': {
    ...backend,
    title: 'A reader that comes back to an answer gets the last part again that it has.',
    part: 'playback',
    expected: broken,
    modes: [52],
  },
  'answers-skip-a-part': {
    ...backend,
    title: 'A reader that comes back to an answer does not get the part after the last that it has.',
    part: 'playback',
    expected: broken,
    modes: [53],
  },
  'answers-made-anew': {
    ...backend,
    title: 'An answer whose process is gone is thrown away and made anew, in other words.',
    part: 'answers and assistant',
    expected: broken,
    modes: [54],
  },
  'answers-cut-in-bytes': {
    ...backend,
    title: 'Readers of an answer count characters, and the service leaves out as many bytes.',
    part: 'playback',
    expected: broken,
    modes: [55],
  },
  'answers-hang': {
    ...backend,
    title: 'A reader that comes back to an answer is let in, and hears nothing.',
    part: 'playback',
    expected: always({ fails: ['answers-complete'], consequences: ['answers-continuous', 'total'] }),
    modes: [56],
  },
  'states-move-the-cursor': {
    ...backend,
    title:
      'How an answer stands is said between its parts in frames that have ids, which move the cursor past a part.',
    part: 'playback',
    expected: broken,
    modes: [57],
  },
  'answers-forget-cursors': {
    ...backend,
    title: 'Where a reader of an answer has stopped is not looked at: it gets everything again.',
    part: 'playback',
    expected: broken,
    modes: [58],
  },
  'cancels-in-memory': {
    ...backend,
    title: 'Which answers were cancelled is kept in the process, so the next one goes on with them.',
    part: 'answers',
    expected: always({ fails: ['answers-cancelled'], consequences: [] }),
    modes: [60],
  },
} as const;
