const newline = 10;

/** Cuts bytes into lines of UTF-8 text, and holds no more than one unfinished line. */
export class Lines {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that these bytes complete. `tooLong`: the line after them is longer than allowed; nothing follows it. */
  push(chunk: Uint8Array | string): { readonly lines: readonly string[]; readonly tooLong: boolean } {
    const bytes = typeof chunk === 'string' ? this.#encoder.encode(chunk) : chunk;
    const { end, tooLong } = this.#whole(bytes);
    const lines = end === 0 ? [] : this.#decoder.decode(this.#joined(bytes.subarray(0, end - 1))).split('\n');
    if (!tooLong) this.#hold(bytes.subarray(end));
    return { lines, tooLong };
  }

  /** What is left after the last newline. */
  rest(): { readonly text: string; readonly bytes: number } {
    const bytes = this.#heldBytes;
    return { bytes, text: this.#decoder.decode(this.#joined(new Uint8Array())) };
  }

  /** How far whole lines reach, and whether the one after them is too long. */
  #whole(bytes: Uint8Array): { end: number; tooLong: boolean } {
    let from = 0;
    for (let held = this.#heldBytes; ; held = 0) {
      const at = bytes.indexOf(newline, from);
      const length = (at < 0 ? bytes.length : at) - from + held;
      if (length > this.#maxBytes) return { end: from, tooLong: true };
      if (at < 0) return { end: from, tooLong: false };
      from = at + 1;
    }
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // A copy: whoever gave the bytes may use their memory again.
    this.#held.push(new Uint8Array(bytes));
    this.#heldBytes += bytes.length;
  }

  #joined(bytes: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return bytes;
    const all = new Uint8Array(this.#heldBytes + bytes.length);
    let at = 0;
    for (const part of [...this.#held, bytes]) {
      all.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    return all;
  }
}
