import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Event, Phase, PlannedSession, Seen, SeenOfRun } from '../../build/history/events.js';
import { encodeEvent, encodeHeader } from '../../build/history/index.js';
import { populate } from '../../build/observe/workload/index.js';
import { contract, digest, headerOf, run } from './crowd.js';

export interface Telling {
  readonly messages: number;
  /** Every message is lost, comes twice, changed or out of order, and every tenth session never comes back. */
  readonly allWrong?: boolean;
}

/**
 * Writes the history of a run, and resolves with the number of its events: 50 sessions in rooms of 5, so many messages, 100 a
 * second, one restart in the middle, and cold reads of everything at the end. Nothing goes wrong in it unless told.
 */
export async function writeHistory(file: string, { messages, allWrong = false }: Telling): Promise<number> {
  const sessions = populate({ sessions: 50, roomSize: 5, newcomers: true, absentees: false });
  const stream = createWriteStream(file, { highWaterMark: 1024 * 1024 });
  stream.write(encodeHeader(headerOf(sessions, { contract: unhurried })));
  let events = 0;
  for (const event of new Story(sessions, allWrong).tell(messages)) {
    events++;
    if (!stream.write(encodeEvent(event))) await once(stream, 'drain');
  }
  await finished(stream.end());
  return events;
}

/** However long it takes: a history of so many events is not of a run that somebody waits for. */
const unhurried = { ...contract, budgets: { ...contract.budgets, totalMs: Number.MAX_SAFE_INTEGER } };
/** Between two events, in ms: eight of them make a message, which leaves room for 100 a second; all others come at once. */
const chatMs = 1.25;
const otherMs = 0.05;

interface Stored {
  readonly message: string;
  readonly digest: string;
  readonly from: string;
}

class Story {
  readonly #chatters: readonly PlannedSession[];
  readonly #newcomers: readonly PlannedSession[];
  /** What each room has stored so far. */
  readonly #rooms = new Map<string, Stored[]>();
  readonly #said = new Map<string, number>();
  #t = 0;
  #connection = 1;
  #instance = 'first';
  readonly #allWrong: boolean;
  /** By sender: receipts that are held back until those of its next message are there. */
  readonly #late = new Map<string, readonly (() => Event)[]>();

  constructor(sessions: readonly PlannedSession[], allWrong: boolean) {
    this.#allWrong = allWrong;
    this.#chatters = sessions.filter(({ role }) => role === 'chatter');
    this.#newcomers = sessions.filter(({ role }) => role === 'newcomer');
  }

  *tell(messages: number): Generator<Event> {
    yield this.#phase('establish');
    yield* this.#everyoneConnects();
    yield this.#phase('steady');
    for (let turn = 0; turn < messages / 2; turn++) yield* this.#says(turn);
    yield this.#phase('disrupt');
    yield* this.#restart();
    yield this.#phase('recover');
    yield* this.#everyoneConnects();
    for (let turn = 0; turn < messages / 2; turn++) yield* this.#says(turn);
    yield this.#phase('settle');
    for (const turn of this.#chatters.keys()) yield* this.#says(turn, 'canary');
    yield this.#phase('audit');
    for (const reader of this.#newcomers) yield* this.#coldRead(reader);
    yield this.#run({ kind: 'end', how: 'completed' });
  }

  *#everyoneConnects(): Generator<Event> {
    for (const [seat, session] of this.#chatters.entries()) {
      if (this.#allWrong && this.#connection > 1 && seat % 10 === 0) continue;
      const token = `s${session.session}-1`;
      if (this.#connection === 1) {
        yield this.#sees(session, {
          kind: 'sign-in',
          how: 'first',
          ok: true,
          user: `user ${session.session}`,
          token,
        });
      }
      yield this.#sees(session, { kind: 'connect', door: 'websocket', token });
      yield this.#sees(session, { kind: 'open', instance: this.#instance });
      for (const room of session.rooms) {
        const head = String(this.#rooms.get(room)?.length ?? 0);
        const cursor = this.#connection === 1 ? {} : { cursor: head };
        yield this.#sees(session, { kind: 'join', room, ...cursor });
        yield this.#sees(session, { kind: 'joined', room, head });
      }
      yield this.#sees(session, { kind: 'ready', claims: this.#connection === 1 ? 'fresh' : 'unstated' });
    }
  }

  /** One message: sent, written, acknowledged, and received by everyone in the room. */
  *#says(turn: number, purpose?: 'canary'): Generator<Event> {
    const sender = this.#chatters[turn % this.#chatters.length];
    const room = sender?.rooms[0];
    if (!sender || room === undefined) return;
    const number = (this.#said.get(sender.session) ?? 0) + 1;
    this.#said.set(sender.session, number);
    const message = `${run}.${sender.session}.${number}`;
    const stored = { message, digest: digest(message), from: `user ${sender.session}` };
    const log = this.#rooms.get(room) ?? [];
    this.#rooms.set(room, log);
    const position = String(log.push(stored));
    const why = purpose === undefined ? {} : { purpose };
    yield this.#sees(
      sender,
      { kind: 'send', due: this.#t, room, message, digest: stored.digest, ...why },
      chatMs,
    );
    yield this.#sees(sender, { kind: 'written', message, attempt: 1 }, chatMs);
    yield this.#sees(sender, { kind: 'ack', message, id: message, position }, chatMs);
    const receipts = this.#chatters
      .filter(({ rooms }) => rooms.includes(room))
      .map(
        (reader) => () =>
          this.#sees(reader, { kind: 'receive', room, ...stored, id: message, position }, chatMs),
      );
    if (this.#allWrong && purpose === undefined) yield* this.#wrongly(turn, sender.session, receipts);
    else for (const receipt of receipts) yield receipt();
  }

  /** Of four messages of a sender one comes after the next, one comes twice, one is changed, and one is lost to all but one. */
  *#wrongly(turn: number, sender: string, receipts: readonly (() => Event)[]): Generator<Event> {
    const [first, ...others] = receipts;
    switch (Math.floor(turn / this.#chatters.length) % 4) {
      case 0:
        this.#late.set(sender, receipts);
        break;
      case 1:
        for (const receipt of [...receipts, ...(this.#late.get(sender) ?? []), ...others]) yield receipt();
        break;
      case 2:
        for (const receipt of receipts) yield { ...receipt(), digest: digest('changed') } as Event;
        break;
      default:
        if (first) yield first();
    }
  }

  *#restart(): Generator<Event> {
    const about = {
      kind: 'disruption',
      disruption: 0,
      type: 'restart',
      service: 'backend',
      replica: 0,
    } as const;
    yield this.#run({ ...about, step: 'begin', instance: 'first' });
    yield this.#run({ ...about, step: 'signal', signal: 'SIGTERM' });
    for (const session of this.#chatters)
      yield this.#sees(session, { kind: 'close', by: 'target', code: 1012 });
    this.#connection++;
    this.#instance = 'second';
    yield this.#run({ ...about, step: 'exited', exitCode: 0, killed: false });
    yield this.#run({ ...about, step: 'port-closed' });
    yield this.#run({ ...about, step: 'started' });
    yield this.#run({ ...about, step: 'ready', instance: 'second' });
    yield this.#run({ ...about, step: 'end' });
  }

  *#coldRead(reader: PlannedSession): Generator<Event> {
    for (const room of reader.rooms) {
      const read = `${room}-1`;
      const log = this.#rooms.get(room) ?? [];
      yield this.#sees(reader, { kind: 'read', read, room, cold: true, at: 'after' });
      for (const [index, stored] of log.entries()) {
        const position = String(index + 1);
        yield this.#sees(reader, { kind: 'stored', read, index, ...stored, id: stored.message, position });
      }
      yield this.#sees(reader, { kind: 'read-end', read, ok: true, count: log.length });
    }
  }

  #phase(phase: Phase): Event {
    return this.#run({ kind: 'phase', phase });
  }

  #run(seen: SeenOfRun): Event {
    return { ...seen, t: this.#next(otherMs) };
  }

  #sees({ session, role }: PlannedSession, seen: Seen, ms = otherMs): Event {
    return {
      ...seen,
      t: this.#next(ms),
      session,
      ...(role === 'newcomer' ? {} : { conn: this.#connection }),
    };
  }

  #next(ms: number): number {
    return (this.#t = Math.round((this.#t + ms) * 1_000) / 1_000);
  }
}
