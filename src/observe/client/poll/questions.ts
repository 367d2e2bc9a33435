import { addressOf, type Destination, destinationOf } from '../http/address.js';
import type { Strand } from '../http/strands.js';
import type { Attempt } from '../port.js';
import type { PollOptions } from './options.js';

/** A question with a gap where its cursor goes. */
interface Form {
  readonly isHeld: boolean;
  readonly destination: Destination;
  readonly before: string;
  readonly after: string;
}

/** Stands for the cursor where there is none yet. */
const gap = 'c0u1r2s3o4r5';
/** Cursors that stand in an address as they are. */
const plain = /^[\w\-.*]+$/;

/** Where the questions of one strand go. They differ in their cursor alone: the address is not read again for each. */
export class Questions {
  #form: Form | null = null;

  constructor(
    private readonly attempt: Pick<Attempt, 'seat' | 'credentials'>,
    private readonly options: PollOptions,
    private readonly strand: Strand,
  ) {}

  /** Throws where no request can be made of the address. */
  destination(cursor: string | undefined, isHeld: boolean): Destination {
    if (cursor === undefined || !plain.test(cursor)) return this.#read(cursor, isHeld);
    if (this.#form?.isHeld !== isHeld) this.#form = this.#formOf(isHeld);
    const { destination, before, after } = this.#form;
    return { ...destination, path: before + cursor + after };
  }

  #formOf(isHeld: boolean): Form {
    const destination = this.#read(gap, isHeld);
    const [before = '', after = ''] = destination.path.split(gap);
    return { isHeld, destination, before, after };
  }

  #read(cursor: string | undefined, isHeld: boolean): Destination {
    const { headers = {}, token = 'header', after = 'after', longPoll } = this.options;
    const address = addressOf(this.attempt, { headers, token }, this.strand.address);
    if (cursor !== undefined) address.url.searchParams.set(after, cursor);
    if (isHeld && longPoll) address.url.searchParams.set(longPoll.query, String(longPoll.value));
    return destinationOf(address);
  }
}
