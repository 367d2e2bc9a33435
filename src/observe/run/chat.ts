import type { Contract } from '../../contract/data.js';
import type { MessageId } from '../../history/events.js';
import type { Answer, ClientKind } from '../client/port.js';
import { digestOf } from '../record/index.js';
import type { Recorder } from '../record/port.js';
import { schedule, textOf } from '../workload/index.js';
import type { Random } from '../../base/random.js';
import type { Member } from './member.js';
import type { Stage } from './stage.js';

export interface ChatOptions {
  readonly run: string;
  readonly recorder: Recorder;
  readonly contract: Contract;
  readonly client: Pick<ClientKind, 'offlineSend' | 'resends'>;
  readonly digest: (text: string) => string;
  readonly messagesPerSecond: number;
  readonly maxLength: number;
  /** An answer that takes longer is `unsure`. */
  readonly answerWithinMs: number;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** One message, over all its attempts. */
interface Letter {
  readonly message: MessageId;
  readonly member: Member;
  readonly room: string;
  readonly text: string;
  attempts: number;
  acknowledged: boolean;
}

/** A letter on its way: aborted when its answer is overdue. */
interface Flight {
  readonly letter: Letter;
  readonly overdueAt: number;
  readonly controller: AbortController;
}

/** How a message is sent: `due` is now and the room the sender's next one, unless told. */
interface Sending {
  readonly due?: number;
  readonly purpose?: 'canary' | 'probe';
  readonly room?: string;
  /** It is not of the schedule, whose texts are the same whether it is sent or not. */
  readonly outOfTurn?: true;
}

/** The chat of a run. */
export function chatOf({ setup, recorder, signal, random }: Stage): Chat {
  const { run, contract, workload, client } = setup;
  const digest = (text: string) => digestOf(text, contract.text);
  return new Chat({ ...workload, run, contract, client, recorder, digest, signal, random });
}

/** The open-loop chat: sends what is due whether or not the target keeps up, and tries again what is unsure. */
export class Chat {
  readonly #options: ChatOptions;
  readonly #counts = new Map<string, number>();
  readonly #flights = new Set<Flight>();
  readonly #unsure = new Map<Member, Set<Letter>>();
  readonly #lastAcknowledged = new Map<Member, Letter>();
  readonly #texts: Random;
  readonly #textsOutOfTurn: Random;
  #remembered: readonly Letter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#texts = options.random.fork('texts');
    this.#textsOutOfTurn = options.random.fork('texts out of turn');
  }

  /** Begins the schedule, until `pause`. */
  start(senders: readonly Member[]): void {
    const bySession = new Map(senders.map((member) => [member.planned.session, member]));
    const turns = schedule(
      [...bySession.keys()],
      this.#options.messagesPerSecond,
      this.#options.random.fork('turns'),
    );
    const startedAt = this.#options.recorder.now();
    let next = turns.next().value;
    const tick = () => {
      for (; startedAt + next.due <= this.#options.recorder.now(); next = turns.next().value) {
        const sender = bySession.get(next.sender);
        if (sender) this.send(sender, { due: startedAt + next.due });
      }
      this.#timer = setTimeout(tick, startedAt + next.due - this.#options.recorder.now());
    };
    tick();
  }

  /** No new messages; answers are still awaited and retries still made. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** After this, nothing is sent and no answer recorded. */
  stop(): void {
    this.pause();
    clearTimeout(this.#sweeper);
    for (const { controller } of this.#flights) controller.abort();
  }

  /** How many messages still wait for an answer, or for their sender to be back to try them again. */
  get outstanding(): number {
    const waiting = [...this.#unsure].filter(([member]) => member.client.connected);
    return this.#flights.size + waiting.reduce((sum, [, letters]) => sum + letters.size, 0);
  }

  /** Sends a new message now; gives its id. */
  send(member: Member, how: Sending = {}): MessageId {
    const letter = this.#write(member, how);
    const { recorder, digest } = this.#options;
    member.observe({
      kind: 'send',
      due: how.due ?? recorder.now(),
      room: letter.room,
      message: letter.message,
      digest: digest(letter.text),
      ...(how.purpose === undefined ? {} : { purpose: how.purpose }),
    });
    if (member.client.connected || this.#options.client.offlineSend !== 'refused') void this.#attempt(letter);
    else member.observe({ kind: 'unoffered', message: letter.message, reason: 'no connection' });
    return letter.message;
  }

  /** A session is back: what is unsure is sent again under the same id, where that is harmless. */
  retry(member: Member): void {
    const letters = this.#unsure.get(member) ?? [];
    this.#unsure.delete(member);
    for (const letter of letters) void this.#attempt(letter);
  }

  /** Remembers the last acknowledged message of each sender, for `repeatRemembered`. */
  remember(): void {
    this.#remembered = [...this.#lastAcknowledged.values()];
  }

  /** Sends what was remembered again: the target must know each as the message that it already has. */
  repeatRemembered(): void {
    if (!this.#options.contract.idempotent) return;
    for (const letter of this.#remembered) {
      if (letter.member.client.connected) void this.#attempt(letter);
    }
  }

  #write(member: Member, how: Sending): Letter {
    const { run, maxLength } = this.#options;
    const number = (this.#counts.get(member.planned.session) ?? 0) + 1;
    this.#counts.set(member.planned.session, number);
    const message = `${run}.${member.planned.session}.${number}`;
    const texts = how.outOfTurn ? this.#textsOutOfTurn : this.#texts;
    const text = textOf(message, how.purpose === 'probe' ? Math.min(maxLength, 80) : maxLength, texts);
    const index =
      how.room === undefined ? number % member.seat.rooms.length : member.planned.rooms.indexOf(how.room);
    const room = member.seat.rooms[index] ?? '';
    return { message, member, room, text, attempts: 0, acknowledged: false };
  }

  async #attempt(letter: Letter): Promise<void> {
    const { recorder, answerWithinMs, signal } = this.#options;
    const controller = new AbortController();
    const flight = { letter, controller, overdueAt: recorder.now() + answerWithinMs };
    this.#flights.add(flight);
    this.#sweep();
    const { message, room, text, member } = letter;
    const written = (conn?: number) => {
      const on = conn === undefined ? {} : { conn };
      member.observe({ kind: 'written', message, attempt: ++letter.attempts, ...on });
    };
    const answer = await member.client.send({ message, room, text }, { signal: controller.signal, written });
    this.#flights.delete(flight);
    if (!signal.aborted) this.#settle(letter, answer);
  }

  #settle(letter: Letter, answer: Answer): void {
    const { message, member } = letter;
    if (answer.answer === 'ack') {
      letter.acknowledged = true;
      this.#lastAcknowledged.set(member, letter);
      member.observe({ kind: 'ack', message, ...positionOf(answer) });
      return;
    }
    // A retry that found no connection says nothing new: the message is as unsure as it was.
    const again = letter.attempts > 0 && answer.answer === 'unoffered';
    if (!again) member.observe({ kind: answer.answer, message, reason: answer.reason });
    if (!letter.acknowledged && (again || answer.answer === 'unsure')) this.#later(letter);
  }

  /** Where nothing is sent again by us, what is unsure stays so, and nobody waits for it. */
  #later(letter: Letter): void {
    const { contract, client } = this.#options;
    if (!contract.idempotent || client.resends === 'library') return;
    const letters = this.#unsure.get(letter.member) ?? new Set();
    letters.add(letter);
    this.#unsure.set(letter.member, letters);
  }

  /** One timer for all answers that are awaited, instead of one each. */
  #sweep(): void {
    this.#sweeper ??= setTimeout(() => {
      this.#sweeper = undefined;
      const now = this.#options.recorder.now();
      for (const flight of this.#flights) {
        if (flight.overdueAt <= now) flight.controller.abort();
      }
      for (const member of this.#unsure.keys()) if (member.client.connected) this.retry(member);
      if (this.#flights.size > 0 || this.#unsure.size > 0) this.#sweep();
    }, 250);
  }
}

const positionOf = (answer: Extract<Answer, { answer: 'ack' }>) => ({
  ...(answer.id === undefined ? {} : { id: answer.id }),
  ...(answer.position === undefined ? {} : { position: answer.position }),
});
