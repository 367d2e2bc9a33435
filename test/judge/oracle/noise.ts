import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Event, Kind } from '../../../src/history/events.js';
import { adding, changing, under, without, type Told } from '../story.js';

/** Does something to a history that may or may not matter; `share` in [0, 1) says where. */
export type Noise = (told: Told, share: number) => Told;

const at = <T>(all: readonly T[], share: number): T | undefined => all[Math.floor(share * all.length)];
const ofKind = ({ events }: Told, kind: Kind) => events.filter((event) => event.kind === kind);
const kindsOf = ({ events }: Told) =>
  [...new Set(events.map(({ kind }) => kind))].filter((kind) => kind !== 'end');
const sessionsOf = ({ header }: Told) => header.plan.sessions.map(({ session }) => session);

/** One event of any kind (each kind is as likely), and the share that chooses among those of its kind. */
function anyOf(told: Told, share: number): Event | undefined {
  const kinds = kindsOf(told);
  const kind = at(kinds, share);
  const rest = (share * kinds.length) % 1;
  return kind && at(ofKind(told, kind), rest);
}

/** The messages that were sent from then on, or as canaries. */
const canariesOf = ({ events }: Told) =>
  new Set(
    events.flatMap((event) => (event.kind === 'send' && event.purpose === 'canary' ? [event.message] : [])),
  );

const replaced = (told: Told, one: Event | undefined, change: object): Told =>
  changing(told, (event) => (event === one ? Object.assign({}, event, change) : event));

export const noises: Readonly<Record<string, Noise>> = {
  'an event less': (told, share) => {
    const one = anyOf(told, share);
    return without(told, (event) => event === one);
  },
  'a receipt less': (told, share) => {
    const one = at(ofKind(told, 'receive'), share);
    return without(told, (event) => event === one);
  },
  'an acknowledgement less': (told, share) => {
    const one = at(ofKind(told, 'ack'), share);
    return without(told, (event) => event === one);
  },
  'an event twice': (told, share) => {
    const one = anyOf(told, share);
    return one && one.kind !== 'read' ? adding(told, { ...one, t: one.t + 0.0001 }) : told;
  },
  'a receipt later': (told, share) => {
    const one = at(ofKind(told, 'receive'), share);
    return sorted(replaced(told, one, { t: (one?.t ?? 0) + 40 }));
  },
  'a kind less': (told, share) => {
    const kind = at(kindsOf(told), share);
    return without(told, (event) => event.kind === kind);
  },
  'a kind less since the restart': (told, share) => {
    const kind = at(kindsOf(told), share);
    return without(told, (event) => event.kind === kind && event.t > 1_301);
  },
  'a kind less before it': (told, share) => {
    const kind = at(kindsOf(told), share);
    return without(told, (event) => event.kind === kind && event.t < 1_300);
  },
  'no canaries': (told) => {
    const canaries = canariesOf(told);
    return without(
      told,
      (event) => 'message' in event && event.message !== null && canaries.has(event.message),
    );
  },
  'a session less': (told, share) => {
    const session = at(sessionsOf(told), share);
    return without(told, (event) => 'session' in event && event.session === session);
  },
  'a session that falls silent': (told, share) => {
    const session = at(sessionsOf(told), share);
    const from = 1_301 + 300 * ((share * 100) % 1);
    return without(told, (event) => 'session' in event && event.session === session && event.t > from);
  },
  'a loss that is noticed late': (told, share) => {
    const one = at(
      ofKind(told, 'close').filter((event) => event.kind === 'close' && event.by === 'target'),
      share,
    );
    if (!one || !('session' in one)) return told;
    const t = one.t + 100 + 900 * ((share * 100) % 1);
    const isDeaf = (event: Event) =>
      'session' in event && event.session === one.session && event.t > one.t && event.t < t;
    return sorted(replaced(without(told, isDeaf), one, { t }));
  },
  'nobody but chatters': (told) => {
    const chatters = told.header.plan.sessions.filter(({ role }) => role === 'chatter');
    const names = new Set(chatters.map(({ session }) => session));
    return without(told, (event) => 'session' in event && !names.has(event.session));
  },
  'cut short': ({ header, events }, share) => ({
    header,
    events: events.slice(0, Math.floor(share * events.length)),
  }),
  interrupted: (told) => replaced(told, ofKind(told, 'end')[0], { how: 'interrupted' }),
  'given up': (told) => replaced(told, ofKind(told, 'end')[0], { how: 'failed', code: 'RESTART_FAILED' }),
  'another digest': (told, share) => replaced(told, withField(told, 'digest', share), { digest: 'other' }),
  'another position': (told, share) =>
    replaced(told, withField(told, 'position', share), { position: String(1 + Math.floor(share * 20)) }),
  'another id': (told, share) => replaced(told, withField(told, 'id', share), { id: 'id-r1-1' }),
  'another name': (told, share) => replaced(told, withField(told, 'from', share), { from: 'name 1' }),
  'another connection': (told, share) => replaced(told, withField(told, 'conn', share), { conn: 2 }),
  'no cursors': (told) =>
    changing(told, (event) =>
      event.kind === 'join'
        ? {
            t: event.t,
            session: event.session,
            ...(event.conn === undefined ? {} : { conn: event.conn }),
            kind: 'join',
            room: event.room,
          }
        : event,
    ),
  'no positions': (told) => changing(told, (event) => withoutField(event, 'position')),
  'no instances': (told) => changing(told, (event) => withoutField(event, 'instance')),
  'another answer at a door': (told, share) =>
    replaced(told, at(ofKind(told, 'door'), share), { let: (share * 100) % 1 < 0.5 ? 'no-answer' : 'out' }),
  'a message that is sent again': (told, share) => {
    const one = at(ofKind(told, 'written'), share);
    return one?.kind === 'written' ? adding(told, { ...one, attempt: 2, t: one.t + 60 }) : told;
  },
  'room order': (told) => under(told, exactlyOnce({ order: 'room' })),
  'no pipelining': (told) => under(told, exactlyOnce({ pipelining: false })),
  'no idempotency': (told) => under(told, exactlyOnce({ idempotent: false })),
  'a loss that is expected': (told) => under(told, exactlyOnce({ connectionLost: 'expected' })),
  'a stall': (told, share) =>
    adding(told, { t: 1_200 + 500 * share, kind: 'stall', ms: 60 + 300 * ((share * 10) % 1) }),
  'a stall where it counts': (told, share) => {
    const one = at([...ofKind(told, 'close'), ...ofKind(told, 'ready'), ...ofKind(told, 'probe')], share);
    return one ? adding(told, { t: one.t + 20 * ((share * 10) % 1), kind: 'stall', ms: 55 }) : told;
  },
  'a program that sleeps': (told, share) => {
    const end = at(ofKind(told, 'end'), 0)?.t ?? 3_000;
    return adding(told, { t: end - 1, kind: 'stall', ms: end * (0.3 + share / 2) });
  },
  'narrow budgets': (told, share) => {
    const ms = 600 * share;
    return under(
      told,
      exactlyOnce({
        budgets: { restartMs: ms, reconnectMs: ms, recoveryMs: ms, totalMs: 6 * ms },
        availability: { target: 1 - (ms * 30) / (30 * 24 * 3_600_000) },
      }),
    );
  },
};

const sorted = ({ header, events }: Told): Told => ({
  header,
  events: [...events].sort((one, other) => one.t - other.t),
});

const withField = (told: Told, field: string, share: number): Event | undefined =>
  at(
    told.events.filter((event) => field in event),
    share,
  );

function withoutField(event: Event, field: string): Event {
  const entries = Object.entries(event).filter(([name]) => name !== field);
  return Object.fromEntries(entries) as unknown as Event;
}
