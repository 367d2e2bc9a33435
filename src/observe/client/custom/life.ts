import { printable } from '../../../base/printable.js';
import type { EventOf } from '../../../history/events.js';
import type { Closed, Observe } from '../port.js';
import { moveOn } from '../shared/cursors.js';
import type { ReceivedMessage } from '../shared/messages.js';
import { receiptOf } from '../shared/receipt.js';
import type { Veil } from '../shared/veil.js';
import type { RuleId } from '../validate/rules.js';
import type { Ending, Refusal, Tell } from './definition.js';
import type { Kit } from './kit.js';

export interface LifeOf {
  readonly kit: Kit;
  readonly session: string;
  readonly rooms: readonly string[];
  readonly cursors: Map<string, string>;
  readonly observe: Observe;
  readonly veil: () => Veil;
  ready(claims: EventOf<'ready'>['claims']): void;
  /** Once. `was`: how far it had come. */
  over(end: LifeEnd): void;
}

export interface LifeEnd {
  /** With which call it was told. */
  readonly told: 'closed' | 'refused';
  readonly was: 'dialling' | 'open' | 'ready';
  readonly refusal: {
    readonly reason: string;
    readonly status?: number;
    readonly unauthorized: boolean;
    readonly retryAfterMs?: number;
  };
  readonly closed: Closed;
}

type Told = Pick<Tell, 'opened' | 'joining' | 'joined' | 'ready' | 'received' | 'refused' | 'closed'>;

const refusing = new Set([401, 403, 4401, 4403]);

/** One connection as its client tells it, from the first packet to the end, in the events of a history. */
export class Life implements Told {
  #stage: 'dialling' | 'open' | 'ready' | 'over' = 'dialling';
  #endedWith: LifeEnd['told'] = 'closed';
  readonly #asked = new Set<string>();
  readonly #entered = new Set<string>();
  /** Read something already when it began: there is something to resume. */
  readonly #resuming: boolean;

  constructor(private readonly of: LifeOf) {
    this.#resuming =
      of.kit.definition.lacks?.resume === undefined && of.rooms.some((room) => of.cursors.has(room));
  }

  get isReady(): boolean {
    return this.#stage === 'ready';
  }

  get isOver(): boolean {
    return this.#stage === 'over';
  }

  opened(about: { readonly instance?: string } = {}): void {
    if (this.#stage !== 'dialling')
      return this.#breach('opens-first', 'told that it opened, and was open already');
    this.#stage = 'open';
    const { instance } = about;
    this.of.observe({ kind: 'open', ...(typeof instance === 'string' ? { instance } : {}) });
  }

  joining(room: string, { after }: { readonly after?: string | number | null } = {}): void {
    if (!this.#isOpen(`asked for the room ${printable(String(room))}`)) return;
    this.#asked.add(room);
    const cursor = after === undefined || after === null ? {} : { cursor: String(after) };
    this.of.observe({ kind: 'join', room, ...cursor });
  }

  joined(room: string, { head }: { readonly head?: string | number } = {}): void {
    if (!this.#isOpen(`entered the room ${printable(String(room))}`)) return;
    if (!this.#asked.has(room)) this.joining(room);
    this.#entered.add(room);
    const { cursors, observe } = this.of;
    observe({ kind: 'joined', room, ...(head === undefined ? {} : { head: String(head) }) });
    // Who has read nothing yet has read up to here: what comes next must not be missed by an early cut.
    if (head !== undefined && !cursors.has(room)) moveOn(cursors, room, String(head));
  }

  /** A library may hide its handshake and its joins: what is ready was opened, and is in its rooms. */
  ready({ resumed }: { readonly resumed?: boolean } = {}): void {
    if (this.#stage === 'ready') return this.#breach('ready-once', 'told it again');
    if (this.#stage === 'over') return this.#breach('opens-first', `told that it was ready ${this.#between}`);
    if (this.#stage === 'dialling') this.opened();
    for (const room of this.of.rooms) if (!this.#entered.has(room)) this.joined(room);
    this.#stage = 'ready';
    const told = resumed === undefined ? 'unstated' : resumed ? 'resumed' : 'fresh';
    this.of.ready(this.#resuming ? told : 'fresh');
  }

  received(message: ReceivedMessage | readonly ReceivedMessage[]): void {
    if (!this.#isOpen('told of a message')) return;
    for (const one of Array.isArray(message)
      ? (message as readonly ReceivedMessage[])
      : [message as ReceivedMessage]) {
      const receipt = receiptOf(one, this.of.kit);
      if (receipt === null) {
        this.#breach('tells-messages', `told ${this.#shown(one)}`);
        continue;
      }
      if (receipt.position !== undefined) moveOn(this.of.cursors, receipt.room, receipt.position);
      this.of.observe(receipt);
    }
  }

  refused({ status, reason, unauthorized = false, retryAfterMs }: Refusal = {}): void {
    if (this.#stage === 'ready' || this.#stage === 'over') return;
    const refusal = {
      reason: this.#veiled(reason ?? 'no reason given', 'error'),
      unauthorized: unauthorized || refusing.has(status ?? 0),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
    this.#end('refused', refusal, { by: 'session' });
  }

  closed({ by, code, reason, unauthorized = false }: Ending = {}): void {
    if (this.#stage === 'over') return;
    const said = reason === undefined || reason === '' ? {} : { reason: this.#veiled(reason, 'close') };
    const isRefusal = unauthorized || refusing.has(code ?? 0);
    const closed: Closed = {
      by: by ?? authorOf(code),
      ...(code === undefined ? {} : { code }),
      ...said,
      ...(isRefusal ? { unauthorized: true } : {}),
    };
    const why = said.reason ?? (code === undefined ? 'the connection ended' : `code ${code}`);
    const status = code === undefined ? {} : { status: code };
    this.#end('closed', { reason: why, unauthorized: isRefusal, ...status }, closed);
  }

  #end(told: LifeEnd['told'], refusal: LifeEnd['refusal'], closed: Closed): void {
    const was = this.#stage;
    if (was === 'over') return;
    this.#stage = 'over';
    this.#endedWith = told;
    this.of.over({ told, was, refusal, closed });
  }

  #isOpen(did: string): boolean {
    if (this.#stage === 'open' || this.#stage === 'ready') return true;
    this.#breach('opens-first', `${did} ${this.#between}`);
    return false;
  }

  /** Between which two calls something was told, while nothing was open. */
  get #between(): string {
    if (this.#stage === 'over') return `between \`tell.${this.#endedWith}()\` and the next \`tell.opened()\``;
    return 'after an attempt had begun (`connect`, `token()` or `tell.connecting()`), and before its `tell.opened()`';
  }

  #breach(rule: RuleId, did: string): void {
    this.of.kit.breach({ rule, did: `${did}, in session ${this.of.session}` });
  }

  #shown(value: unknown): string {
    try {
      const text: string | undefined = JSON.stringify(value);
      return printable(this.#veiled(text ?? typeof value, 'frame'), 200);
    } catch {
      return 'something that cannot be shown';
    }
  }

  #veiled(text: string, where: 'close' | 'error' | 'frame'): string {
    return this.of.veil().over(String(text), () => this.of.observe({ kind: 'leak', where }));
  }
}

/** 1006 never travels: it is how libraries say that no goodbye came. */
function authorOf(code: number | undefined): Closed['by'] {
  if (code === undefined) return 'unknown';
  return code === 1006 ? 'network' : 'target';
}
