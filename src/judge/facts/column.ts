const blockSize = 4_096;

/** Whole numbers from 0 below 2^32. They lie in blocks: nothing is copied, and nothing there twice, when there are more. */
export class Column {
  readonly #blocks: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const at = this.#length++;
    const block = (this.#blocks[Math.floor(at / blockSize)] ??= new Uint32Array(blockSize));
    block[at % blockSize] = value;
  }

  /** 0 where there is none. */
  at(index: number): number {
    return this.#blocks[Math.floor(index / blockSize)]?.[index % blockSize] ?? 0;
  }
}
