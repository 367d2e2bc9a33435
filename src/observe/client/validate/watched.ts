import { messageOf } from '../../../base/errors.js';
import type { Seen } from '../../../history/events.js';
import type { Answer, Call, Client, ClientKind, Observe, Outgoing, Seat, SendCall } from '../port.js';
import type { Breach, RuleId } from './rules.js';

/** What must be done at once and takes longer holds everybody up, in ms. */
const blockingMs = 500;
/** How long an answer may take after it was called off, and a disposal, in ms. */
const settleWithinMs = 2_000;
const leaveWithinMs = 7_000;

const answers: ReadonlySet<string> = new Set(['ack', 'nack', 'unsure', 'unoffered']);

/** The same client, and everything in which it breaks the promises of the port is told. */
export function watched(kind: ClientKind, breach: (breach: Breach) => void): ClientKind {
  return { ...kind, open: (seat, observe) => new Watched(kind, seat, observe, breach) };
}

class Watched implements Client {
  readonly #client: Client;
  #stage: 'away' | 'dialling' | 'open' | 'ready' = 'away';
  #wasReady = false;
  #isGone = false;

  constructor(
    kind: ClientKind,
    private readonly seat: Seat,
    private readonly observe: Observe,
    private readonly told: (breach: Breach) => void,
  ) {
    this.#client = this.#timed('open', () => kind.open(seat, (seen) => this.#see(seen)));
    if (this.#stage !== 'away') this.#breach('opens-first', 'told of a connection before it was to connect');
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  async connect(call: Call): Promise<void> {
    await this.#timed('connect', () => this.#client.connect(call));
    if (!this.#wasReady) this.#breach('connects-when-ready', 'resolved `connect` before it was ready');
    else if (this.#stage === 'ready' && !this.connected)
      this.#breach('connects-when-ready', 'was ready, and did not say that it is connected');
  }

  async send(message: Outgoing, call: SendCall): Promise<Answer> {
    const wrong = (did: string): Answer => {
      this.#breach('answers', did);
      return { answer: 'unsure', reason: did };
    };
    try {
      const sending = this.#timed('send', () => this.#client.send(message, call));
      const answer = await Promise.race([sending, overdue(call.signal)]);
      if (answer === null) return wrong('gave no answer to a message, not even when it was called off');
      return answers.has(answer.answer) ? answer : wrong(`answered ${JSON.stringify(answer)}`);
    } catch (error) {
      return wrong(`failed in \`send\` with ${messageOf(error)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const leaving = this.#timed('dispose', () => this.#client[Symbol.asyncDispose]());
      const left = await Promise.race([leaving.then(() => true), after(leaveWithinMs)]);
      if (left === null) this.#breach('leaves-clean', `had not left after ${leaveWithinMs / 1_000} s`);
    } catch (error) {
      this.#breach('leaves-clean', `failed to leave with ${messageOf(error)}`);
    }
    this.#isGone = true;
  }

  #see(seen: Seen): void {
    if (this.#isGone) return this.#breach('silent-afterwards', `told \`${seen.kind}\` after it had left`);
    this.#follow(seen);
    this.observe(seen);
  }

  #follow({ kind }: Seen): void {
    const isOpen = this.#stage === 'open' || this.#stage === 'ready';
    if (kind === 'connect') this.#stage = 'dialling';
    else if (kind === 'open') this.#opened();
    else if (kind === 'close') this.#stage = 'away';
    else if (kind === 'receive' && !isOpen)
      this.#breach('opens-first', 'told `receive` without a connection');
    else if (kind === 'ready') this.#ready();
  }

  #opened(): void {
    this.#stage = 'open';
    if (this.connected) this.#breach('connects-when-ready', 'said that it is connected before it was ready');
  }

  #ready(): void {
    if (this.#stage === 'ready') this.#breach('ready-once', 'told `ready` twice on one connection');
    if (this.#stage === 'away') this.#breach('opens-first', 'told `ready` without a connection');
    this.#stage = 'ready';
    this.#wasReady = true;
  }

  #timed<Result>(what: string, act: () => Result): Result {
    const since = performance.now();
    const result = act();
    const tookMs = Math.round(performance.now() - since);
    if (tookMs >= blockingMs) this.#breach('never-blocks', `held everything up for ${tookMs} ms in ${what}`);
    return result;
  }

  #breach(rule: RuleId, did: string): void {
    this.told({ rule, did: `${did}, in session ${this.seat.session}` });
  }
}

/** Null, some time after the signal has aborted. */
function overdue(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const wait = () => void after(settleWithinMs).then(resolve);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
}
