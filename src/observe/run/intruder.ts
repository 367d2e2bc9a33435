import { eitherOf } from '../../system/index.js';
import type { Event } from '../../history/events.js';
import type { ClientKind, Intrusion } from '../client/port.js';
import type { Crew } from './crew.js';
import type { Member } from './member.js';
import { rest, type Stage } from './stage.js';

/** So many sessions, of as many rooms, are resumed in their place. */
const most = 4;
/** How long it listens where it is let in, in ms: a replay begins at once. */
const listensMs = 300;
/** How long one attempt may take. */
const withinMs = 2_000;
/** How often it asks while the target does not answer, and the time between. */
const patience = { times: 10, everyMs: 250 };

/**
 * A signed-in user who tries to resume in the place of others: in rooms where it does not belong, with what those have read
 * there. Only where the target has refused it when it asked as anybody would: where all may enter, there is nothing to guard.
 */
export class Intruder {
  readonly #victims: readonly Member[];
  /** By session and room, a position that was read there, and has been left behind since. */
  readonly #positions = new Map<string, string>();
  #stopWatching: () => void = () => undefined;
  #isKeptOut = false;

  constructor(
    private readonly parts: {
      readonly client: Pick<ClientKind, 'intrude'>;
      /** Who tries it. */
      readonly auditor: Member;
      readonly crew: Crew;
      readonly recorder: Pick<Stage['recorder'], 'watch' | 'run'>;
      readonly signal: AbortSignal;
    },
  ) {
    const { crew, client } = parts;
    const ofEachRoom = [...crew.byRoom(crew.chatters).values()].flatMap((members) => members.slice(0, 1));
    this.#victims = client.intrude ? [...new Set(ofEachRoom)].slice(0, most) : [];
  }

  /** Asks to enter as anybody would, unseen, and notes what sessions read from now on. */
  async prepare(): Promise<void> {
    const { client, recorder } = this.parts;
    const [victim] = this.#victims;
    if (!victim || !client.intrude) return;
    const answer = await this.#enter(victim, { cursors: new Map(), observe: () => undefined, listensMs: 0 });
    this.#isKeptOut = answer === 'out';
    if (answer === 'in')
      recorder.run({
        kind: 'note',
        text: 'any user may enter the rooms of this service: nobody tries to resume in another’s place',
      });
    if (this.#isKeptOut) this.#stopWatching = recorder.watch((event) => this.#see(event));
  }

  /** What was read up to now is what will be shown. */
  takeHandles(): void {
    this.#stopWatching();
  }

  /** Shows each handle, until the target answers. */
  async resume(): Promise<void> {
    if (!this.#isKeptOut) return;
    for (const victim of this.#victims) {
      const cursors = this.#cursorsOf(victim);
      if (cursors.size > 0) await this.#insist(victim, cursors);
    }
  }

  async #insist(victim: Member, cursors: ReadonlyMap<string, string>): Promise<void> {
    const { auditor, signal } = this.parts;
    for (let time = 0; time < patience.times; time += 1) {
      const { observe } = auditor;
      if ((await this.#enter(victim, { cursors, observe, listensMs })) !== 'no-answer') return;
      await rest(patience.everyMs, signal);
    }
  }

  async #enter({ seat }: Member, intrusion: Intrusion): Promise<'in' | 'out' | 'no-answer'> {
    const { client, auditor, signal } = this.parts;
    const within = eitherOf([signal, AbortSignal.timeout(withinMs)]);
    const own = { ...auditor.seat, rooms: seat.rooms };
    const answer = (await client.intrude?.(own, intrusion, { signal: within })) ?? 'no-answer';
    signal.throwIfAborted();
    return answer;
  }

  #see(event: Event): void {
    if (event.kind !== 'receive' || event.position === undefined) return;
    const place = `${event.session} ${event.room}`;
    if (!this.#positions.has(place)) this.#positions.set(place, event.position);
  }

  /** By the target’s ids of rooms. */
  #cursorsOf({ planned: { session, rooms }, seat }: Member): ReadonlyMap<string, string> {
    const read = rooms.map(
      (room, index) => [seat.rooms[index] ?? room, this.#positions.get(`${session} ${room}`)] as const,
    );
    return new Map(read.flatMap(([room, position]) => (position === undefined ? [] : [[room, position]])));
  }
}
