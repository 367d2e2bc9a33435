import { eitherOf } from '../../system/index.js';
import { messageOf } from '../../base/errors.js';
import { isGood } from '../../history/credentials.js';
import type { CredentialKind } from '../../history/events.js';
import { tagOf } from '../../history/tag.js';
import type { ClientKind, Outgoing } from '../client/port.js';
import { lobby } from '../workload/index.js';
import { forgeries, type Door, type Grant, type Knock, type SignIn } from '../identity/index.js';
import { wallClock, type Redactor } from '../record/index.js';
import type { Furniture } from './setup.js';
import type { Member } from './member.js';
import type { Board } from './board.js';
import type { Crew } from './crew.js';
import { Pace } from './pace.js';
import { rest, type Stage } from './stage.js';

/** A token that is tried at the doors; null: none at all. `label` is its name in the history. */
interface Tried {
  readonly credential: CredentialKind;
  readonly label: string;
  readonly token: string | null;
}

/** What a door said to a token. */
interface Answered extends Knock {
  readonly credential: CredentialKind;
}

/** More instances than so many that take turns are not all met. */
const mostRounds = 8;

/** Apart from the numbers of what the auditor says in preflight. */
const firstProbe = 1_000;

export interface TokenOptions {
  readonly run: string;
  readonly furniture: Furniture;
  readonly client: ClientKind;
  /** In whose name tokens are tried. */
  readonly auditor: Member;
  /** Whose tokens are good as well: a balancer that goes by the token brings each of them to an instance of its own. */
  readonly others: readonly Member[];
  /** How long one door may take to answer. */
  readonly knockWithinMs: number;
  /** How often a door is knocked at: a new one for each. */
  readonly pace: () => Pick<Pace, 'after'>;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly note: (text: string) => void;
}

/** What tokens are tried on. */
interface Ground {
  readonly furniture: Furniture;
  readonly crew: Crew;
  readonly board: Board;
}

/** The tokens of a run, tried in this auditor's name. */
export function tokensOf(stage: Stage, { furniture, crew, board }: Ground): Tokens {
  const auditor = crew.auditor(0);
  const { setup, recorder, signal } = stage;
  return new Tokens({
    ...{ run: setup.run, client: setup.client, furniture, auditor, signal, others: crew.connected },
    ...{ knockWithinMs: 2_000, redactor: recorder.redactor },
    pace: () => new Pace(board),
    note: (text) => recorder.run({ kind: 'note', text }),
  });
}

/** Tries good, forged, expired and revoked tokens at every door, before, during and after the disruption. */
export class Tokens {
  readonly #tried: Tried[] = [];
  readonly #doors: readonly Door[];
  readonly #rounds = new Map<Door, number>();
  #probes = 0;
  #expiring: string | undefined;
  #expiry = 0;

  constructor(private readonly options: TokenOptions) {
    this.#doors = this.#without ? [] : [...options.furniture.doors, ...this.#ownDoor()];
  }

  /** Gets all the tokens ready: signs in, revokes, forges. Each is named in the history, never written. */
  async prepare(): Promise<void> {
    if (this.#without) return;
    const { auditor, signal, furniture } = this.options;
    const good = await auditor.keeper.credentials({ signal });
    this.#tried.push({ credential: 'good', label: good.label, token: good.token });
    this.#tried.push({ credential: 'none', label: 'none', token: null });
    await this.#tryTo('forge tokens', () => this.#forged(good.token));
    await this.#tryTo('make an expired token', () => this.#expired(furniture.signIn));
    await this.#tryTo('revoke a token', () => this.#revoked(furniture.signIn));
  }

  /** Resolves when the token that was to expire has expired. */
  async ready(): Promise<void> {
    if (this.#expiring === undefined) return;
    await rest(Math.max(0, this.#expiry - wallClock()), this.options.signal);
    this.#tried.push({ credential: 'expired', label: 'expired', token: this.#expiring });
  }

  /** Has a renewed token tried from now on: the old one may have been forgotten, and doors that keep all out prove nothing. */
  async renew(): Promise<void> {
    if (this.#without) return;
    const { auditor, signal } = this.options;
    const { keeper } = auditor;
    const renewal = await keeper.renew({ signal });
    await this.#tryTo('get a renewed token', async () => {
      // Where a renewal is refused, a user signs in again.
      if (renewal === 'refused') keeper.rejected(await keeper.credentials({ signal }));
      const { label, token } = await keeper.credentials({ signal });
      this.#tried.unshift({ credential: 'refreshed', label, token });
    });
  }

  /** Every token at every door, once. */
  async knock(): Promise<void> {
    await Promise.all(this.#doors.map((door) => this.#knockAt(door)));
  }

  /** Every token at every door, until each bad one met an instance that lets good ones in: there may be several behind a door. */
  async knockEverywhere(): Promise<void> {
    await Promise.all(
      this.#doors.map(async (door) => {
        const answers: Answered[] = [];
        for (let round = 0; round < mostRounds && !isShown(answers); round += 1) {
          // Where connections are made, others would have to be in the auditor's room; but sessions come in there by themselves.
          if (round > 0 && door.via === 'request')
            answers.push(...(await this.#knockWith(door, await this.#tokenOf(round))));
          answers.push(...(await this.#knockAt(door)));
        }
      }),
    );
  }

  /** Knocks again and again; the returned function stops it and waits for the last answer. */
  knocking(): () => Promise<void> {
    const stop = new AbortController();
    const stopped = eitherOf([stop.signal, this.options.signal]);
    const loops = this.#doors.map(async (door) => {
      const pace = this.options.pace();
      while (!stopped.aborted) {
        const answers = await this.#knockAt(door, stopped);
        const isAnswered = answers.every((answer) => answer.let !== 'no-answer');
        await rest(pace.after(isAnswered), stopped).catch(() => undefined);
      }
    });
    return async () => {
      stop.abort();
      await Promise.all(loops);
    };
  }

  /** Sessions show no tokens: there is nothing to try. */
  get #without(): boolean {
    return this.options.furniture.signIn.lacks.tokens !== undefined;
  }

  #ownDoor(): readonly Door[] {
    const { client, auditor } = this.options;
    const door = client.door?.(auditor.seat, () => this.#probe());
    return door ? [door] : [];
  }

  /** A message in the lobby, where nobody is: its acknowledgement is what counts. */
  #probe(): Outgoing {
    const { run, auditor } = this.options;
    const message = `${run}.${auditor.planned.session}.${firstProbe + this.#probes++}`;
    return { message, room: auditor.seat.rooms[0] ?? lobby, text: `${tagOf(message)} may I come in?` };
  }

  /** `stopped`: one round of many, which ends at once where nobody answers the door: a dead port tells nothing of any token. */
  async #knockAt(door: Door, stopped?: AbortSignal): Promise<readonly Answered[]> {
    const answers: Answered[] = [];
    for (const [place, tried] of this.#nextRound(door).entries()) {
      if (stopped?.aborted) break;
      const [answer] = await this.#knockWith(door, tried);
      if (!answer) break;
      answers.push(answer);
      if (stopped && place === 0 && answer.let === 'no-answer') break;
    }
    return answers;
  }

  /** Empty: the run was stopped meanwhile. */
  async #knockWith(door: Door, { credential, label, token }: Tried): Promise<readonly Answered[]> {
    const signal = eitherOf([this.options.signal, AbortSignal.timeout(this.options.knockWithinMs)]);
    const knock = await door.knock(token, { signal });
    if (this.options.signal.aborted) return [];
    const tried = { credential, token: label, door: door.name, via: door.via };
    this.options.auditor.observe({ kind: 'door', ...tried, ...knock });
    return [{ ...knock, credential }];
  }

  /** The token of another session, in turns. */
  async #tokenOf(turn: number): Promise<Tried> {
    const { auditor, others, signal } = this.options;
    const { keeper } = others[turn % others.length] ?? auditor;
    const { label, token } = await keeper.credentials({ signal });
    return { credential: 'good', label, token };
  }

  /** The first, a good one, and the others from another one on each time: balancers that take turns would show each token to one instance. */
  #nextRound(door: Door): readonly Tried[] {
    const round = this.#rounds.get(door) ?? 0;
    this.#rounds.set(door, round + 1);
    const [first, ...others] = this.#tried;
    const from = others.length === 0 ? 0 : round % others.length;
    return first ? [first, ...others.slice(from), ...others.slice(0, from)] : [];
  }

  async #forged(good: string): Promise<void> {
    const { furniture, auditor, signal, note, redactor } = this.options;
    const { signIn } = furniture;
    const publicKeys = (await signIn.publicKeys?.({ signal })) ?? [];
    const misfit = signIn.misfit?.bind(signIn, auditor.user);
    const omitted = new Map<string, CredentialKind[]>();
    const omit = (kind: CredentialKind, reason: string) => {
      // A target that gives tokens which soon expire makes the expired one itself.
      if (kind !== 'expired' || !signIn.shortLived)
        omitted.set(reason, [...(omitted.get(reason) ?? []), kind]);
    };
    const context = { token: good, publicKeys, redactor, omit, ...(misfit ? { misfit } : {}) };
    for (const { kind, label, token } of await forgeries(context)) {
      this.#tried.push({ credential: kind, label, token });
    }
    for (const [reason, kinds] of omitted)
      note(`not tried at the doors: ${kinds.join(', ')} tokens (${reason})`);
  }

  async #expired(signIn: SignIn): Promise<void> {
    const { auditor, signal } = this.options;
    const grant = await signIn.shortLived?.(auditor.user, { signal });
    if (!grant) return;
    // A moment more than its own `exp`: that is in whole seconds, and clocks differ.
    this.#expiry = (grant.expiresAt ?? wallClock()) + 300;
    this.#expiring = grant.token;
  }

  async #revoked(signIn: SignIn): Promise<void> {
    const { auditor, signal } = this.options;
    if (!signIn.signOut) return;
    const grant: Grant = await signIn.signIn(auditor.user, { signal });
    await signIn.signOut(grant, { signal });
    auditor.observe({ kind: 'revoked', token: 'revoked' });
    this.#tried.push({ credential: 'revoked', label: 'revoked', token: grant.token });
  }

  async #tryTo(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.options.signal.throwIfAborted();
      this.options.note(`could not ${what}: ${messageOf(error)}`);
    }
  }
}

/** Was each bad token answered by an instance that lets good ones in? Refusals of an instance that keeps all out prove nothing. */
function isShown(answers: readonly Answered[]): boolean {
  const open = answers.filter((answer) => isGood(answer.credential) && answer.let === 'in');
  const meets = (bad: Answered) =>
    bad.let === 'in' ||
    open.some(
      ({ instance }) => instance === undefined || bad.instance === undefined || instance === bad.instance,
    );
  const bad = answers.filter(({ credential }) => !isGood(credential));
  const kinds = new Set(bad.map(({ credential }) => credential));
  const seen = new Set(bad.filter(meets).map(({ credential }) => credential));
  return answers.length > 0 && (open.length === 0 || [...kinds].every((kind) => seen.has(kind)));
}
