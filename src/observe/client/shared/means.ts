import type { OutlastError } from '../../../base/errors.js';
import type { Breach } from '../validate/rules.js';
import type { MappingFailure } from './mapping.js';

/** What a client is given by the run. */
export interface ClientMeans {
  /** The run's id: the identity of another run's message is foreign. */
  readonly run: string;
  /** The digest of a text, normalised as the contract says. */
  readonly digest: (text: string) => string;
  /** Told once of each kind of frame that cannot be used: no JSON, or an acknowledgement of what nobody sent. */
  readonly note?: (text: string) => void;
  /**
   * Told once, with `MAPPING_FAILED`: a function of the options threw, or gave what cannot be used. No verdict
   * can rest on that. Without this function, `note` is told.
   */
  readonly broken?: (error: OutlastError) => void;
  /** Told of every rule that a client of one's own breaks. Without this function, the first one is `broken`. */
  readonly breached?: (breach: Breach) => void;
  /** Told what a client of one's own could tell better, and need not: a sentence. */
  readonly hinted?: (hint: string) => void;
  /** Told to a client of one's own instead of where it stopped reading in this room, so that it is sent again what it knows. */
  readonly rewound?: (room: string) => string | undefined;
}

/** What all sessions of a client share to complain with. `client` is its name, before each note. */
export interface Grievances {
  /** Told once of each kind, whichever session met it first. */
  readonly note: (kind: string, example?: string) => void;
  /** Told once, of the first failure: it ends the run. Texts go through `veil` first. */
  readonly broken: (failure: MappingFailure, veil: (text: string) => string) => void;
}

export function grievancesOf(client: string, { note, broken }: ClientMeans): Grievances {
  const told = new Set<string>();
  let isBroken = false;
  return {
    note: (kind, example = '') => {
      if (told.has(kind)) return;
      told.add(kind);
      note?.(`${client}: ${kind}${example === '' ? '' : `, ${example}`}`);
    },
    broken: (failure, veil) => {
      if (isBroken) return;
      isBroken = true;
      const error = failure.inWords(veil);
      if (broken) broken(error);
      else note?.(`${client}: ${error.message}`);
    },
  };
}
