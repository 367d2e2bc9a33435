import { createHash, randomUUID } from 'node:crypto';
import type { Message, MessageLog, Outcome, Position, Reading, Submission } from '../../backend/messages.js';

/** The right log, for those that are wrong in one method only. */
export class Wrapped implements MessageLog {
  protected readonly log: MessageLog;

  constructor(log: MessageLog) {
    this.log = log;
  }

  append(batch: readonly Submission[]): Promise<readonly Outcome[]> {
    return this.log.append(batch);
  }

  read(positions: readonly Position[], limit: number): Promise<readonly Reading[]> {
    return this.log.read(positions, limit);
  }

  heads(threadIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.log.heads(threadIds);
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

export const withMessages = (reading: Reading, change: (message: Message) => Message): Reading => ({
  messages: reading.messages.map(change),
  next: reading.next,
});

const separator = '~';

/** Stores every copy under an id of its own, and shows the sender's. */
export class ForgetfulOfIds extends Wrapped {
  override append(batch: readonly Submission[]) {
    return this.log.append(batch.map((copy) => ({ ...copy, id: `${copy.id}${separator}${randomUUID()}` })));
  }

  override async read(positions: readonly Position[], limit: number) {
    const readings = await this.log.read(positions, limit);
    const shown = ({ id }: Message) => id.slice(0, id.lastIndexOf(separator));
    return readings.map((reading) =>
      withMessages(reading, (message) => ({ ...message, id: shown(message) })),
    );
  }
}

const longestBody = 200;

/** Cuts long bodies. */
export class Truncating extends Wrapped {
  override append(batch: readonly Submission[]) {
    return this.log.append(batch.map((submission) => ({ ...submission, body: cut(submission.body) })));
  }
}

/** Never in the middle of a pair: half of one cannot be stored as it is. */
const cut = (body: string) => body.slice(0, longestBody).replace(/[\uD800-\uDBFF]$/, '');

const tickMs = 5_000;

/** Reads back by a clock that ticks every five seconds; within a tick, any order is as good as another. */
export class OrderedByClock extends Wrapped {
  override async read(positions: readonly Position[], limit: number) {
    const readings = await this.log.read(positions, limit);
    return readings.map(({ messages, next }) => ({ messages: messages.toSorted(byCoarseClock), next }));
  }
}

function byCoarseClock(one: Message, other: Message): number {
  const ticks = ({ sentAt }: Message) => Math.floor(sentAt.getTime() / tickMs);
  const digest = ({ id }: Message) => createHash('sha256').update(id).digest('hex');
  return ticks(one) - ticks(other) || digest(one).localeCompare(digest(other));
}

const lostNumbers = 3;

/** Keeps the counter of numbers in the process, and begins again from one that was saved a little earlier. */
export class Renumbering extends Wrapped {
  readonly #headsAtStart = new Map<string, number>();

  override async append(batch: readonly Submission[]) {
    await this.#learn(batch.map(({ threadId }) => threadId));
    const outcomes = await this.log.append(batch);
    return outcomes.map((outcome, index): Outcome => {
      const threadId = batch[index]?.threadId;
      if (outcome.outcome === 'refused' || threadId === undefined) return outcome;
      return { outcome: 'stored', number: this.#shown(threadId, outcome.number) };
    });
  }

  override async read(positions: readonly Position[], limit: number) {
    await this.#learn(positions.map(({ threadId }) => threadId));
    const readings = await this.log.read(positions, limit);
    const renumbered = (message: Message) => ({
      ...message,
      number: this.#shown(message.threadId, message.number),
    });
    return readings.map((reading) => withMessages(reading, renumbered));
  }

  override async heads(threadIds: readonly string[]) {
    await this.#learn(threadIds);
    return this.log.heads(threadIds);
  }

  async #learn(threadIds: readonly string[]): Promise<void> {
    const unknown = threadIds.filter((id) => !this.#headsAtStart.has(id));
    if (unknown.length === 0) return;
    for (const [id, head] of await this.log.heads([...new Set(unknown)])) {
      if (!this.#headsAtStart.has(id)) this.#headsAtStart.set(id, head);
    }
  }

  #shown(threadId: string, number: number): number {
    const atStart = this.#headsAtStart.get(threadId) ?? 0;
    return number > atStart ? number - Math.min(lostNumbers, atStart) : number;
  }
}

const notKnown: Outcome = {
  outcome: 'refused',
  code: 'not_a_member',
  message: 'You are not known here yet.',
};

/** Looks after the commit whether it knows the sender, and gets to know it only then. */
export class StoringRefused extends Wrapped {
  readonly #known = new Set<string>();

  override async append(batch: readonly Submission[]) {
    const outcomes = await this.log.append(batch);
    return outcomes.map((outcome, index): Outcome => {
      const sender = batch[index]?.sender ?? '';
      if (this.#known.has(sender)) return outcome;
      this.#known.add(sender);
      return notKnown;
    });
  }
}
