import { exactlyOnce, type ContractChanges } from '../../../src/contract/contracts.js';
import type { Event, EventOf, Kind } from '../../../src/history/events.js';
import { adding, changing, silencing, under, without, type Told } from '../story.js';
import { picked, withBefore, type Fault, type Ground, type Plant } from './ground.js';

/** One event is another one. */
const instead =
  <K extends Kind>(
    kind: K,
    fits: (event: EventOf<K>, story: Ground) => boolean,
    change: Partial<EventOf<K>>,
  ): Plant =>
  (story, share) => {
    const one = picked(story, share, kind, (event) => fits(event, story));
    return changing(story, (event) => (event === one ? Object.assign({}, event, change) : event));
  };

export const budget =
  (budgets: ContractChanges['budgets'], more: ContractChanges = {}): Plant =>
  (story) =>
    under(story, exactlyOnce({ budgets, ...more }));

export const isCanary = ({ events }: Told, id: string | null) =>
  events.some((event) => event.kind === 'send' && event.message === id && event.purpose === 'canary');
const isOfRole = ({ header }: Told, session: string, role: string) =>
  header.plan.sessions.some((seat) => seat.session === session && seat.role === role);

/** A session hears nothing and is answered nothing from its return on. */
const muted: Plant = (story, share) => {
  const { session } = picked(story, share, 'close', ({ session: who }) => isOfRole(story, who, 'chatter'));
  return changing(story, (event) => {
    if (!('session' in event) || event.session !== session || event.t < story.at.ready) return event;
    if (event.kind === 'receive') return [];
    return event.kind === 'ack' ? { ...event, kind: 'unsure', reason: 'no answer' } : event;
  });
};

const silenced: Plant = (story, share) => {
  const { session } = picked(story, share, 'close', ({ code }) => code === 1012);
  return silencing(story, session, story.at.signal + 20);
};

/** Of what an absentee missed, one message is not replayed. */
export const gap: Plant = (story, share) => {
  const one = picked(story, share, 'receive', ({ session, message, t }) => {
    const sent = story.events.find((event) => event.kind === 'send' && event.message === message);
    return isOfRole(story, session, 'absentee') && sent !== undefined && sent.t < t - 100;
  });
  return without(story, (event) => event === one);
};

const missing: Plant = (story, share) => {
  const one = picked(story, share, 'receive', ({ message }) => !isCanary(story, message));
  return without(story, (event) => event === one);
};

const again =
  (fits: (one: EventOf<'receive'>, story: Ground) => boolean, later: (story: Ground) => number): Plant =>
  (story, share) => {
    const one = picked(withBefore(story), share, 'receive', (event) => fits(event, story));
    const t = Math.max(one.t, later(story));
    const last = story.events.findLast(
      (event) => event.kind === 'ready' && event.session === one.session && event.t < t,
    );
    const conn = t === one.t ? one.conn : ((last && 'conn' in last ? last.conn : undefined) ?? one.conn);
    return adding(story, { ...one, t: t + 0.0001, ...(conn === undefined ? {} : { conn }) });
  };

/** Two messages of one sender that one reader received on one connection change places. */
const swapped: Plant = (story, share) => {
  const senderOf = (one: EventOf<'receive'>) => one.message?.split('.')[1];
  const nextOf = (one: EventOf<'receive'>) =>
    story.events.find(
      (event): event is EventOf<'receive'> =>
        event.kind === 'receive' &&
        event.session === one.session &&
        event.conn === one.conn &&
        event.t > one.t &&
        senderOf(event) === senderOf(one),
    );
  const one = picked(story, share, 'receive', (event) => nextOf(event) !== undefined);
  const other = nextOf(one);
  const moved = changing(story, (event) => {
    if (event === one && other) return { ...other, t: one.t };
    return event === other ? { ...one, t: other?.t ?? 0 } : event;
  });
  return moved;
};

const stray: Plant = (story, share) => {
  const one = picked(story, share, 'receive');
  const other = story.header.plan.sessions.find(({ rooms }) => !rooms.includes(one.room));
  return adding(story, { ...one, session: other?.session ?? '', t: one.t + 0.0001 });
};

/** The auditor, who shows what another has read, is let in, and is handed what was said there since. */
const intruder: Plant = (story, share) => {
  const join = story.events.find(
    (event) => event.kind === 'join' && isOfRole(story, event.session, 'auditor'),
  );
  if (join?.kind !== 'join') throw new Error('nobody tried to resume in the place of another');
  const { session, room, t } = join;
  const one = picked(withBefore(story), share, 'receive', (event) => event.room === room && event.t < t);
  return changing(adding(story, { ...one, session, conn: 1, t: t + 0.05 }), (event) =>
    event.kind === 'refused' && event.session === session
      ? { t: event.t, session, kind: 'joined', room }
      : event,
  );
};

const phantom: Plant = (story, share) => {
  const one = picked(story, share, 'receive');
  return adding(story, {
    ...one,
    message: `${one.message?.replace(/\d+$/, '') ?? ''}999`,
    t: one.t + 0.0001,
  });
};

const refused: Plant = (story, share) => {
  const one = picked(
    story,
    share,
    'ack',
    ({ message }) =>
      story.events.filter((event) => event.kind === 'ack' && event.message === message).length === 1,
  );
  return changing(story, (event) => (event === one ? { ...one, kind: 'nack', reason: 'bad' } : event));
};

const vanished: Plant = (story, share) => {
  const one = picked(story, share, 'stored', ({ read }) => read.endsWith('-after'));
  return changing(story, (event) => {
    if (event === one) return [];
    const isEnd = event.kind === 'read-end' && event.read === one.read;
    return isEnd ? { ...event, count: event.count - 1 } : event;
  });
};

const storedTwice: Plant = (story, share) => {
  const one = picked(story, share, 'stored', ({ read }) => read.endsWith('-after'));
  return changing(story, (event) => {
    const isEnd = event.kind === 'read-end' && event.read === one.read;
    if (isEnd)
      return [
        { ...one, index: event.count, id: 'id-again', position: '9999' },
        { ...event, count: event.count + 1 },
      ];
    return event;
  });
};

/** Nothing gets through in one room any more. */
const deadRoom: Plant = (story) =>
  changing(story, (event) => {
    if (event.kind !== 'ack' || event.t < story.at.ready) return event;
    const isIts = story.events.some(
      (send) =>
        send.kind === 'send' &&
        send.message === event.message &&
        send.room === 'r1' &&
        send.t >= story.at.ready,
    );
    return isIts ? { ...event, kind: 'unsure', reason: 'no answer' } : event;
  });

/** A session that comes back is refused with its token first. */
const turnedAway =
  (reason: string): Plant =>
  (story, share) => {
    const one = picked(story, share, 'connect', ({ t }) => t > story.at.ready);
    const { session, t, conn = 0 } = one;
    const refusal = { kind: 'refused', session, conn, at: 'handshake', status: 401, reason } as const;
    return adding(story, { ...one, t: t - 2 }, { ...refusal, t: t - 1 });
  };

const sinceReady = (event: Event, story: Ground) => event.t > story.at.ready;

export const faults: readonly Fault[] = [
  {
    name: 'a secret in an error',
    finds: 'secrets-hidden',
    plant: (story) => adding(story, { t: story.at.ready + 30, session: '1', kind: 'leak', where: 'error' }),
  },
  {
    name: 'another user',
    finds: 'identity-kept',
    plant: instead('who-am-i', ({ at }) => at === 'after', { user: 'u99' }),
  },
  {
    name: 'other claims',
    finds: 'identity-kept',
    plant: instead('who-am-i', ({ at }) => at === 'after', { digest: 'no' }),
  },
  {
    name: 'another name',
    finds: 'identity-kept',
    plant: instead('receive', sinceReady, { from: 'name 99' }),
  },
  {
    name: 'a second sign-in',
    finds: 'no-second-login',
    plant: (story) =>
      adding(story, {
        t: story.at.ready + 30,
        session: '1',
        kind: 'sign-in',
        how: 'again',
        ok: true,
        token: 's1-9',
        expiresInMs: 900_000,
      }),
  },
  { name: 'a zombie', finds: 'came-back', plant: muted },
  { name: 'no return', finds: 'came-back', plant: silenced },
  {
    name: 'a wrong goodbye',
    finds: 'close-code',
    plant: instead('close', ({ code }) => code === 1012, { code: 1011 }),
  },
  {
    name: 'a wrong exit code',
    finds: 'exit-code',
    plant: instead('disruption', ({ step }) => step === 'exited', { exitCode: 3 }),
  },
  {
    name: 'killed after its grace period',
    finds: 'exit-code',
    plant: instead('disruption', ({ step }) => step === 'exited', { killed: true }),
  },
  {
    name: 'a request that is cut',
    finds: 'requests-finished',
    plant: instead('stream', ({ step, t }, { at }) => step === 'lost' && t >= at.signal, {
      by: 'network',
      reason: 'other side closed',
    }),
  },
  {
    name: 'a good token refused before',
    isOfAll: true,
    finds: 'accepted-before',
    plant: instead('door', ({ credential, t }, { at }) => credential === 'good' && t < at.signal, {
      let: 'out',
      status: 401,
    }),
  },
  {
    name: 'a good token refused after',
    finds: 'accepted-after',
    plant: instead('door', ({ credential, t }, { at }) => credential === 'good' && t > at.signal, {
      let: 'out',
      status: 401,
    }),
  },
  { name: 'a session turned away', finds: 'accepted-after', plant: turnedAway('unknown key') },
  { name: 'a token said to have expired', finds: 'not-expired', plant: turnedAway('token expired') },
  {
    name: 'a token born dead',
    isOfAll: true,
    finds: 'not-expired',
    plant: instead(
      'sign-in',
      ({ how, session }, story) => how === 'first' && !isOfRole(story, session, 'auditor'),
      { expiresInMs: 0 },
    ),
  },
  {
    name: 'a refused renewal',
    finds: 'refresh-works',
    plant: instead('sign-in', ({ how }) => how === 'refresh', { ok: false, status: 401 }),
  },
  {
    name: 'a revoked token let in',
    finds: 'revoked-refused',
    plant: instead('door', ({ credential, t }, { at }) => credential === 'revoked' && t > at.ready, {
      let: 'in',
    }),
  },
  {
    name: 'a forged token let in',
    finds: 'forged-refused',
    plant: instead('door', ({ credential }) => ['tampered', 'unsigned', 'none'].includes(credential), {
      let: 'in',
    }),
  },
  {
    name: 'a loss that was promised away',
    isOfAll: true,
    finds: 'connection-was-lost',
    plant: budget({}, { connectionLost: 'never' }),
  },
  { name: 'no reconnect', finds: 'reconnected', plant: silenced },
  { name: 'a slow reconnect', isOfAll: true, finds: 'reconnect-time', plant: budget({ reconnectMs: 30 }) },
  { name: 'slow reconnects', isOfAll: true, finds: 'reconnect', plant: budget({ reconnectMs: 30 }) },
  { name: 'a slow recovery', isOfAll: true, finds: 'recovery', plant: budget({ recoveryMs: 30 }) },
  { name: 'a slow restart', isOfAll: true, finds: 'restart', plant: budget({ restartMs: 5 }) },
  { name: 'a slow run', isOfAll: true, finds: 'total', plant: budget({ totalMs: 100 }) },
  {
    name: 'too much downtime',
    isOfAll: true,
    finds: 'availability',
    plant: budget({}, { availability: { target: 1 - 1e-10, restartsPerMonth: 30 } }),
  },
  { name: 'a gap in the replay', finds: 'resumed-honestly', plant: gap },
  { name: 'a message that one reader misses', finds: 'messages-lost', plant: missing },
  {
    name: 'a message twice at once',
    finds: 'messages-duplicated',
    plant: again(
      ({ t }, { since }) => t >= since,
      () => 0,
    ),
  },
  {
    name: 'a replay of what the cursor names',
    finds: 'messages-duplicated',
    plant: again(
      ({ t }, { at }) => t < at.signal - 350,
      ({ at }) => at.ready + 300,
    ),
  },
  { name: 'a copy in the log', finds: 'messages-duplicated', plant: storedTwice },
  { name: 'another order', finds: 'messages-reordered', plant: swapped },
  {
    name: 'an altered text',
    finds: 'messages-altered',
    plant: instead('receive', () => true, { digest: 'cut' }),
  },
  {
    name: 'a text stored altered',
    finds: 'messages-altered',
    plant: instead('stored', ({ read }) => read.endsWith('-after'), { digest: 'cut' }),
  },
  { name: 'a leak', finds: 'messages-leaked', plant: stray },
  { name: 'somebody else who resumes a session', finds: 'messages-leaked', plant: intruder },
  { name: 'a message that nobody sent', finds: 'messages-phantom', plant: phantom },
  { name: 'a refused message that is there', finds: 'messages-phantom', plant: refused },
  { name: 'a message that vanishes', finds: 'log-kept', plant: vanished },
  { name: 'a room in which nothing gets through', finds: 'thread-continues', plant: deadRoom },
  {
    name: 'an answer cut short',
    finds: 'answers-complete',
    plant: instead(
      'stream',
      ({ step, purpose, stream }, { answer }) => step === 'end' && purpose === undefined && stream === answer,
      { step: 'error' },
    ),
  },
  {
    name: 'a part that is missing',
    finds: 'answers-continuous',
    plant: (story, share) => {
      const part = picked(
        story,
        share,
        'part',
        ({ stream, index }) => stream === story.answer && index > 3 && index < 7,
      );
      return changing(story, (event) =>
        event === part
          ? []
          : event.kind === 'stream' && event.stream === story.answer && event.step === 'end'
            ? { ...event, digest: 'another' }
            : event,
      );
    },
  },
  {
    name: 'a cancelled answer that goes on',
    finds: 'answers-cancelled',
    plant: instead('stored-answer', ({ at, stream }) => at === 'after' && stream === 'a2', { units: 999 }),
  },
  {
    name: 'a changed user record',
    finds: 'user-data',
    plant: instead('record', ({ at, of }) => at === 'after' && of === 'user', { digest: 'no' }),
  },
  {
    name: 'a session record that is gone',
    finds: 'session-data',
    plant: instead('record', ({ at, of }) => at === 'after' && of === 'session', { digest: null }),
  },
  {
    name: 'a changed entry of the log',
    finds: 'chat-log',
    plant: instead('stored', ({ read, index }) => read.endsWith('-after') && index < 5, { digest: 'no' }),
  },
  {
    name: 'another changed record',
    finds: 'no-record-changed',
    plant: instead('record', ({ at, of }) => at === 'after' && of === 'other', { digest: 'no' }),
  },
  {
    name: 'a number given twice',
    finds: 'no-record-changed',
    plant: instead('ack', ({ position }) => position !== '1', { position: '1' }),
  },
];
