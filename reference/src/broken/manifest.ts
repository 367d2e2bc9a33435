import { answerFaults } from './answers/manifest.js';

/** Ids of checks. `fails`: exactly those that fail; `consequences`: those that another finding explains; how many of them show depends on what the restart met. */
export interface Expected {
  readonly fails: readonly string[];
  readonly consequences: readonly string[];
  /** Those that cannot be judged beside it, and that nothing explains. */
  readonly unknown?: readonly string[];
}

/** Services that have broken parts. */
export type Faulty = 'auth' | 'backend' | 'balancer';

/** A service with one part that is wrong. */
export interface Fault {
  /** What is wrong, in a sentence. */
  readonly title: string;
  /** The part that is swapped. */
  readonly part: string;
  readonly service: Faulty;
  /** Another service that is not as it should be, so that the fault is met. */
  readonly also?: Faulty;
  /** What has to be restarted for the fault to be met. */
  readonly restarts: readonly ('auth' | 'backend')[];
  /** So many restarts of one run are needed for it to be met; with fewer nothing fails. One unless told. */
  readonly restartsNeeded?: number;
  /** By kind of restart. One that is met in a rolling restart behind a balancer is run in no other way. */
  readonly expected:
    { readonly restart: Expected; readonly crash: Expected } | { readonly rolling: Expected };
  /** Numbers of the catalogue of failure modes. */
  readonly modes: readonly number[];
}

const nothing: Expected = { fails: [], consequences: [] };
const fails = (...ids: string[]): Expected => ({ fails: ids, consequences: [] });
/** The same, however the service ends. */
const always = (expected: Expected) => ({ restart: expected, crash: expected });
/** In a rolling restart of several backends behind a balancer. */
const rolling = (expected: Expected) => ({ rolling: expected });
const balancer = { service: 'balancer', restarts: ['backend'] } as const;
const backend = { service: 'backend', restarts: ['backend'] } as const;
const auth = { service: 'auth', restarts: ['auth', 'backend'] } as const;

export const faults = {
  'fresh-secret': {
    ...auth,
    title: 'The keys that sign tokens are made anew at each start, so tokens from before are refused.',
    part: 'keys',
    expected: always(fails('accepted-after')),
    modes: [1],
  },
  'memory-log': {
    ...backend,
    title: 'Messages live in the process only, and die with it.',
    part: 'log',
    expected: always({
      fails: ['log-kept'],
      consequences: [
        'resumed-honestly',
        'messages-lost',
        'messages-duplicated',
        'messages-reordered',
        'chat-log',
        'no-record-changed',
      ],
    }),
    modes: [20, 22, 35, 43, 44],
  },
  'ack-before-commit': {
    ...backend,
    title:
      'A message is acknowledged a quarter of a second before it is committed; a graceful stop still writes it.',
    part: 'log',
    expected: {
      restart: nothing,
      crash: {
        fails: ['log-kept'],
        consequences: [
          'resumed-honestly',
          'messages-lost',
          'messages-duplicated',
          'messages-reordered',
          'no-record-changed',
        ],
      },
    },
    modes: [21, 23],
  },
  'no-idempotency': {
    ...backend,
    title: 'A message that is sent again is stored again.',
    part: 'log',
    expected: always({ fails: ['messages-duplicated'], consequences: ['chat-log'] }),
    modes: [25],
  },
  'replay-off-by-one': {
    ...backend,
    title: 'A resumption repeats the last message that the client already has.',
    part: 'resume',
    expected: always(fails('messages-duplicated')),
    modes: [26, 52],
  },
  'false-resume': {
    ...backend,
    title: 'A resumption begins at the newest message and drops what was missed.',
    part: 'resume',
    expected: always({ fails: ['messages-lost'], consequences: ['resumed-honestly'] }),
    modes: [22, 31],
  },
  'forgets-revocations': {
    ...backend,
    title: 'Revocations are kept in the process, so a restart lets revoked tokens in again.',
    part: 'revocations',
    expected: always(fails('revoked-refused')),
    modes: [78, 84],
  },
  'accepts-unsigned-at-start': {
    ...backend,
    title: 'For a moment after the start, before keys are looked at, every well-formed token is let in.',
    part: 'door',
    expected: always(fails('forged-refused')),
    modes: [82],
  },
  'expires-early-at-start': {
    ...backend,
    title:
      'For a moment after the start the clock is hours ahead, so every token is taken for an expired one.',
    part: 'door',
    expected: always({ fails: ['accepted-after'], consequences: ['not-expired'] }),
    modes: [3, 8],
  },
  'shows-the-token': {
    ...backend,
    title: 'For a moment after the start tokens cannot be verified, and the error says which token it was.',
    part: 'door',
    expected: always(fails('secrets-hidden')),
    modes: [85],
  },
  'leaks-rooms': {
    ...backend,
    title: 'A replay also hands out messages of another thread.',
    part: 'log',
    expected: always(fails('messages-leaked')),
    modes: [80],
  },
  'resumes-anyone': {
    ...backend,
    title: 'Who says where it stopped in a thread is taken for one of its members, whoever it is.',
    part: 'membership',
    expected: always(fails('messages-leaked')),
    modes: [79],
  },
  'orders-by-clock': {
    ...backend,
    title: 'What is read back stands in the order of a coarse clock, not of the numbers.',
    part: 'log',
    expected: always(fails('messages-reordered')),
    modes: [45, 46, 47, 49],
  },
  truncates: {
    ...backend,
    title: 'Bodies of more than 200 characters are cut when they are stored.',
    part: 'log',
    expected: always(fails('messages-altered')),
    modes: [29],
  },
  renumbers: {
    ...backend,
    title: 'After a restart, numbers that were already given are given again.',
    part: 'log',
    expected: always(fails('no-record-changed')),
    modes: [43, 44],
  },
  'forgets-profile': {
    ...backend,
    title: 'Profiles are kept in the process, and are made anew after a restart.',
    part: 'records',
    expected: always(fails('user-data')),
    modes: [36],
  },
  'forgets-session-data': {
    ...backend,
    title: 'What is known of a session is kept in the process, and begins anew after a restart.',
    part: 'records',
    expected: always(fails('session-data')),
    modes: [36, 42],
  },
  'swaps-identity': {
    ...backend,
    title: 'Users are looked up in a list made at the start, and the place in it is off by one.',
    part: 'records',
    expected: always({ fails: ['identity-kept'], consequences: ['user-data', 'session-data'] }),
    modes: [6],
  },
  'no-drain': {
    ...backend,
    title: 'On SIGTERM the process ends at once, without a goodbye to anyone.',
    part: 'drain',
    expected: {
      restart: { fails: ['close-code'], consequences: ['requests-finished'] },
      crash: nothing,
    },
    modes: [61, 67],
  },
  'cuts-requests': {
    ...backend,
    title:
      'On SIGTERM the connections on which requests are being answered are destroyed; all others are let go in order.',
    part: 'drain',
    expected: { restart: fails('requests-finished'), crash: nothing },
    modes: [67],
  },
  'closes-wrong-code': {
    ...backend,
    title: 'When it leaves, the service closes with 1000, which tells clients that all is done.',
    part: 'farewell',
    expected: { restart: fails('close-code'), crash: nothing },
    modes: [62],
  },
  'exits-dirty': {
    ...backend,
    title: 'After a clean drain the process reports failure.',
    part: 'drain',
    expected: { restart: fails('exit-code'), crash: nothing },
    modes: [65],
  },
  'forgets-refresh': {
    ...auth,
    title: 'Refresh tokens are kept in the process, so they are refused after a restart.',
    part: 'refreshTokens',
    expected: always(fails('refresh-works')),
    modes: [4],
  },
  'signs-everyone-out': {
    ...auth,
    title:
      'Auth keeps its keys and its refresh tokens in the process, so after a restart everybody has to sign in again.',
    part: 'keys and refreshTokens',
    expected: always({
      fails: ['accepted-after', 'refresh-works'],
      consequences: ['no-second-login', 'session-data'],
    }),
    modes: [1, 4],
  },
  'newest-session-only': {
    ...auth,
    title: 'Auth knows only the newest session of a user, and refuses the tokens of the ones before.',
    part: 'sessions',
    expected: always({ fails: ['accepted-before'], consequences: ['accepted-after', 'refresh-works'] }),
    modes: [2],
  },
  'stores-refused': {
    ...backend,
    title:
      'Whether a sender is known is looked at when its message is stored already; after a start the first one of each is refused, and everybody has it.',
    part: 'log',
    expected: always(fails('messages-phantom')),
    modes: [28],
  },
  'doubles-on-rehydration': {
    ...backend,
    title:
      'After a restart a thread is read from a snapshot and from a journal, and all from before is in both.',
    part: 'log',
    expected: always(fails('chat-log')),
    modes: [39, 40],
  },
  'orphans-a-thread': {
    ...backend,
    title: 'After a restart nobody takes over the largest thread: what is said there is refused.',
    part: 'log',
    expected: always({ fails: ['thread-continues'], consequences: ['availability', 'total'] }),
    modes: [34, 42],
  },
  'refuses-returners': {
    ...backend,
    title:
      'Messages are counted in the process; after a restart a reader who has more of them is closed, for ever.',
    part: 'log and resume',
    expected: always({
      fails: ['reconnected'],
      consequences: [
        'came-back',
        'resumed-honestly',
        'messages-lost',
        'thread-continues',
        'availability',
        'total',
        'reconnect',
        'reconnect-time',
        'recovery',
      ],
      // Where nobody comes back at all, nobody shows a token or resumes.
      unknown: ['not-expired', 'resumed-honestly'],
    }),
    modes: [10, 14, 18],
  },
  'deaf-after-resume': {
    ...backend,
    title:
      'A reader that resumes is put past the end of the thread: it is connected, and hears nothing more.',
    part: 'resume',
    expected: always({ fails: ['came-back'], consequences: ['resumed-honestly', 'messages-lost', 'total'] }),
    modes: [13],
  },
  'works-once': {
    ...backend,
    title:
      'What a reader needs to resume outlives one restart; one that resumes after the second is connected, and hears nothing more.',
    part: 'resume',
    restartsNeeded: 2,
    expected: always({ fails: ['came-back'], consequences: ['resumed-honestly', 'messages-lost', 'total'] }),
    modes: [15],
  },
  'slow-start': {
    ...backend,
    title: 'Before it is ready, the service reads everything that was ever said.',
    part: 'start',
    expected: always({ fails: ['restart'], consequences: ['total'] }),
    modes: [68],
  },
  'slow-return': {
    ...backend,
    title:
      'When the first reader joins after a restart, the service counts everything that was ever said; all others wait.',
    part: 'log',
    expected: always({ fails: ['reconnect-time'], consequences: ['reconnect', 'recovery', 'total'] }),
    modes: [89],
  },
  'slow-first-message': {
    ...backend,
    title:
      'With the first message after a restart, the service makes an index over everything that was ever said.',
    part: 'log',
    expected: always({ fails: ['recovery'], consequences: ['total'] }),
    modes: [19],
  },
  'slow-records': {
    ...backend,
    title: 'Each look at a user or a session takes three quarters of a second.',
    part: 'records',
    expected: always(fails('total')),
    modes: [],
  },
  'looks-once': {
    ...balancer,
    also: 'backend',
    title:
      'The balancer looks at the backends once, when it starts, so it goes on sending sessions to one that is gone (backends take their time to start).',
    part: 'pool and choose',
    expected: rolling({
      fails: ['routed-to-ready'],
      consequences: ['reconnect-time', 'recovery', 'reconnect', 'availability', 'total'],
    }),
    modes: [70],
  },
  'drops-on-change': {
    ...balancer,
    title:
      'Whenever the list of ready backends changes, the balancer is set up anew and drops every connection.',
    part: 'changed',
    expected: rolling({ fails: ['moved-once'], consequences: ['close-code', 'reconnected'] }),
    modes: [71],
  },
  'strangers-refused': {
    ...backend,
    title: 'A backend knows only the sessions that were on it, and refuses others that come back, once.',
    part: 'resume',
    expected: rolling({ fails: ['any-instance'], consequences: ['reconnected'] }),
    modes: [72],
  },
  'first-ready': {
    ...balancer,
    title: 'The balancer sends everyone to the first backend of its list that is ready.',
    part: 'choose',
    expected: rolling({ fails: ['spread'], consequences: ['across-instances'] }),
    modes: [73],
  },
  'own-replays-only': {
    ...backend,
    also: 'balancer',
    title:
      'A backend replays only to those who were on it before, and the balancer is relied on to bring them back there, by a hash of the token.',
    part: 'resume',
    expected: rolling({ fails: ['any-instance'], consequences: ['messages-lost', 'resumed-honestly'] }),
    modes: [74],
  },
  'own-messages-only': {
    ...backend,
    title: 'A backend hands out live only what was said on it: nothing connects the instances.',
    part: 'delivered',
    expected: rolling({
      fails: ['across-instances'],
      consequences: [
        'messages-lost',
        'resumed-honestly',
        'came-back',
        'thread-continues',
        'recovery',
        'any-instance',
        'total',
      ],
    }),
    modes: [75],
  },
  'one-version-only': {
    ...backend,
    title:
      'Backends that were restarted are of a new version, and neither version understands what the other writes live.',
    part: 'delivered',
    expected: rolling({
      fails: ['across-instances'],
      consequences: ['messages-lost', 'resumed-honestly', 'came-back', 'recovery', 'any-instance', 'total'],
    }),
    modes: [76],
  },
  'short-idle': {
    ...balancer,
    title: 'The balancer ends connections on which nothing was said for a second.',
    part: 'idleMs',
    expected: rolling({
      fails: ['idle-time-out'],
      consequences: ['close-code', 'reconnected', 'came-back', 'moved-once'],
    }),
    modes: [77],
  },
  ...answerFaults,
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;

/** The services that are not as they should be. */
export const servicesOf = ({ service, also }: Pick<Fault, 'service' | 'also'>): readonly Faulty[] =>
  also === undefined ? [service] : [service, also];
