import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Event, Phase, PlannedSession, Seen, SeenOfRun } from '../../dist/history/events.js';
import { encodeEvent, encodeHeader } from '../../dist/history/index.js';
import { populate } from '../../dist/observe/workload/index.js';
import { digest, headerOf, run } from './crowd.js';

/**
 * Writes the history of a run in which nothing went wrong, and resolves with the number of its events: 50 sessions in rooms of
 * 5, so many messages, one restart in the middle, and cold reads of everything at the end.
 */
export async function writeHistory(file: string, messages: number): Promise<number> {
  const sessions = populate({ sessions: 50, roomSize: 5, newcomers: true, absentees: false });
  const stream = createWriteStream(file);
  stream.write(encodeHeader(headerOf(sessions)));
  let events = 0;
  for (const event of new Story(sessions).tell(messages)) {
    events++;
    if (!stream.write(encodeEvent(event))) await once(stream, 'drain');
  }
  await finished(stream.end());
  return events;
}

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

  constructor(sessions: readonly PlannedSession[]) {
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
    for (const session of this.#chatters) {
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
    yield this.#sees(sender, { kind: 'send', due: this.#t, room, message, digest: stored.digest, ...why });
    yield this.#sees(sender, { kind: 'written', message, attempt: 1 });
    yield this.#sees(sender, { kind: 'ack', message, id: message, position });
    for (const reader of this.#chatters) {
      if (reader.rooms.includes(room))
        yield this.#sees(reader, { kind: 'receive', room, ...stored, id: message, position });
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
    return { ...seen, t: this.#next() };
  }

  #sees({ session, role }: PlannedSession, seen: Seen): Event {
    return { ...seen, t: this.#next(), session, ...(role === 'newcomer' ? {} : { conn: this.#connection }) };
  }

  #next(): number {
    return (this.#t = Math.round(this.#t * 1_000 + 1_250) / 1_000);
  }
}
