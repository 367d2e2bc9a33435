import { messageOf } from '../../base/errors.js';
import { sketchOf } from '../../history/sketch.js';
import type { StreamSighting } from '../../history/streams.js';
import { AnswerReader, type AnswerService, type Question } from '../answers/index.js';
import { digestOf } from '../record/index.js';
import type { Board } from './board.js';
import { inTurns } from './crew.js';
import type { Member } from './member.js';
import { rest, type Stage } from './stage.js';

type Side = 'before' | 'after';
type Purpose = NonNullable<Extract<StreamSighting, { kind: 'stream' }>['purpose']>;

/** An answer that was asked for, and who reads it. */
interface Answer {
  readonly stream: string;
  readonly id: string;
  readonly question: Question;
  readonly member: Member;
  readonly reader: AnswerReader;
}

/** What it needs of where a run takes place. */
type Place = Pick<Stage, 'recorder' | 'scope' | 'random' | 'signal'> & {
  readonly setup: Pick<Stage['setup'], 'run'>;
};

export interface AnswersOptions {
  readonly service: AnswerService;
  /** Who asks, in turns. */
  readonly members: readonly Member[];
  readonly board: Board;
  readonly stage: Place;
}

/** Parts of an answer that must have come for it to be under way. */
const underWay = 2;
/** How long the first parts may take, and an answer that is to be over before the restart. */
const firstPartsMs = 10_000;
const shortMs = 15_000;
/** What was being made when the cancellation was confirmed may still be stored. */
const afterCancelMs = 300;
/** However slowly parts come, the run goes on. */
const longestMs = 120_000;
const atOnce = 8;
const readings = { times: 5, everyMs: 300 };

/** The questions of a run: some answers are under way at the restart, one is over before it, one is cancelled before it. */
export class Answers {
  readonly #options: AnswersOptions;
  readonly #answers: Answer[] = [];
  #asked = 0;
  /** The answer that is to be over before the restart, and the one that is cancelled. */
  #early: Promise<unknown> = Promise.resolve();

  constructor(options: AnswersOptions) {
    this.#options = options;
    options.stage.scope.undo('stop reading answers', async () => {
      await Promise.all(this.#answers.map(({ reader }) => reader.stop()));
    });
  }

  /** Asks what is to be answered, and what is to be cancelled, while nothing is disrupted and little is going on. */
  begin(): void {
    this.#early = Promise.all([this.#answerOne(), this.#cancelOne()]);
    // Who waits for it is told.
    this.#early.catch(() => undefined);
  }

  async #answerOne(): Promise<void> {
    const answer = await this.#ask('control');
    if (answer) await this.#until(() => answer.reader.isSettled, shortMs);
  }

  /** Cancels one answer, and sees how much of it is stored then. */
  async #cancelOne(): Promise<void> {
    const { service } = this.#options;
    const answer = service.cancels ? await this.#ask('cancel') : null;
    if (!answer || !(await this.#isUnderWay([answer]))) return;
    if (!(await this.#cancel(answer))) return;
    await rest(afterCancelMs, this.#signal);
    await this.#read(answer, 'before');
  }

  /** Has answers under way, to be disrupted. */
  async begun(): Promise<void> {
    const { count } = this.#options.service;
    await this.#early;
    const asked = await Promise.all(Array.from({ length: count }, () => this.#ask('restart')));
    await this.#isUnderWay(asked.filter((answer) => answer !== null));
  }

  /** Until every answer is over, or nothing has come of it for so long that nobody waits any longer. */
  async finished(): Promise<void> {
    const { service, stage } = this.#options;
    const from = stage.recorder.now();
    const isSilent = ({ reader }: Answer) =>
      Math.min(reader.silentMs, stage.recorder.now() - from) > service.silenceMs;
    for (;;) {
      const open = this.#answers.filter(({ reader }) => !reader.isSettled);
      if (open.length === 0) return;
      const overdue = stage.recorder.now() - from > longestMs;
      const given = open.filter((answer) => overdue || isSilent(answer));
      await Promise.all(given.map(({ reader }) => reader.giveUp(overdue ? 'the run goes on' : 'silence')));
      await rest(20, this.#signal);
    }
  }

  /** Reads every answer as it is stored. */
  async audit(): Promise<void> {
    await inTurns(this.#answers, atOnce, (answer) => this.#read(answer, 'after'));
  }

  get #signal(): AbortSignal {
    return this.#options.stage.signal;
  }

  /** Null: the target did not take the question. */
  async #ask(purpose: Purpose): Promise<Answer | null> {
    const { service, stage, members } = this.#options;
    const number = ++this.#asked;
    const member = members[number % members.length];
    if (!member) return null;
    const stream = `a${number}`;
    const { short, long } = service.questions;
    const question = { id: `${stage.setup.run}-${stream}`, text: purpose === 'control' ? short : long };
    member.observe({ kind: 'stream', stream, step: 'ask', purpose });
    const asked = await this.#request(member, stream, (token) =>
      service.ask(question, token, { signal: this.#signal }),
    );
    if (asked === null) return null;
    member.observe({ kind: 'stream', stream, step: 'asked' });
    const answer = {
      stream,
      id: asked.got,
      question,
      member,
      reader: this.#readerOf(member, stream, asked.got),
    };
    this.#answers.push(answer);
    return answer;
  }

  #readerOf(member: Member, stream: string, id: string): AnswerReader {
    const { service, stage } = this.#options;
    return new AnswerReader({
      ...{ service, stream, id },
      asker: {
        credentials: (call) => member.keeper.credentials(call),
        rejected: (credentials) => member.keeper.rejected(credentials),
        observe: (seen) => member.observe(seen),
        random: stage.random.fork(`answer ${stream}`),
      },
      digest: (text) => digestOf(text, 'exact'),
      clean: (text) => stage.recorder.redactor.clean(text),
    });
  }

  async #cancel({ member, stream, id }: Answer): Promise<boolean> {
    const { service } = this.#options;
    member.observe({ kind: 'stream', stream, step: 'cancel' });
    const done = await this.#request(member, stream, (token) =>
      service.cancel(id, token, { signal: this.#signal }),
    );
    if (done === null) return false;
    member.observe({ kind: 'stream', stream, step: 'cancelled' });
    return true;
  }

  async #isUnderWay(answers: readonly Answer[]): Promise<boolean> {
    const isGoing = ({ reader }: Answer) => reader.parts >= underWay || reader.isSettled;
    return this.#until(() => answers.every(isGoing), firstPartsMs);
  }

  #until(holds: () => boolean, ms: number): Promise<boolean> {
    return this.#options.board.until(holds, ms, this.#signal);
  }

  /** One request in a session's name. A failure is told; null. */
  async #request<Got>(
    member: Member,
    stream: string,
    act: (token: string) => Promise<Got>,
  ): Promise<{ readonly got: Got } | null> {
    try {
      const { token } = await member.keeper.credentials({ signal: this.#signal });
      return { got: await act(token) };
    } catch (error) {
      this.#signal.throwIfAborted();
      member.observe({ kind: 'stream', stream, step: 'refused', reason: messageOf(error) });
      return null;
    }
  }

  /** Repeated within a budget: a replica may lag, a target may just be back. */
  async #read(answer: Answer, at: Side): Promise<void> {
    for (let time = 1; ; time++) {
      const reason = await this.#readOnce(answer, at);
      if (reason === null) return;
      const { member, stream } = answer;
      if (time === readings.times) return member.observe({ kind: 'answer-unread', stream, at, reason });
      await rest(readings.everyMs, this.#signal);
    }
  }

  /** Why it could not be read; null: it was. */
  async #readOnce({ member, stream, id, question }: Answer, at: Side): Promise<string | null> {
    const { service, stage } = this.#options;
    try {
      const { token } = await member.keeper.credentials({ signal: this.#signal });
      const stored = await service.stored(id, question, token, { signal: this.#signal });
      const about = { kind: 'stored-answer', stream, at } as const;
      if (!stored) return (member.observe({ ...about, units: 0, sketch: null }), null);
      const text = stage.recorder.redactor.clean(stored.text);
      const { units, sketch, broken } = sketchOf(text);
      const { state, whole } = stored;
      const told = {
        ...(state && { state }),
        ...(whole !== undefined && { whole }),
        ...(broken > 0 && { broken }),
      };
      member.observe({ ...about, units, sketch, digest: digestOf(text, 'exact'), ...told });
      return null;
    } catch (error) {
      this.#signal.throwIfAborted();
      return messageOf(error);
    }
  }
}

/** The answers of a run whose config says how they are streamed; null: it does not. */
export function answersOf(
  stage: Stage,
  service: AnswerService | null,
  members: readonly Member[],
  board: Board,
) {
  return service && new Answers({ service, members, board, stage });
}
