import { exactlyOnce } from '../../src/contract/contracts.js';
import type { Contract } from '../../src/contract/data.js';
import type { CredentialKind, Event, EventOf, Facet, Header } from '../../src/history/events.js';
import { answersTold } from './answers-story.js';
import { lackedByAll, plannedOf, releasedAt, restartsFrom, restartTold } from './restart-story.js';
import type { Restart } from './restart-story.js';
import { headerOf, run, seatsOf, type Plot, type Seat } from './story-plan.js';
import { judging, type CheckResult, type Verdict } from '../../src/judge/index.js';

export { run };

/** The first restart strikes then. */
const firstSignal = 1_301;

type Agenda = (t: number, act: () => void) => void;

interface Stored {
  readonly message: string;
  readonly sender: string;
  readonly digest: string;
  readonly position: number;
}

/** A whole right run, told by a small service that does everything right. Events are in the order of time. */
export class Story {
  readonly events: Event[] = [];
  readonly header: Header;
  /** By room, what the service stores. */
  readonly log = new Map<string, Stored[]>();
  readonly #seats: Seat[];
  readonly #random: () => number;
  readonly #plot: Plot;
  readonly restarts: readonly Restart[];
  /** `signal`: of the first restart. `ready`: after the last. */
  readonly at: {
    readonly signal: number;
    readonly ready: number;
    readonly settle: number;
    readonly end: number;
  };

  constructor(plot: Plot = {}) {
    const { rooms = 2, chatters = 2, contract = exactlyOnce(), without = {}, downMs = 200 } = plot;
    this.#plot = plot;
    this.#random = plot.random ?? (() => 0.5);
    this.#seats = seatsOf(rooms, chatters);
    this.restarts = restartsFrom(firstSignal, plot.restarts ?? [{ downMs }]);
    const lacked = { ...without, ...lackedByAll(this.restarts) };
    this.header = headerOf(this.#seats, contract, lacked, this.restarts.map(plannedOf));
    for (let room = 1; room <= rooms; room++) this.log.set(`r${room}`, []);
    const ready = this.restarts.at(-1)?.ready ?? firstSignal;
    this.at = { signal: firstSignal, ready, settle: ready + 400, end: ready + 1_500 };
    this.#tell(plot.everyMs ?? 10);
    this.events.push(...answersTold(this.at, this.restarts));
    this.events.sort((one, other) => one.t - other.t);
  }

  #tell(everyMs: number): void {
    const { ready, settle, end } = this.at;
    const last = this.restarts.at(-1)?.now ?? 'boot-1';
    const auditor = this.#seats.at(-1);
    const live = this.#seats.filter(({ role }) => role !== 'newcomer' && role !== 'auditor');
    const plan: [number, () => void][] = [];
    const at: Agenda = (t, act) => void plan.push([t, act]);
    const phase = (t: number, name: EventOf<'phase'>['phase']) =>
      at(t, () => this.#emit({ t, kind: 'phase', phase: name }));
    phase(0, 'preflight');
    phase(90, 'establish');
    live.forEach((seat, index) => at(100 + index, () => this.#establish(100 + index, seat)));
    if (auditor) at(150, () => this.#establish(150, auditor));
    phase(400, 'steady');
    for (const seat of live.filter(({ role }) => role === 'control-absentee')) {
      at(600.2, () => this.#cut(600.2, seat));
      at(800.2, () => this.#uncut(800.2, seat));
      at(805, () => this.#back(805, seat));
    }
    phase(1_000, 'before');
    at(1_001, () => this.#inspect(1_001, 'before'));
    at(1_002, () => this.#inspect(1_002, 'before', 2));
    at(1_003, () => this.#knock(1_003, 'boot-1'));
    live
      .filter(({ role }) => role === 'absentee')
      .forEach((seat, room) => {
        const { from, to } = this.#absenceOf(room);
        at(from, () => this.#cut(from, seat));
        at(to + 0.2, () => this.#uncut(to + 0.2, seat));
        at(to + 5, () => this.#back(to + 5, seat));
      });
    phase(1_250, 'disrupt');
    for (const restart of this.restarts) this.#strike(at, restart, live);
    at(ready + 110, () => this.#resend(ready + 110));
    at(ready + 120, () => this.#refresh(ready + 120));
    at(ready + 130, () => this.#intrude(ready + 130, last));
    phase(ready + 10, 'recover');
    this.#chat(at, everyMs, live);
    phase(settle, 'settle');
    for (const room of this.log.keys()) {
      const canaries = live.filter((seat) => seat.room === room && seat.role === 'chatter').slice(0, 2);
      canaries.forEach((seat, index) =>
        at(settle + 10 + index, () => this.#say(settle + 10 + index, seat, 'canary')),
      );
    }
    phase(end - 500, 'audit');
    at(end - 400, () => this.#knock(end - 400, last));
    at(end - 300, () => this.#inspect(end - 300, 'after'));
    at(end, () => this.#emit({ t: end, kind: 'end', how: 'completed' }));
    for (const [, act] of plan.sort(([one], [other]) => one - other)) act();
  }

  /** An absentee leaves a while before the first restart that it is away over, and returns after the last. */
  #absenceOf(room: number): { readonly from: number; readonly to: number } {
    const { away = [] } = this.#plot;
    const over = this.restarts.filter(({ index }) => away[room] === undefined || away[room] === index);
    return { from: (over[0]?.signal ?? 0) - 201 + 0.2, to: (over.at(-1)?.ready ?? 0) + 150 };
  }

  #strike(at: Agenda, restart: Restart, live: readonly Seat[]): void {
    const { type, signal, ready, now } = restart;
    at(signal - 1, () => void this.events.push(...restartTold(restart)));
    live.forEach((seat, index) => {
      const lostAt = signal + 5 + index * 0.1;
      if (type === 'network') at(lostAt, () => this.#broken(lostAt, seat));
      else if (type !== 'pause') at(lostAt, () => this.#closed(lostAt, seat));
      const back = ready + 20 + index + Math.floor(this.#random() * 5);
      at(back, () => this.#back(back, seat));
    });
    at(ready + 90, () => this.#knock(ready + 90, now));
  }

  #chat(at: Agenda, everyMs: number, live: readonly Seat[]): void {
    const { ready } = this.at;
    let turn = 0;
    for (let t = 410; t < ready + 380; t += everyMs) {
      const chatting = live.filter(({ role }) => role === 'chatter');
      const seat = chatting[(turn++ + Math.floor(this.#random() * 2)) % chatting.length];
      const due = t + 0.5 + this.#random() * 0.3;
      if (seat) at(due, () => this.#say(due, seat));
    }
  }

  #establish(t: number, seat: Seat): void {
    const { session } = seat;
    this.#emit({
      ...{ t, session, kind: 'sign-in', how: 'first', ok: true },
      ...{ user: `u${session}`, token: `s${session}-1`, expiresInMs: 900_000 },
    });
    if (seat.role !== 'auditor') this.#back(t + 1, seat);
  }

  #say(t: number, seat: Seat, purpose?: 'canary'): void {
    const { session, room } = seat;
    const number = ++seat.number;
    const message = `${run}.${session}.${number}`;
    const digest = `d${session}x${number}`;
    this.#emit({ t, session, kind: 'send', due: t, room, message, digest, ...(purpose ? { purpose } : {}) });
    if (!seat.isConnected) {
      this.#emit({ t: t + 0.01, session, kind: 'unoffered', message, reason: 'no connection' });
      return;
    }
    const { conn } = seat;
    this.#emit({ t: t + 0.02, session, conn, kind: 'written', message, attempt: 1 });
    const takenAt = this.#takenAt(t);
    const stored = this.log.get(room) ?? [];
    const position = stored.length + 1;
    stored.push({ message, sender: session, digest, position });
    this.#emit({ t: takenAt + 0.1, session, conn, kind: 'ack', message, position: String(position) });
    for (const reader of this.#seats) {
      const isThere = reader.room === room && reader.isConnected && reader !== seat;
      if (isThere) this.#deliver(takenAt + 0.08, reader, { message, sender: session, digest, position });
      if (reader === seat && reader.cursor === position - 1) reader.cursor = position;
    }
  }

  /** At once; what is said to a target that was stopped waits until it goes on. */
  #takenAt(t: number): number {
    const pause = this.restarts.find((one) => one.type === 'pause' && one.signal <= t && t < releasedAt(one));
    return pause ? releasedAt(pause) + (t - pause.signal) / 1_000 : t;
  }

  #deliver(t: number, reader: Seat, { message, sender, digest, position }: Stored): void {
    reader.cursor = position;
    const { session, conn, room } = reader;
    const about = {
      session,
      conn,
      room,
      message,
      digest,
      from: `name ${sender}`,
      position: String(position),
    };
    this.#emit({ t, kind: 'receive', ...about });
  }

  #cut(t: number, seat: Seat): void {
    this.#emit({ t, session: seat.session, kind: 'cut' });
    seat.isCut = true;
    this.#lose(t + 0.01, seat, 'network');
  }

  #uncut(t: number, seat: Seat): void {
    this.#emit({ t, session: seat.session, kind: 'uncut' });
    seat.isCut = false;
  }

  #closed(t: number, seat: Seat): void {
    if (seat.isConnected) this.#lose(t, seat, 'target', 1012);
  }

  #broken(t: number, seat: Seat): void {
    if (seat.isConnected) this.#lose(t, seat, 'network');
  }

  #lose(t: number, seat: Seat, by: 'target' | 'network', code?: number): void {
    const { session, conn } = seat;
    this.#emit({ t, session, conn, kind: 'close', by, ...(code === undefined ? {} : { code }) });
    seat.isConnected = false;
    seat.goneAt = t;
  }

  #back(t: number, seat: Seat): void {
    if (seat.isCut || seat.isConnected) return;
    const { session, room } = seat;
    const conn = ++seat.conn;
    const instance = this.restarts.findLast(({ signal }) => t > signal)?.now ?? 'boot-1';
    this.#emit({ t, session, conn, kind: 'connect', door: 'ws', token: `s${session}-1` });
    this.#emit({ t: t + 0.01, session, conn, kind: 'open', instance });
    const cursor = conn === 1 ? {} : { cursor: String(seat.cursor) };
    const { missed, isWhole } = this.#missedBy(t, seat);
    const continues = conn > 1 && isWhole ? 'resumed' : 'fresh';
    this.#emit({ t: t + 0.02, session, conn, kind: 'join', room, ...cursor });
    this.#emit({ t: t + 0.03, session, conn, kind: 'joined', room });
    this.#emit({
      ...{ t: t + 0.04, session, conn, kind: 'ready' },
      claims: this.#plot.tells ? continues : 'unstated',
    });
    seat.isConnected = true;
    for (const one of missed) this.#deliver(t + 0.041 + one.position / 10_000, seat, one);
    if (!isWhole) seat.cursor = this.log.get(room)?.length ?? 0;
  }

  /** What a session is handed of what it missed: beyond the replay window nothing, or so many of the last messages. */
  #missedBy(t: number, { session, room, cursor, goneAt, conn }: Seat) {
    const { ms = Infinity, messages = Infinity } = this.header.contract.replayWindow;
    const all = (this.log.get(room) ?? []).filter((one) => one.position > cursor && one.sender !== session);
    const isLate = conn > 1 && t - goneAt > ms;
    const missed = isLate ? [] : all.slice(Math.max(0, all.length - messages));
    return { missed, isWhole: missed.length === all.length };
  }

  /** Users' clients cannot know that their acknowledged message is safe: they send some again. */
  #resend(t: number): void {
    for (const [, stored] of this.log) {
      const [first] = stored;
      const sender = this.#seats.find(({ session }) => session === first?.sender);
      if (!first || !sender) continue;
      const about = { session: sender.session, conn: sender.conn, message: first.message };
      this.#emit({ t, ...about, kind: 'written', attempt: 2 });
      this.#emit({ t: t + 0.5, ...about, kind: 'ack', position: String(first.position) });
    }
  }

  /** The auditor, who belongs in no such room, shows what somebody else has read there. */
  #intrude(t: number, instance: string): void {
    const session = this.#seats.at(-1)?.session ?? '';
    this.#emit({ t, session, kind: 'connect', door: 'ws', token: `s${session}-1` });
    this.#emit({ t: t + 0.1, session, kind: 'open', instance });
    this.#emit({ t: t + 0.2, session, kind: 'join', room: 'r1', cursor: '1' });
    this.#emit({ t: t + 0.3, session, kind: 'refused', at: 'join', reason: 'not_a_member' });
    this.#emit({ t: t + 0.4, session, kind: 'close', by: 'session' });
  }

  #refresh(t: number): void {
    const [seat] = this.#seats;
    if (!seat) return;
    const { session } = seat;
    const about = { user: `u${session}`, token: `s${session}-2`, expiresInMs: 900_000 };
    this.#emit({ t, session, kind: 'sign-in', how: 'refresh', ok: true, ...about });
  }

  /** Good, revoked and forged tokens at both doors. */
  #knock(t: number, instance: string): void {
    const auditor = this.#seats.at(-1);
    if (!auditor) return;
    const { session } = auditor;
    const forged: CredentialKind[] = ['tampered', 'unsigned', 'none'];
    for (const door of ['ws', '/users/me']) {
      const about = {
        session,
        kind: 'door',
        door,
        via: door === 'ws' ? 'connect' : 'request',
        instance,
      } as const;
      this.#emit({ t, ...about, credential: 'good', token: `s${session}-1`, let: 'in', status: 200 });
      for (const credential of [...forged, 'revoked' as const]) {
        this.#emit({ t: t + 2, ...about, credential, token: credential, let: 'out', status: 401 });
      }
    }
    if (instance === 'boot-1') this.#emit({ t: t + 1, session, kind: 'revoked', token: 'revoked' });
  }

  #inspect(t: number, at: 'before' | 'after', reading = 1): void {
    for (const { session, role } of this.#seats.filter((seat) => seat.role !== 'auditor')) {
      if (role === 'newcomer') continue;
      const about = { t, session, at, reading };
      this.#emit({
        ...about,
        kind: 'record',
        name: 'profile',
        of: 'user',
        digest: `p${session}`,
        fields: ['name:1', 'locale:2'],
      });
      this.#emit({ ...about, kind: 'record', name: 'session', of: 'session', digest: `s${session}` });
      this.#emit({ ...about, kind: 'record', name: 'settings', of: 'other', digest: `o${session}` });
      if (reading === 1)
        this.#emit({ t, session, kind: 'who-am-i', user: `u${session}`, digest: `c${session}`, at });
    }
    if (reading === 1) for (const room of this.log.keys()) this.#read(t + 0.1, room, at);
  }

  #read(t: number, room: string, at: 'before' | 'after'): void {
    const role = at === 'before' ? 'chatter' : 'newcomer';
    const session = this.#seats.find((seat) => seat.room === room && seat.role === role)?.session ?? '';
    const stored = this.log.get(room) ?? [];
    const read = `${room}-${at}`;
    this.#emit({ t, session, kind: 'read', read, room, cold: at === 'after', at });
    stored.forEach(({ message, sender, digest, position }, index) =>
      this.#emit({
        t: t + 0.1,
        session,
        kind: 'stored',
        read,
        index,
        message,
        digest,
        from: sender,
        id: `id-${room}-${position}`,
        position: String(position),
      }),
    );
    this.#emit({ t: t + 0.2, session, kind: 'read-end', read, ok: true, count: stored.length });
  }

  #emit(event: Event): void {
    this.events.push(event);
  }
}

export interface Told {
  readonly header: Header;
  readonly events: readonly Event[];
}

/** Judges a history as it is. */
export function judge({ header, events }: Told, only?: Parameters<typeof judging>[1]): Verdict {
  const judgement = judging(header, only);
  for (const event of events) judgement.see(event);
  const end = events.find((event) => event.kind === 'end') ?? null;
  return judgement.verdict(end, { judgedAt: '2026-01-02T00:00:00.000Z' });
}

/** The result of one check. */
export function resultOf(verdict: Verdict, id: string): CheckResult {
  const result = verdict.tests.flatMap(({ checks }) => checks).find((check) => check.id === id);
  if (!result) throw new Error(`no check ${id} in this verdict`);
  return result;
}

/** The ids of the checks with an outcome, in the order of the catalogue. */
export const having = (verdict: Verdict, outcome: CheckResult['outcome']): string[] =>
  verdict.tests.flatMap(({ checks }) =>
    checks.filter((check) => check.outcome === outcome).map(({ id }) => id),
  );

/** A history without the events that a test leaves out. */
export const without = ({ header, events }: Told, isGone: (event: Event) => boolean): Told => ({
  header,
  events: events.filter((event) => !isGone(event)),
});

/** A history in which a session has no connection from then on, until the audit. What it says is not offered. */
export function silencing(story: Told & Pick<Story, 'at'>, session: string, from: number): Told {
  const until = story.at.end - 500;
  const isIts = (event: Event) =>
    'session' in event && event.session === session && event.t > from && event.t < until;
  const unsaid = new Set(
    story.events.flatMap((event) => (event.kind === 'send' && isIts(event) ? [event.message] : [])),
  );
  return changing(story, (event) => {
    if (event.kind === 'send' && isIts(event)) {
      const { t, message } = event;
      return [event, { t: t + 0.01, session, kind: 'unoffered', message, reason: 'no connection' }];
    }
    const isSaid = 'message' in event && event.message !== null && unsaid.has(event.message);
    return isSaid || isIts(event) ? [] : event;
  });
}

/** A history in which events are replaced; return the event itself to leave it. */
export const changing = ({ header, events }: Told, change: (event: Event) => Event | Event[]): Told => ({
  header,
  events: events.flatMap(change),
});

/** A history with more events, each in its place in time. */
export const adding = ({ header, events }: Told, ...more: Event[]): Told => ({
  header,
  events: [...events, ...more].sort((one, other) => one.t - other.t),
});

/** A history whose plan lacks a facet. */
export const lacking = ({ header, events }: Told, facet: Facet): Told => ({
  header: {
    ...header,
    plan: { ...header.plan, without: { ...header.plan.without, [facet]: `this set-up has no ${facet}` } },
  },
  events,
});

/** A history under another contract. */
export const under = ({ header, events }: Told, contract: Contract): Told => ({
  header: { ...header, contract },
  events,
});

/** The first event of a kind that fits; throws when there is none, so that no test plants nothing. */
export function find<K extends Event['kind']>(
  { events }: Told,
  kind: K,
  fits: (event: EventOf<K>) => boolean = () => true,
): EventOf<K> {
  const isIt = (event: Event): event is EventOf<K> => event.kind === kind;
  const found = events.filter(isIt).find(fits);
  if (!found) throw new Error(`no event ${kind} of this kind in the story`);
  return found;
}
