import type { Event, EventOf, Kind, Seen } from '../../../history/events.js';
import { tagOf } from '../../../history/tag.js';
import { eitherOf } from '../../../system/index.js';
import type { Answer, ClientKind, Outgoing } from '../../client/port.js';
import type { Target } from '../../target/port.js';
import { Board } from '../board.js';
import type { Member } from '../member.js';
import type { Strike } from '../setup.js';
import { rest, type Stage } from '../stage.js';
import { strike } from '../strike.js';
import type { Findings } from './findings.js';
import type { Way } from './ways.js';

/** How long each thing may take, in ms. */
export const usualPatience = {
  enter: 15_000,
  answer: 5_000,
  hear: 5_000,
  loss: 10_000,
  back: 20_000,
  repeat: 1_500,
  gone: 3_000,
};

/** What an exercise is done with. */
export interface Means {
  readonly findings: Findings;
  /** Told of each step, in words. */
  readonly say: (step: string) => void;
  /** By room: where a client of one's own is told that it stopped reading (see `ClientMeans.rewound`). */
  readonly rewind: Map<string, string>;
  /** No `connect` of its author's was called: what only that can do wrong is not exercised. */
  readonly builtIn?: boolean;
  readonly patience?: typeof usualPatience;
}

/** Two sessions in one room, with the way of each. */
export interface Pair {
  readonly target: Target;
  readonly ada: Member;
  readonly bob: Member;
  readonly ways: { readonly ada: Way; readonly bob: Way };
}

/** Takes a client through everything that a run does to it, and says what it did. */
export class Exercise {
  readonly #board = new Board();
  readonly #events: Event[] = [];
  readonly #client: ClientKind;
  readonly #within: typeof usualPatience;
  private readonly findings: Findings;
  private readonly say: (step: string) => void;
  #number = 0;
  #resent: Outgoing | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly pair: Pair,
    private readonly means: Means,
  ) {
    this.findings = means.findings;
    this.say = means.say;
    this.#within = means.patience ?? usualPatience;
    this.#client = stage.setup.client;
    const stop = stage.recorder.watch((event) => {
      this.#events.push(event);
      this.#board.see(event);
    });
    stage.scope.undo('stop watching', () => Promise.resolve(stop()));
  }

  async play(): Promise<void> {
    this.say('two sessions enter one room');
    if (!(await this.#enter())) return;
    this.say('each says something to the other');
    await this.#talk();
    this.say('a message is sent again');
    await this.#repeat();
    await this.#cutOff();
    await this.#restart();
    this.say('they leave');
    await this.#leave();
  }

  async #enter(): Promise<boolean> {
    const { ada, bob, ways } = this.pair;
    const signal = eitherOf([this.stage.signal, AbortSignal.timeout(this.#within.enter)]);
    const entering = [ada, bob].map(({ client }) => client.connect({ signal }));
    const settled = await Promise.allSettled(entering);
    this.stage.signal.throwIfAborted();
    const standing = (member: Member) => this.#board.standing(member.planned.session);
    for (const [index, member] of [ada, bob].entries()) {
      const { ready, refusal = 'it told nothing of why' } = standing(member);
      const did = `was not ready within ${this.#within.enter / 1_000} s in session ${member.planned.session}: ${refusal}`;
      this.findings.judge(ready && settled[index]?.status === 'fulfilled', 'enters', did);
    }
    if (!standing(ada).ready || !standing(bob).ready) return false;
    const made = ways.ada.made > 0 && ways.bob.made > 0;
    this.findings.judge(made, 'dials-through', 'was ready, and no connection had gone through the relay');
    this.findings.kept('connects-when-ready', 'opens-first', 'ready-once');
    return true;
  }

  async #talk(): Promise<void> {
    const { ada, bob } = this.pair;
    const first = await this.#says(ada, bob);
    await this.#says(bob, ada);
    this.#resent = first;
    const { positions } = this.#client.lacks;
    if (positions !== undefined)
      return this.findings.skip({ why: `it says so: ${positions}` }, 'says-what-it-lacks');
    const told = [...this.#of(bob, 'receive'), ...this.#of(ada, 'receive')].filter(isOurs);
    if (told.length === 0) return;
    const withPosition = told.every(({ position }) => position !== undefined);
    this.findings.judge(withPosition, 'says-what-it-lacks', 'told messages without a position');
  }

  /** A message there, and its answer back. */
  async #says(speaker: Member, listener: Member): Promise<Outgoing> {
    const message = this.#message(speaker);
    const answer = await this.#send(speaker, message);
    this.#judgeAnswer(answer);
    const session = listener.planned.session;
    const heard = () => this.#told(listener, message.message) > 0;
    if (await this.#board.until(heard, this.#within.hear, this.stage.signal)) {
      this.findings.kept('hears', 'tells-messages');
      return message;
    }
    const way = listener === this.pair.ada ? this.pair.ways.ada : this.pair.ways.bob;
    const came = way.heard(tagIn(message)) > 0;
    const did = came
      ? `was sent ${message.message} by the target, and session ${session} never told it`
      : `never told ${message.message} in session ${session}, whose connection did not bring it in a form that can be read`;
    this.findings.broken('hears', did);
    return message;
  }

  #judgeAnswer(answer: Answer): void {
    if (this.#client.lacks.acknowledgements !== undefined) {
      const why = `it has no acknowledgements: ${this.#client.lacks.acknowledgements}`;
      this.findings.skip({ why }, 'acknowledges-once', 'acknowledges-what-was-sent');
      this.findings.kept('answers');
    } else if (answer.answer === 'ack') {
      this.findings.kept('answers');
      const why = 'a built-in client answers a message by what its `send` resolves to, once';
      const acknowledging = ['acknowledges-once', 'acknowledges-what-was-sent'] as const;
      if (this.means.builtIn) this.findings.skip({ why }, ...acknowledging);
      else this.findings.kept(...acknowledging);
    } else {
      const { reason } = answer;
      const did = `answered ${answer.answer} (${reason}) to a message on an undisturbed connection`;
      this.findings.broken('answers', did);
    }
  }

  /** The same message again: a target that keeps no ids delivers it twice. */
  async #repeat(): Promise<void> {
    const { ada, bob, ways } = this.pair;
    const message = this.#resent;
    if (!message || this.#told(bob, message.message) === 0) return;
    const once = ways.bob.heard(tagIn(message));
    await this.#send(ada, message);
    const why = 'the target delivered once what was sent twice';
    await this.#toldAsOften(bob, ways.bob, { id: message.message, word: tagIn(message), once, why });
  }

  /** It was said `once` so far: it is to be told again when it comes again. */
  async #toldAsOften(
    member: Member,
    way: Way,
    {
      id,
      word,
      once,
      why,
    }: { readonly id: string; readonly word: string; readonly once: number; readonly why: string },
  ): Promise<void> {
    if (once === 0) {
      return this.findings.skip(unread, 'filters-nothing');
    }
    const again = () => way.heard(word) >= once * 2;
    await this.#until(again, this.#within.repeat);
    if (!again()) return this.findings.skip({ why, toDo: unfiltered }, 'filters-nothing');
    const twice = () => this.#told(member, id) > 1;
    const told = await this.#board.until(twice, this.#within.repeat, this.stage.signal);
    this.findings.judge(told, 'filters-nothing', `was sent ${id} twice, and told it once`);
  }

  async #cutOff(): Promise<void> {
    const { ada, bob, ways } = this.pair;
    this.say('the network of one is cut');
    const before = this.#count(bob, 'close');
    const closes = this.#count(ada, 'close');
    ways.ada.cut();
    const lost = () => this.#count(ada, 'close') > closes;
    const told = await this.#board.until(lost, this.#within.loss, this.stage.signal);
    this.#judgeLoss(told, `told nothing within ${this.#within.loss / 1_000} s after its connection was cut`);
    const { answer } = await this.#send(ada, this.#message(ada), told ? 500 : 50);
    if (answer === 'ack')
      this.findings.broken('acknowledges-once', 'acknowledged a message without a network');
    await this.#send(bob, this.#message(bob));
    const quiet = this.#count(bob, 'close') === before && bob.client.connected;
    this.findings.judge(quiet, 'keeps-apart', 'lost both connections when that of one session was cut');
    this.say('and is given back');
    await this.#giveBack(told);
    await this.#returns();
  }

  /** Who holds no connection may call its conversation lost, as our own polls do; it may also know of no loss. */
  #judgeLoss(told: boolean, did: string): void {
    const { connection } = this.#client.lacks;
    if (told || connection === undefined) this.findings.judge(told, 'tells-loss', did);
    else this.findings.skip({ why: connection }, 'tells-loss', 'comes-back');
  }

  /** A client of one's own is told that it has read less than it has: what it knows comes again. */
  async #giveBack(told: boolean): Promise<void> {
    const { ada, ways } = this.pair;
    const known = this.#of(ada, 'receive').find(isOurs);
    const [room = ''] = ada.seat.rooms;
    const word = tagOf(known?.message ?? `${this.stage.setup.run}.0.0`);
    const once = ways.ada.heard(word);
    if (!this.means.builtIn && known?.position !== undefined && /^[1-9]\d*$/.test(known.position))
      this.means.rewind.set(room, String(BigInt(known.position) - 1n));
    ways.ada.restore();
    if (told) await this.#isBack([ada], 'after its network was given back');
    if (known?.message && this.means.rewind.has(room)) {
      const why = `the target delivered once what was sent twice, and sent nothing again that session ${ada.planned.session} had when it came back`;
      await this.#toldAsOften(ada, ways.ada, { id: known.message, word, once, why });
    }
    this.means.rewind.clear();
  }

  async #isBack(members: readonly Member[], when: string): Promise<void> {
    const back = () => members.every(({ planned }) => this.#board.standing(planned.session).ready);
    const held = await this.#board.until(back, this.#within.back, this.stage.signal);
    this.findings.judge(held, 'comes-back', `was not ready within ${this.#within.back / 1_000} s ${when}`);
  }

  /** Who can resume says after what, or the target says that it did. */
  async #returns(): Promise<void> {
    const { ada, bob } = this.pair;
    if (!this.#board.standing(ada.planned.session).ready) return;
    await this.#says(ada, bob);
    const ready = this.#of(ada, 'ready').at(-1);
    if (this.#client.lacks.resume !== undefined || !ready || ready.conn === 1) return;
    const asked = this.#of(ada, 'join').some(
      ({ conn, cursor }) => conn === ready.conn && cursor !== undefined,
    );
    const did =
      'came back without saying after which position (`tell.joining(room, { after })`), and does not lack `resume`';
    this.findings.judge(asked || ready.claims !== 'unstated', 'says-what-it-lacks', did);
  }

  async #restart(): Promise<void> {
    const [first] = this.stage.setup.strikes;
    // The network between is watched here, and not spoilt.
    const isOfNetwork = first?.disruption.needsRelay === true;
    if (!first || isOfNetwork) return;
    const { ada, bob, ways, target } = this.pair;
    this.say(`${first.disruption.type} of ${first.disruption.services.join(' and ')}`);
    const stood = [
      { member: ada, way: ways.ada, ended: ways.ada.ended, closes: this.#count(ada, 'close') },
      { member: bob, way: ways.bob, ended: ways.bob.ended, closes: this.#count(bob, 'close') },
    ];
    // What a client does is looked at here, not what the target keeps: nobody has to chat.
    await strike(this.stage, { target, untilChatting: () => Promise.resolve() }, first, 0);
    for (const one of stood) await this.#noticed(one);
    const lost = stood.filter(({ member, closes }) => this.#count(member, 'close') > closes);
    this.#judgeCodes(first, lost);
    // Nobody noticed: nobody had to come back.
    if (lost.length > 0 || this.#client.lacks.connection === undefined)
      await this.#isBack([ada, bob], 'after the target was there again');
    await this.#says(ada, bob);
  }

  /** Who is closed with time for a goodbye tells the code of it, or whose end it was. */
  #judgeCodes(
    { disruption, lacks }: Strike,
    lost: readonly { readonly member: Member; readonly closes: number }[],
  ): void {
    const isGraceful = { ...disruption.lacks, ...lacks }.graceful === undefined;
    if (!isGraceful || lost.length === 0 || this.#client.lacks['close-codes'] !== undefined) return;
    const ends = lost.flatMap(({ member, closes }) => this.#of(member, 'close').slice(closes, closes + 1));
    const isTold = ends.some(({ code, by }) => code !== undefined || by !== 'unknown');
    this.findings.judge(isTold, 'says-what-it-lacks', codeless);
  }

  /** Whose connection the target ended says so. A deploy without downtime ends none. */
  async #noticed({
    member,
    way,
    ended,
    closes,
  }: {
    readonly member: Member;
    readonly way: Way;
    readonly ended: number;
    readonly closes: number;
  }): Promise<void> {
    const isLost = () => way.ended > ended;
    await this.#until(isLost, this.#within.repeat);
    if (!isLost()) return;
    const told = () => this.#count(member, 'close') > closes;
    // Between two questions nothing is lost, whatever became of the sockets.
    const patience = this.#client.lacks.connection === undefined ? this.#within.loss : this.#within.repeat;
    const heard = await this.#board.until(told, patience, this.stage.signal);
    this.#judgeLoss(heard, `told nothing in session ${member.planned.session} when the target went away`);
  }

  async #leave(): Promise<void> {
    const { ada, bob, ways } = this.pair;
    const leave = ({ client }: Member) => client[Symbol.asyncDispose]();
    const wasThere = bob.client.connected;
    const closes = this.#count(bob, 'close');
    await Promise.all([leave(ada), leave(ada)]);
    await leave(ada);
    const gone = () => ways.ada.open === 0;
    await this.#until(gone, this.#within.gone);
    this.findings.judge(gone(), 'leaves-clean', `left ${ways.ada.open} connections open`);
    await this.#send(bob, this.#message(bob));
    const stayed = bob.client.connected && this.#count(bob, 'close') === closes;
    if (wasThere) this.findings.judge(stayed, 'keeps-apart', 'lost a session when another one left');
    await leave(bob);
    // Whatever comes late has come by then.
    await rest(300, this.stage.signal);
    this.findings.kept('silent-afterwards', 'throws-nothing', 'never-blocks');
    if (this.means.builtIn) this.findings.skip({ why: 'it is for a client of your own' }, 'hands-over');
    else this.findings.kept('hands-over');
  }

  #message({ planned, seat }: Member): Outgoing {
    const message = `${this.stage.setup.run}.${planned.session}.${++this.#number}`;
    return { message, room: seat.rooms[0] ?? '', text: `${tagOf(message)} validating` };
  }

  #send({ client }: Member, message: Outgoing, withinMs = this.#within.answer): Promise<Answer> {
    const signal = AbortSignal.timeout(withinMs);
    return client.send(message, { signal, written: () => undefined });
  }

  #of<K extends Kind>({ planned }: Member, kind: K): EventOf<K>[] {
    const isOne = (event: Event): event is Event & EventOf<K> =>
      event.kind === kind && 'session' in event && event.session === planned.session;
    return this.#events.filter(isOne);
  }

  #count(member: Member, kind: Seen['kind']): number {
    return this.#of(member, kind).length;
  }

  #told(member: Member, id: string): number {
    return this.#of(member, 'receive').filter(({ message }) => message === id).length;
  }

  async #until(holds: () => boolean, ms: number): Promise<void> {
    const overdueAt = performance.now() + ms;
    while (!holds() && performance.now() < overdueAt) await rest(20, this.stage.signal);
  }
}

const unfiltered =
  'Nothing is to be done: it depends on the target. If the library can filter repeats, see that it does not';
const unread = {
  why: 'what the target sends cannot be read on its way (encrypted, compressed or encoded)',
  toDo: 'Nothing is to be done for a run. To have it exercised, validate at an address without TLS, compression and encoding',
};
const codeless =
  "told no code with which the target ended its connections, nor that the target did (`tell.closed({ code })`, or `{ by: 'target' }`), and does not lack `close-codes`. Where the library has none, write `lacks: { 'close-codes': 'the library shows none' }`";
const tagIn = ({ text }: Outgoing) => text.split(' ')[0] ?? text;
const isOurs = ({ message }: EventOf<'receive'>) => message !== null;
