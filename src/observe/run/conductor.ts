import { onlyOnce } from '../../base/only-once.js';
import { digestOf } from '../record/index.js';
import type { Target } from '../target/port.js';
import { Absences } from './absences.js';
import { answersOf, type Answers } from './answers.js';
import type { Board } from './board.js';
import { Canaries } from './canaries.js';
import { type Chat, chatOf } from './chat.js';
import { inTurns, sessionsOf, type Crew } from './crew.js';
import { letIn } from './establish.js';
import { networkOf } from './gates.js';
import { Intruder } from './intruder.js';
import type { Member } from './member.js';
import { Readings } from './readings.js';
import type { Furniture, Strike } from './setup.js';
import { enter, rest, type Stage } from './stage.js';
import { strike } from './strike.js';
import { tokensOf, type Tokens } from './tokens.js';

/** Who and what takes part, once the target is up. */
export interface Cast {
  readonly target: Target;
  readonly furniture: Furniture;
  readonly crew: Crew;
  readonly board: Board;
}

/** Members that are read for at once. */
const atOnce = 8;
/** How long a control absentee is away: about as long as an absentee is during a restart. */
const controlAbsenceMs = 700;
/** How much longer than the budget is waited for sessions that are late: they are to be seen late, not missing. */
const patienceMs = 5_000;
/** A timer's longest. */
const longestMs = 2 ** 31 - 1;
/** The chat after everyone is back. */
const afterwardsMs = 500;

/** Plays the phases of a run on a target that is up. It decides nothing about right and wrong. */
export class Conductor {
  readonly #chat: Chat;
  readonly #absences: Absences;
  readonly #readings: Readings;
  readonly #tokens: Tokens;
  readonly #canaries: Canaries;
  readonly #answers: Answers | null;
  readonly #intruder: Intruder;

  constructor(
    private readonly stage: Stage,
    private readonly cast: Cast,
  ) {
    const { recorder, signal } = stage;
    const { furniture, crew, board } = cast;
    this.#chat = chatOf(stage);
    this.#absences = new Absences(crew.gates, recorder);
    const { contract } = stage.setup;
    const digest = (text: string) => digestOf(text, contract.text);
    const exactDigest = (text: string) => digestOf(text, 'exact');
    this.#readings = new Readings({ ...furniture, digest, exactDigest, signal });
    this.#canaries = new Canaries({ chat: this.#chat, board, crew, signal });
    this.#tokens = tokensOf(stage, cast);
    this.#answers = answersOf(stage, furniture.answers, crew.chatters, board);
    const { client } = stage.setup;
    this.#intruder = new Intruder({ client, auditor: crew.auditor(1), crew, recorder, signal });
    stage.scope.undo('stop the chat', () => Promise.resolve(this.#chat.stop()));
  }

  async play(): Promise<void> {
    await this.#establish();
    await this.#steady();
    await this.#before();
    const stopKnocking = await this.#disrupt();
    await this.#recover();
    await stopKnocking();
    await this.#settle();
    await this.#audit();
  }

  async #establish(): Promise<void> {
    enter(this.stage, 'establish');
    const { crew, board } = this.cast;
    await Promise.all([letIn(crew.connected, board, this.stage.signal), this.#tokens.prepare()]);
  }

  async #steady(): Promise<void> {
    enter(this.stage, 'steady');
    const { crew, board } = this.cast;
    const { signal, recorder, setup } = this.stage;
    const began = recorder.now();
    this.#chat.start(crew.chatters);
    this.#answers?.begin();
    // Whether a session has to come back to the instance that it left shows only against those that did: there have to be some.
    const times = setup.without.balancer === undefined ? 3 : 1;
    for (let time = 0; time < times; time += 1) await this.#beAway(sessionsOf(crew.of('control-absentee')));
    const spoken = () => crew.chatters.every(({ planned }) => board.standing(planned.session).ackAt >= 0);
    await board.until(() => this.#everyoneIsBack() && spoken(), patienceMs * 2, signal);
    // Before records are read: who is let in may be written down as a member.
    await this.#intruder.prepare();
    await rest(Math.max(0, began + setup.workload.steadyMs - recorder.now()), signal);
  }

  async #beAway(sessions: readonly string[]): Promise<void> {
    const { signal } = this.stage;
    this.#absences.cut(sessions);
    await rest(controlAbsenceMs, signal);
    this.#absences.restore(sessions);
    await this.cast.board.until(() => this.#everyoneIsBack(), patienceMs * 2, signal);
  }

  /** Takes down what must be the same afterwards, while the chat goes on. */
  async #before(): Promise<void> {
    enter(this.stage, 'before');
    const { crew } = this.cast;
    // Long enough before the signal to be safe with any target: repeating what was just lost would repair the loss.
    this.#chat.remember();
    await Promise.all([
      this.#tokens.ready().then(() => this.#tokens.knock()),
      inTurns(crew.connected, atOnce, async (member) => {
        await this.#readings.records(member, 'before', 1);
        await this.#readings.whoAmI(member, 'before');
        await this.#readings.records(member, 'before', 2);
      }),
      inTurns(this.#logReaders(), atOnce, async (member) => {
        await this.#readings.log(member, 'before', false);
      }),
    ]);
    await this.#sendAbsenteesAway();
    // Last of all: an answer lasts some seconds, and has to be under way at the signal.
    await this.#answers?.begun();
  }

  /** An absentee must have missed something by the time of the signal: else its return proves nothing. */
  async #sendAbsenteesAway(): Promise<void> {
    const { crew, board } = this.cast;
    const absentees = crew.of('absentee');
    this.#absences.cut(sessionsOf(absentees));
    const cutAt = this.stage.recorder.now();
    const chatting = crew.byRoom(crew.chatters);
    const missed = (member: Member) =>
      member.planned.rooms.every((room) =>
        (chatting.get(room) ?? []).some(({ planned }) => board.standing(planned.session).servedAt > cutAt),
      );
    await board.until(() => absentees.every(missed), patienceMs, this.stage.signal);
  }

  /** Returns how to stop the knocking at the doors, which goes on until everyone is back. */
  async #disrupt(): Promise<() => Promise<void>> {
    await this.#whenChatting();
    this.#intruder.takeHandles();
    enter(this.stage, 'disrupt');
    const stop = this.#tokens.knocking();
    const refreshed = this.#refreshThrough();
    // Where the disruption fails, nobody waits for it.
    refreshed.catch(() => undefined);
    try {
      await this.#strikeAll();
    } catch (error) {
      await stop();
      throw error;
    }
    await refreshed;
    return stop;
  }

  async #strikeAll(): Promise<void> {
    for (const [index, one] of this.stage.setup.strikes.entries()) {
      await this.#untilItsMoment(one, index);
      const network = networkOf(this.cast.crew.gates);
      // The first signal of each is what has to meet a chat. Who comes back on a busy machine may be served no more for a while.
      const patience = one.moment ? this.#patience : patienceMs;
      const untilChatting = onlyOnce(() => this.#whenChatting(patience));
      await strike(this.stage, { target: this.cast.target, network, untilChatting }, one, index);
    }
  }

  async #untilItsMoment({ moment }: Strike, index: number): Promise<void> {
    const { signal, setup } = this.stage;
    if (index > 0 && moment?.when !== 'returning') {
      // The next is to meet a target that is whole, and sessions that chat; who is away stays away.
      await this.#untilBack(this.cast.crew.of('chatter', 'control-absentee'), moment && 'heard');
      await rest(moment?.ms ?? setup.betweenMs, signal);
      await this.#answers?.begun();
    } else if (moment) {
      // Where nobody is served yet there is nothing that could be lost, and nothing is shown.
      if (index > 0) await this.#whenChatting(this.#patience);
      await rest(moment.ms, signal);
    }
  }

  /** A disruption in a quiet moment proves nothing. */
  async #whenChatting(patience = patienceMs): Promise<void> {
    const { board, crew } = this.cast;
    const { signal, recorder } = this.stage;
    const recent = () =>
      crew.chatters.some(({ planned }) => board.standing(planned.session).ackAt > recorder.now() - 100);
    await board.until(recent, patience, signal);
  }

  /** Within it sessions are back, if they ever are, in ms. */
  get #patience(): number {
    const { recoveryMs, reconnectMs } = this.stage.setup.contract.budgets;
    return Math.max(recoveryMs, reconnectMs) + patienceMs;
  }

  /** Refreshes one token while the target is away, as often as it takes: an answer that was lost is not a reuse. */
  async #refreshThrough(): Promise<void> {
    const { signal } = this.stage;
    const { board, crew } = this.cast;
    const { keeper } = crew.auditor(1);
    await board.until(() => board.struck, longestMs, signal);
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await keeper.renew({ signal })) !== 'no-answer') return;
      await rest(100, signal);
    }
  }

  async #recover(): Promise<void> {
    enter(this.stage, 'recover');
    const { crew } = this.cast;
    this.#absences.restore(sessionsOf(crew.of('absentee')));
    await this.#tokens.renew();
    await Promise.all([this.#untilBack(crew.connected), this.#intruder.resume()]);
    this.#chat.repeatRemembered();
    await rest(afterwardsMs, this.stage.signal);
  }

  /**
   * Until these are connected, and something of those who chat was acknowledged. `heard`: or something has come to them, which shows as
   * well that they are alive; and where a room is silent, one of it says something out of turn.
   */
  async #untilBack(members: readonly Member[], or?: 'heard'): Promise<void> {
    const { board } = this.cast;
    const { signal } = this.stage;
    const isReady = ({ planned }: Member) => board.standing(planned.session).ready;
    const isBack = ({ planned: { session, role } }: Member) => {
      const { ready, ackAt, heardAt, readyAt } = board.standing(session);
      return ready && (role !== 'chatter' || ackAt > readyAt || (or === 'heard' && heardAt > readyAt));
    };
    if (or === 'heard' && (await board.until(() => members.every(isReady), this.#patience, signal)))
      this.#breakSilence(members.filter((member) => !isBack(member)));
    await board.until(() => members.every(isBack), this.#patience, signal);
  }

  /** One of each room of these says something, whoever's turn it is. */
  #breakSilence(silent: readonly Member[]): void {
    for (const [room, [speaker]] of this.cast.crew.byRoom(silent)) {
      if (speaker) this.#chat.send(speaker, { room, outOfTurn: true });
    }
  }

  /** Until nothing is outstanding, the canaries have arrived and nothing has come in for the quiet window. */
  async #settle(): Promise<void> {
    enter(this.stage, 'settle');
    const { board } = this.cast;
    const { signal, setup, recorder } = this.stage;
    const { answerWithinMs, quietMs } = setup.workload;
    this.#chat.pause();
    await board.until(() => this.#chat.outstanding === 0, answerWithinMs * 2, signal);
    await Promise.all([this.#canaries.fly(patienceMs), this.#answers?.finished()]);
    const overdueAt = recorder.now() + quietMs * 3;
    const quietFor = () => recorder.now() - board.receivedAt;
    while (quietFor() < quietMs && recorder.now() < overdueAt) await rest(quietMs - quietFor(), signal);
  }

  async #audit(): Promise<void> {
    enter(this.stage, 'audit');
    const { crew } = this.cast;
    const { signal } = this.stage;
    await Promise.all([
      this.#tokens.knockEverywhere(),
      // What a renewal gave during the disruption has to be good for the next one.
      crew.auditor(1).keeper.renew({ signal }),
      inTurns(crew.connected, atOnce, async (member) => {
        await this.#readings.whoAmI(member, 'after');
        await this.#readings.records(member, 'after', 1);
        await member.keeper.renew({ signal });
      }),
      inTurns(this.#logReaders(), atOnce, async (member) => {
        await this.#readings.log(member, 'after', false);
      }),
      inTurns(crew.of('newcomer'), atOnce, (member) => this.#coldRead(member)),
      this.#answers?.audit(),
    ]);
  }

  /** Repeated within a budget: a replica may lag behind what was acknowledged. */
  async #coldRead(member: Member): Promise<void> {
    const { signal, recorder } = this.stage;
    const expected = this.#canaries.acknowledgedIn(member.planned.rooms);
    const overdueAt = recorder.now() + patienceMs;
    while (!(await this.#readings.log(member, 'after', true, expected)) && recorder.now() < overdueAt) {
      await rest(250, signal);
    }
  }

  /** One member of each room reads its log, the same before and after. */
  #logReaders(): Member[] {
    const { crew } = this.cast;
    return [...crew.byRoom(crew.chatters).values()].flatMap((members) => members.slice(0, 1));
  }

  #everyoneIsBack(): boolean {
    const { crew, board } = this.cast;
    return crew.connected.every(({ planned }) => board.standing(planned.session).ready);
  }
}
