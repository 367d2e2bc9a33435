/** A record that is longer has a chunk of its own. */
const chunkSize = 2 ** 18;

/** Records of bytes. They lie in chunks, so that what is there stays where it is, however much is added. */
export class Bytes {
  readonly #chunks: Uint8Array[] = [];
  /** Of the last chunk. */
  #used = chunkSize;

  /** Takes over a copy, and returns its address. */
  add(record: Uint8Array): number {
    if (this.#used + record.length > chunkSize) {
      this.#chunks.push(new Uint8Array(Math.max(chunkSize, record.length)));
      this.#used = 0;
    }
    const number = this.#chunks.length - 1;
    const address = number * chunkSize + this.#used;
    this.#chunks[number]?.set(record, this.#used);
    this.#used += record.length;
    return address;
  }

  reader(address: number): Reader {
    const chunk = this.#chunks[Math.floor(address / chunkSize)] ?? nothing;
    return new Reader(chunk, address % chunkSize);
  }
}

const nothing = new Uint8Array();

/** Eight bytes as a number, and back. */
const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);

/** Puts one record together. */
export class Writer {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  /** A whole number from 0 that is safe: a byte for each seven bits, the last one first. */
  count(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#put((rest % 128) + 128);
    this.#put(rest);
  }

  number(value: number): void {
    number[0] = value;
    for (const byte of numberBytes) this.#put(byte);
  }

  /** What has been written since the last time. To be copied before anything else is written. */
  taken(): Uint8Array {
    const record = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return record;
  }

  #put(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const more = new Uint8Array(2 * this.#length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Reads what a writer wrote, in the same order. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  count(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }

  number(): number {
    for (let at = 0; at < numberBytes.length; at++) numberBytes[at] = this.#bytes[this.#at++] ?? 0;
    return number[0] ?? 0;
  }
}
