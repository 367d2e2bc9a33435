import { messageOf, OutlastError } from '../../base/errors.js';
import { printable } from '../../base/printable.js';
import type { AnswersOptions } from './options.js';

/** A function of the config, by its key in `answers`. */
export type MappingName = Extract<
  keyof AnswersOptions,
  'body' | 'id' | 'stream' | 'frame' | 'stored' | 'text' | 'state' | 'whole' | 'cancel'
>;

const gives: Readonly<Record<MappingName, string>> = {
  body: 'something that can be written as JSON',
  id: 'the id of the answer',
  stream: 'an address',
  frame: '{ text }, { end: true }, { failed } or null',
  stored: 'an address',
  text: 'a text',
  state: "'running', 'done', 'cancelled', 'failed' or nothing",
  whole: 'true or false',
  cancel: 'an address, or { url, method }',
};

export interface MappingMeans {
  /** Told once: a function of the config failed, and no verdict can rest on that. */
  readonly broken: (error: OutlastError) => void;
  readonly clean: (text: string) => string;
}

/** Calls the functions of a config. What they throw, and what they give that cannot be used, is the config's fault and not the target's. */
export class Mappings {
  constructor(private readonly means: MappingMeans) {}

  /** Throws `MAPPING_FAILED`, which the run is told as well. */
  use<Made, Usable extends Made>(
    name: MappingName,
    make: () => Made,
    isUsable: (made: Made) => made is Usable,
  ): Usable {
    let made: Made;
    try {
      made = make();
    } catch (error) {
      throw this.#failed(name, `it threw ${messageOf(error)}`);
    }
    if (!isUsable(made)) throw this.#failed(name, `it returned ${typeof made}`);
    return made;
  }

  #failed(name: MappingName, did: string): OutlastError {
    const shown = printable(this.means.clean(did), 200);
    const error = new OutlastError(
      'MAPPING_FAILED',
      `expected \`${name}\` of answers({ … }) to return ${gives[name]}; ${shown}`,
    );
    this.means.broken(error);
    return error;
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
