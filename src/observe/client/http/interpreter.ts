import type { Attempt } from '../port.js';
import { MappingFailure, type MappingName } from '../shared/mapping.js';
import type { ClientMeans, Grievances } from '../shared/means.js';
import type { ReceivedMessage } from '../shared/messages.js';
import { receiptOf } from '../shared/receipt.js';
import { Veil } from '../shared/veil.js';

/** What all connections of one connector share. */
export type Shared = Pick<ClientMeans, 'run' | 'digest'> & Grievances;

/** A receipt that is told, and what it says of its place. */
export type Receipt = NonNullable<ReturnType<typeof receiptOf>>;

/**
 * Asks the functions of a config what things mean, for one connection. What they do wrong is the config's fault, and told
 * the run. The token of the connection stands in nothing that is shown.
 */
export class Interpreter {
  readonly #veil: Veil;

  constructor(
    private readonly shared: Shared,
    private readonly attempt: Pick<Attempt, 'credentials' | 'observe'>,
  ) {
    this.#veil = new Veil(attempt.credentials?.token ?? null);
  }

  veiled(text: string, where: 'close' | 'error' | 'frame' = 'error'): string {
    return this.#veil.over(text, () => this.attempt.observe({ kind: 'leak', where }));
  }

  /** A function of the config failed: why, in a few words. Throws what is nobody's mapping. */
  blamed(error: unknown): string {
    if (!(error instanceof MappingFailure)) throw error;
    this.shared.broken(error, (text) => this.veiled(text, 'frame'));
    return error.message;
  }

  /** What a function makes of it; null also where it fails. `accepts`: can it be used? */
  asked<Given, Made>(
    name: MappingName,
    map: (given: Given) => Made | null,
    given: Given,
    accepts: (made: unknown) => boolean = isObjectOrNull,
  ): Made | null {
    let made: Made | null;
    try {
      made = map(given);
    } catch (error) {
      this.blamed(new MappingFailure(name, { threw: error }, given));
      return null;
    }
    if (accepts(made)) return made;
    this.blamed(new MappingFailure(name, { gave: made }, given));
    return null;
  }

  /** The messages that something brings, as they are told. */
  receipts<Given>(
    name: MappingName,
    receive: (given: Given) => ReceivedMessage | readonly ReceivedMessage[] | null,
    given: Given,
  ): readonly Receipt[] {
    const received = this.asked(name, receive, given);
    const receipts: Receipt[] = [];
    for (const one of listOf(received)) {
      const receipt = receiptOf(one, this.shared);
      if (receipt === null) this.blamed(new MappingFailure(name, { gave: received }, given));
      else receipts.push(receipt);
    }
    return receipts;
  }
}

const isObjectOrNull = (made: unknown) => typeof made === 'object' && !(made instanceof Promise);

/** Nothing, one or several, as a list. */
export function listOf<T>(given: T | readonly T[] | null): readonly T[] {
  if (given === null) return [];
  return isList(given) ? given : [given];
}

/** `Array.isArray` does not narrow a readonly list. */
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
