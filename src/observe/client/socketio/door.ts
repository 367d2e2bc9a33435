import type { Door, Knock } from '../../identity/port.js';
import { type Call, DialFailed, type Outgoing, type Seat } from '../port.js';
import { Entering } from './entering.js';
import { type Library, Line, type LineEvents } from './line.js';
import { type Kit, Mapping } from './mapping.js';
import { Outbox } from './outbox.js';

export interface SocketIoDoorOptions {
  /** In whose place the door is tried: it needs a room that no check judges. */
  readonly seat: Seat;
  readonly probe: () => Outgoing;
}

/**
 * A connection as a door. *In*: the namespace let the token in, and the room was confirmed, or a probe acknowledged where
 * rooms are not confirmed. *Out*: the token was refused. A dead port, silence: no answer.
 */
export function socketIoDoor(kit: Kit, library: Library, options: SocketIoDoorOptions): Door {
  return {
    name: 'socket.io',
    via: 'connect',
    knock: (token, call) => new Knocking(kit, library, options, token).knock(call),
  };
}

/** One connection, which is tried once. */
class Knocking {
  readonly #line: Line;
  readonly #mapping: Mapping;
  readonly #outbox: Outbox;
  #resolve: (knock: Knock) => void = () => undefined;
  readonly #answer = new Promise<Knock>((resolve) => (this.#resolve = resolve));

  constructor(
    private readonly kit: Kit,
    library: Library,
    private readonly options: SocketIoDoorOptions,
    token: string | null,
  ) {
    const { protocol } = kit;
    this.#mapping = new Mapping(kit, (text) => text);
    this.#line = new Line(library, { ...kit.options, retries: 0 }, options.seat, this.#listener(token ?? ''));
    this.#outbox = new Outbox({
      emit: (emission, answered) => this.#line.emit(emission, answered),
      ...(protocol.answers ? { read: (answer) => this.#mapping.answer(answer) } : {}),
      retries: false,
    });
  }

  async knock({ signal }: Call): Promise<Knock> {
    const overdue = () => this.#resolve({ let: 'no-answer' });
    signal.addEventListener('abort', overdue, { once: true });
    if (signal.aborted) overdue();
    else this.#line.open();
    try {
      return await this.#answer;
    } finally {
      signal.removeEventListener('abort', overdue);
      this.#outbox.close();
      await this.#line.close();
    }
  }

  #listener(token: string): LineEvents {
    const { user, rooms } = this.options.seat;
    return {
      reconnects: false,
      tries: () => undefined,
      opened: () => undefined,
      auth: async () => this.#mapping.auth(token, { user, rooms, after: null }),
      entered: () => this.#enter(),
      failed: (failure) => this.#resolve(knockOf(failure)),
      lost: () => this.#resolve({ let: 'no-answer' }),
      heard: () => undefined,
      leaves: (packet) => this.#outbox.leaves(packet),
      isOfToken: (refusal) => this.kit.protocol.isOfToken(refusal),
    };
  }

  #enter(): void {
    const entering = new Entering({
      ...{ recovered: false, resumes: false, after: null, cursors: new Map(), seat: this.options.seat },
      mapping: this.#mapping,
      confirms: this.kit.options.joined !== undefined,
      emit: (emission, answered) => this.#line.emit(emission, answered),
      observe: () => undefined,
      done: () => void this.#probe(),
      failed: (error) => this.#resolve(knockOf(error)),
    });
    entering.begin();
  }

  async #probe(): Promise<void> {
    const { admission } = this.kit.protocol;
    const { seat, probe } = this.options;
    if (admission === 'join' && seat.rooms.length > 0) return this.#resolve({ let: 'in' });
    const emission = this.#mapping.send(probe(), seat.user);
    if (!emission) return this.#resolve({ let: 'no-answer' });
    const signal = new AbortController().signal;
    const { answer } = await this.#outbox.send(emission, { signal, written: () => undefined });
    this.#resolve({ let: answer === 'ack' ? 'in' : 'no-answer' });
  }
}

function knockOf(error: unknown): Knock {
  if (!(error instanceof DialFailed)) return { let: 'no-answer' };
  const { unauthorized = false, status } = error.more;
  return { let: unauthorized ? 'out' : 'no-answer', ...(status === undefined ? {} : { status }) };
}
