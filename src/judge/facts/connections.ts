import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';
import { Ring } from './ring.js';

/** One connection of one session. Times are ms of the history; null: it did not come to that. */
export interface Connection {
  /** The nth of its session, from 1. */
  readonly number: number;
  readonly connect: EventOf<'connect'> | null;
  readonly open: EventOf<'open'> | null;
  /** Signed in and in its rooms. */
  readonly ready: EventOf<'ready'> | null;
  readonly close: EventOf<'close'> | null;
  readonly joins: ReadonlyMap<string, Joining>;
  /** The last thing of any kind that the target said on it. */
  readonly lastProofAt: number;
  /**
   * The target surely still held it then. What is read may have been under way for a while, over the end of the target, so a
   * message or its acknowledgement proves the moment at which the message was first sent, where that is known.
   */
  readonly lastCauseAt: number;
  /** The longest silence after which it spoke again, in ms, from when it was ready. */
  readonly longestQuietMs: number;
  /** The last receipt or acknowledgement on it. */
  readonly lastTraffic: EventOf<'receive' | 'ack'> | null;
}

/** A room as joined on one connection. */
export interface Joining {
  readonly askedAt: number;
  /** The last number that the session said it has; absent: it did not say. */
  readonly cursor?: string;
  readonly joinedAt: number | null;
}

/** A definite no, with the token that was shown. */
export interface Refusal {
  readonly event: EventOf<'refused'>;
  readonly connect: EventOf<'connect'> | null;
}

/** `to` is null while it lasts. */
export interface Lasting {
  readonly from: number;
  readonly to: number | null;
}

/** Everything about how one session was connected. */
export interface Line {
  readonly session: string;
  /** In the order in which they began. */
  readonly connections: readonly Connection[];
  /** When the relay had taken its network away. */
  readonly cuts: readonly Lasting[];
  /** By room: from the first confirmation to the beginning of a leave. A lost connection ends nothing. */
  readonly stays: ReadonlyMap<string, readonly Lasting[]>;
  readonly refusals: readonly Refusal[];
  /** The beginnings of all attempts to connect. */
  readonly attempts: readonly number[];
}

/** By session. */
export type Connections = ReadonlyMap<string, Line>;

type Building<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenConnection = Building<Omit<Connection, 'joins'>> & { joins: Map<string, Building<Joining>> };

export const connections: Projection<Connections> = {
  id: 'connections',
  kinds: [
    ...(['connect', 'open', 'ready', 'refused', 'close', 'cut', 'uncut'] as const),
    ...(['join', 'joined', 'leave', 'left', 'send', 'receive', 'ack'] as const),
  ],
  start: () => new ConnectionsFold(),
};

class ConnectionsFold implements Accumulator<Connections> {
  readonly view = new Map<string, LineFold>();
  readonly #sent = new RecentSends();

  see(event: Event): void {
    if (!('session' in event)) return;
    if (event.kind === 'send') return this.#sent.note(event);
    let line = this.view.get(event.session);
    if (!line) this.view.set(event.session, (line = new LineFold(event.session, this.#sent)));
    line.see(event);
  }
}

/** Messages that are under way at once are far fewer; one that is older comes in a replay, to a connection of its own. */
const recentSends = 4_096;

/** When messages were first sent: the latest of them, as the history may have any number. */
class RecentSends {
  readonly #at = new Map<string, number>();
  /** Round and round: a map that is asked for its oldest key looks at all that it has forgotten. */
  readonly #order = new Ring<string>(recentSends);

  note({ message, t }: EventOf<'send'>): void {
    if (this.#at.has(message)) return;
    this.#at.set(message, t);
    const oldest = this.#order.put(message);
    if (oldest !== undefined) this.#at.delete(oldest);
  }

  /** Null: the text named no message. */
  of(message: string | null): number | undefined {
    return message === null ? undefined : this.#at.get(message);
  }
}

class LineFold implements Line {
  readonly connections: OpenConnection[] = [];
  readonly cuts: Building<Lasting>[] = [];
  readonly stays = new Map<string, Building<Lasting>[]>();
  readonly refusals: Refusal[] = [];
  readonly attempts: number[] = [];

  readonly #sent: RecentSends;

  constructor(
    readonly session: string,
    sent: RecentSends,
  ) {
    this.#sent = sent;
  }

  see(event: Event): void {
    switch (event.kind) {
      case 'cut':
        return void this.cuts.push({ from: event.t, to: null });
      case 'uncut':
        return this.#uncut(event.t);
      case 'leave':
      case 'left':
        return this.#leave(event.room, event.t);
      case 'connect':
        return this.#connect(event);
      case 'refused':
        return this.#refused(event);
      case 'close':
        this.#on(event).close ??= event;
        return;
      default:
        return this.#proof(event);
    }
  }

  #connect(event: EventOf<'connect'>): void {
    this.attempts.push(event.t);
    const last = this.connections.at(-1);
    // Attempts that came to nothing may share the number of the connection that they tried for.
    if (last && event.conn === last.number && !last.open) last.connect = event;
    else this.#begin(event.conn ?? (last?.number ?? 0) + 1, event.t).connect = event;
  }

  #refused(event: EventOf<'refused'>): void {
    const connection = this.connections.at(-1);
    this.refusals.push({ event, connect: connection && !connection.ready ? connection.connect : null });
  }

  #proof(event: Event): void {
    if (event.kind === 'join') {
      const { room, cursor, t } = event;
      const joining = { askedAt: t, joinedAt: null };
      this.#on(event).joins.set(room, cursor === undefined ? joining : { ...joining, cursor });
      return;
    }
    if (event.kind !== 'receive' && event.kind !== 'ack') return this.#stage(event);
    const connection = this.#on(event);
    const quietSince = connection.ready
      ? Math.max(connection.ready.t, connection.lastTraffic?.t ?? 0)
      : event.t;
    connection.longestQuietMs = Math.max(connection.longestQuietMs, event.t - quietSince);
    connection.lastTraffic = event;
    connection.lastProofAt = Math.max(connection.lastProofAt, event.t);
    connection.lastCauseAt = Math.max(connection.lastCauseAt, this.#sent.of(event.message) ?? event.t);
  }

  #stage(event: Event): void {
    if (event.kind !== 'open' && event.kind !== 'ready' && event.kind !== 'joined') return;
    const connection = this.#on(event);
    connection.lastProofAt = Math.max(connection.lastProofAt, event.t);
    connection.lastCauseAt = Math.max(connection.lastCauseAt, event.t);
    if (event.kind === 'open') connection.open ??= event;
    else if (event.kind === 'ready') connection.ready ??= event;
    else this.#joined(connection, event);
  }

  #joined(connection: OpenConnection, { room, t }: EventOf<'joined'>): void {
    const joining = connection.joins.get(room);
    if (joining) joining.joinedAt ??= t;
    else connection.joins.set(room, { askedAt: t, joinedAt: t });
    const stays = this.stays.get(room) ?? [];
    const stay = stays.at(-1);
    if (!stay || stay.to !== null) this.stays.set(room, [...stays, { from: t, to: null }]);
  }

  #leave(room: string, t: number): void {
    const stay = this.stays.get(room)?.at(-1);
    if (stay) stay.to ??= t;
  }

  #uncut(t: number): void {
    const cut = this.cuts.at(-1);
    if (cut) cut.to ??= t;
  }

  /** The connection that an event is about: the one that it numbers, or the latest. */
  #on(event: { readonly conn?: number; readonly t: number }): OpenConnection {
    const last = this.connections.at(-1);
    if (last && (event.conn === undefined || event.conn === last.number)) return last;
    const numbered = this.connections.find(({ number }) => number === event.conn);
    return numbered ?? this.#begin(event.conn ?? 1, event.t);
  }

  #begin(number: number, t: number): OpenConnection {
    const nothing = {
      connect: null,
      open: null,
      ready: null,
      close: null,
      lastTraffic: null,
      longestQuietMs: 0,
      lastProofAt: t,
      lastCauseAt: t,
    };
    const connection = { number, ...nothing, joins: new Map<string, Building<Joining>>() };
    this.connections.push(connection);
    return connection;
  }
}

/** Was the relay holding this session's network back at that moment? */
export const isCutAt = (line: Line, t: number): boolean =>
  line.cuts.some(({ from, to }) => from <= t && t < (to ?? Infinity));
