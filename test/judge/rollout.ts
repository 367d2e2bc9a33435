import { exactlyOnce } from '../../src/contract/contracts.js';
import type { Contract } from '../../src/contract/data.js';
import { testIds, type Event, type EventOf, type Header, type Role } from '../../src/history/events.js';

const run = 'abcd1234';

/** One life of one replica. */
export interface Instance {
  readonly name: string;
  readonly replica: number;
  readonly generation: number;
  isReady: boolean;
  /** Until its door is closed, its connections live on. */
  isUp: boolean;
  held: number;
}

/** What a rollout may differ in. The functions are the parts of the service and of its balancer. */
export interface Plot {
  readonly replicas?: number;
  /** A new replica is started before an old one is taken down. */
  readonly surge?: boolean;
  readonly sessions?: number;
  readonly downMs?: number;
  readonly pauseMs?: number;
  readonly everyMs?: number;
  readonly contract?: Contract;
  readonly without?: Header['plan']['without'];
  readonly random?: () => number;
  /** When what stands between drops which sessions, in no words. */
  readonly drops?: { readonly t: number; readonly sessions: readonly string[] };
  /** What stands between closes what was quiet for so long. */
  readonly idleMs?: number;
  /** Where a session is put, of all that are up or were; one that is not ready answers with 502. */
  place?(instances: readonly Instance[], session: string): Instance | undefined;
  /** Does a message pass from one to the other at once? */
  hears?(from: Instance, to: Instance): boolean;
  /** Is what was missed replayed on the new instance? */
  replays?(left: Instance, met: Instance): boolean;
  /** Is a session known that comes from another? Where it is not, it is refused once. */
  knows?(left: Instance, met: Instance): boolean;
  /** Is a message taken there? */
  takes?(at: Instance, instances: readonly Instance[]): boolean;
}

interface Seat {
  readonly session: string;
  readonly role: Role;
  readonly room: string;
  readonly refusedBy: Set<Instance>;
  conn: number;
  on: Instance | null;
  left: Instance | null;
  isCut: boolean;
  number: number;
  cursor: number;
  /** When something was last said on its connection. */
  heardAt: number;
}

interface Stored {
  readonly message: string;
  readonly sender: Seat;
  readonly digest: string;
  readonly position: number;
}

const roomSize = 4;

/** A rolling restart behind a balancer, told by a small service that does it right unless the plot says otherwise. */
export class Rollout {
  readonly events: Event[] = [];
  readonly header: Header;
  /** When each phase began, and the end. */
  readonly at = { disrupt: 1_000, settle: 0, audit: 0, end: 0 };
  readonly #plot: Plot;
  readonly #random: () => number;
  readonly #seats: Seat[];
  readonly #instances: Instance[] = [];
  readonly #logs = new Map<string, Stored[]>();
  readonly #agenda: { readonly t: number; readonly act: (t: number) => void }[] = [];
  #isChatting = true;

  constructor(plot: Plot = {}) {
    this.#plot = plot;
    this.#random = plot.random ?? (() => 0.5);
    this.#seats = Array.from({ length: plot.sessions ?? 40 }, (_, index) => seatOf(index));
    this.header = headerOf(this.#seats, plot);
    for (const { room } of this.#seats) this.#logs.set(room, []);
    for (let replica = 0; replica < (plot.replicas ?? 2); replica++) this.#instances.push(born(replica, 0));
    this.#begin();
    this.#play();
    this.events.sort((one, other) => one.t - other.t);
  }

  #begin(): void {
    this.#phase(0, 'establish');
    this.#seats.forEach((seat, index) => this.#at(100 + index, (t) => this.#connect(t, seat)));
    this.#phase(400, 'steady');
    for (const seat of this.#seats.filter(({ role }) => role === 'control-absentee')) {
      this.#at(600, (t) => this.#cut(t, seat));
      this.#at(800, (t) => this.#uncut(t, seat));
    }
    const { drops } = this.#plot;
    for (const seat of this.#seats.filter(({ session }) => drops?.sessions.includes(session))) {
      this.#at(drops?.t ?? 0, (t) => this.#lose(t, seat, 'network'));
    }
    this.#at(410, (t) => this.#chat(t, 0));
    this.#at(450, (t) => this.#closeQuiet(t));
    this.#phase(this.at.disrupt, 'disrupt');
    this.#at(this.at.disrupt, (t) => this.#rollOut(t));
  }

  #rollOut(begin: number): void {
    const { downMs = 300, pauseMs = 200, surge = false } = this.#plot;
    const old = [...this.#instances];
    let t = begin;
    const spare = old.length;
    if (surge) {
      this.#at(t, (now) => this.#step(now, 'started', spare));
      this.#at((t += downMs), (now) => this.#start(now, spare, 1));
    }
    for (const instance of old) {
      t += pauseMs;
      this.#at(t, (now) => this.#stop(now, instance));
      this.#at((t += downMs), (now) => this.#start(now, instance.replica, 1));
    }
    if (surge) this.#at((t += pauseMs), (now) => this.#sendBack(now, spare));
    this.#at(t + 2, (now) => this.#emit({ ...about(now), step: 'end' }));
    this.#finish(t + 500);
  }

  #finish(settle: number): void {
    Object.assign(this.at, { settle, audit: settle + 1_500, end: settle + 2_000 });
    this.#phase(settle, 'settle');
    this.#at(settle, () => (this.#isChatting = false));
    for (const room of this.#logs.keys()) {
      const canaries = this.#seats.filter((seat) => seat.room === room && seat.role === 'chatter');
      canaries.forEach((seat, index) => this.#at(settle + 10 + index, (t) => this.#say(t, seat, 'canary')));
    }
    this.#phase(this.at.audit, 'audit');
    this.#at(this.at.end - 10, (t) => {
      for (const { session, conn, on } of this.#seats) {
        if (on) this.#emit({ t, session, conn, kind: 'close', by: 'session', code: 1_000 });
      }
    });
    this.#at(this.at.end, (t) => this.#emit({ t, kind: 'end', how: 'completed' }));
  }

  #stop(t: number, instance: Instance): void {
    this.#step(t, 'begin', instance.replica, { instance: instance.name });
    this.#end(t + 1, instance);
  }

  /** One from the reserve goes where it came from. */
  #sendBack(t: number, spare: number): void {
    const instance = this.#instances.find(({ replica }) => replica === spare);
    if (instance) this.#end(t, instance);
  }

  #end(t: number, instance: Instance): void {
    this.#step(t, 'signal', instance.replica, { signal: 'SIGTERM' });
    this.#step(t + 20, 'exited', instance.replica, { exitCode: 0 });
    this.#step(t + 22, 'port-closed', instance.replica);
    instance.isReady = false;
    instance.isUp = false;
    for (const seat of this.#seats.filter(({ on }) => on === instance)) {
      this.#at(t + 5 + this.#random() * 5, (now) => this.#lose(now, seat, 'target', 1_012));
    }
  }

  #start(t: number, replica: number, generation: number): void {
    const instance = born(replica, generation);
    this.#instances.push(instance);
    this.#step(t, 'ready', replica, { instance: instance.name });
  }

  #connect(t: number, seat: Seat): void {
    if (seat.isCut || seat.on) return;
    const { session, room } = seat;
    const conn = ++seat.conn;
    const where = (this.#plot.place ?? leastHeld)(this.#instances, session);
    this.#emit({ t, session, conn, kind: 'connect', door: 'ws', token: `s${session}` });
    if (!where?.isReady) return this.#refused(t, seat, 502);
    const { left } = seat;
    if (left && left !== where && !seat.refusedBy.has(where) && this.#plot.knows?.(left, where) === false) {
      seat.refusedBy.add(where);
      return this.#refused(t, seat, 404, where.name);
    }
    Object.assign(seat, { on: where, heardAt: t });
    where.held += 1;
    this.#emit({ t: t + 0.01, session, conn, kind: 'open', instance: where.name });
    this.#emit({
      t: t + 0.02,
      session,
      conn,
      kind: 'join',
      room,
      ...(left ? { cursor: String(seat.cursor) } : {}),
    });
    this.#emit({ t: t + 0.03, session, conn, kind: 'joined', room });
    this.#emit({ t: t + 0.04, session, conn, kind: 'ready', claims: left ? 'unstated' : 'fresh' });
    if (left) this.#replay(t + 0.05, seat, this.#plot.replays?.(left, where) ?? true);
  }

  #refused(t: number, seat: Seat, status: number, instance?: string): void {
    const { session, conn } = seat;
    const who = instance === undefined ? {} : { instance };
    this.#emit({ t: t + 1, session, conn, kind: 'refused', at: 'handshake', status, ...who });
    this.#at(t + 50 + this.#random() * 50, (now) => this.#connect(now, seat));
  }

  #replay(t: number, seat: Seat, isWhole: boolean): void {
    for (const missed of (this.#logs.get(seat.room) ?? []).filter(({ position }) => position > seat.cursor)) {
      if (missed.sender !== seat && isWhole) this.#deliver(t + missed.position / 1e5, seat, missed);
      seat.cursor = Math.max(seat.cursor, missed.position);
    }
  }

  #lose(t: number, seat: Seat, by: 'target' | 'network', code?: number): void {
    const { session, conn, on } = seat;
    if (!on) return;
    on.held -= 1;
    Object.assign(seat, { on: null, left: on });
    this.#emit({ t, session, conn, kind: 'close', by, ...(code === undefined ? {} : { code }) });
    if (!seat.isCut) this.#at(t + 20 + this.#random() * 60, (now) => this.#connect(now, seat));
  }

  /** Looks at what was quiet for too long, now and then, as balancers do. */
  #closeQuiet(t: number): void {
    const { idleMs = Infinity } = this.#plot;
    for (const seat of this.#seats) if (t - seat.heardAt >= idleMs) this.#lose(t, seat, 'network');
    if (this.at.end === 0 || t < this.at.end - 35) this.#at(t + 25, (now) => this.#closeQuiet(now));
  }

  #cut(t: number, seat: Seat): void {
    seat.isCut = true;
    this.#emit({ t, session: seat.session, kind: 'cut' });
    this.#lose(t + 0.1, seat, 'network');
  }

  #uncut(t: number, seat: Seat): void {
    seat.isCut = false;
    this.#emit({ t, session: seat.session, kind: 'uncut' });
    this.#at(t + 5, (now) => this.#connect(now, seat));
  }

  #chat(t: number, turn: number): void {
    if (!this.#isChatting) return;
    const chatters = this.#seats.filter(({ role }) => role === 'chatter');
    const seat = chatters[(turn * 7 + Math.floor(this.#random() * 2)) % chatters.length];
    if (seat) this.#say(t, seat);
    this.#at(t + (this.#plot.everyMs ?? 8), (now) => this.#chat(now, turn + 1));
  }

  #say(t: number, seat: Seat, purpose?: 'canary'): void {
    const { session, room, conn, on } = seat;
    const message = `${run}.${session}.${++seat.number}`;
    const digest = `d${message}`;
    this.#emit({ t, session, kind: 'send', due: t, room, message, digest, ...(purpose ? { purpose } : {}) });
    if (!on) return this.#emit({ t, session, kind: 'unoffered', message, reason: 'no connection' });
    seat.heardAt = t;
    this.#emit({ t: t + 0.02, session, conn, kind: 'written', message, attempt: 1 });
    if (this.#plot.takes?.(on, this.#instances) === false) {
      return this.#emit({ t: t + 0.1, session, conn, kind: 'nack', message, reason: 'bad_frame: v2' });
    }
    const stored = this.#logs.get(room) ?? [];
    const one = { message, sender: seat, digest, position: stored.length + 1 };
    stored.push(one);
    this.#emit({ t: t + 0.1, session, conn, kind: 'ack', message, position: String(one.position) });
    for (const reader of this.#seats.filter((other) => other.room === room && other.on)) {
      const hears = reader.on && (this.#plot.hears?.(on, reader.on) ?? true);
      if (hears && reader !== seat) this.#deliver(t + 0.2, reader, one);
      reader.cursor = one.position;
    }
  }

  #deliver(t: number, seat: Seat, { message, digest, position }: Stored): void {
    const { session, conn, room } = seat;
    seat.heardAt = t;
    this.#emit({ t, session, conn, kind: 'receive', room, message, digest, position: String(position) });
  }

  #step(
    t: number,
    step: EventOf<'disruption'>['step'],
    replica: number,
    more: Partial<EventOf<'disruption'>> = {},
  ): void {
    this.#emit({ ...about(t), service: 'backend', replica, step, ...more });
  }

  #phase(t: number, phase: EventOf<'phase'>['phase']): void {
    this.#emit({ t, kind: 'phase', phase });
  }

  #at(t: number, act: (t: number) => void): void {
    this.#agenda.push({ t, act });
  }

  #play(): void {
    for (;;) {
      const t = Math.min(...this.#agenda.map((entry) => entry.t));
      const next = this.#agenda.findIndex((entry) => entry.t === t);
      if (next === -1) return;
      for (const { act } of this.#agenda.splice(next, 1)) act(t);
    }
  }

  #emit(event: Event): void {
    this.events.push(event);
  }
}

/** What is right: of those that are ready, the one with the fewest connections. */
export const leastHeld = (instances: readonly Instance[]): Instance | undefined =>
  instances.filter(({ isReady }) => isReady).sort((one, other) => one.held - other.held)[0];

const about = (t: number) => ({ t, kind: 'disruption', disruption: 0, type: 'rolling restart' }) as const;

const born = (replica: number, generation: number): Instance => ({
  ...{ name: `boot-${replica + 1}-${generation}`, replica, generation, isReady: true, isUp: true, held: 0 },
});

function seatOf(index: number): Seat {
  const room = `r${Math.floor(index / roomSize) + 1}`;
  const role = index % roomSize === roomSize - 1 ? 'control-absentee' : 'chatter';
  const nothing = { conn: 0, on: null, left: null, isCut: false, number: 0, cursor: 0, heardAt: 0 };
  return { session: String(index + 1), role, room, refusedBy: new Set(), ...nothing };
}

function headerOf(seats: readonly Seat[], { contract = exactlyOnce(), without = {} }: Plot): Header {
  return {
    ...{ outlast: 1, run, seed: 'seed', epoch: '2026-01-01T00:00:00.000Z', writer: 'outlast/test', contract },
    plan: {
      ...{ tests: testIds, without, messagesPerSecond: 100, quietMs: 500 },
      sessions: seats.map(({ session, role, room }) => ({ session, role, rooms: [room] })),
      disruptions: [{ type: 'rolling restart', services: ['backend'], holdsConnections: true }],
      client: { name: 'websocket', reconnects: 'itself', offlineSend: 'refused' },
    },
  };
}
