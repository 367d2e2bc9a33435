/** A seeded source of numbers in [0, 1). `fork` gives an independent one by name: who draws first does not matter. */
export interface Random {
  (): number;
  fork(name: string): Random;
  /** A whole number in [0, below). */
  below(limit: number): number;
}

/** The same seed gives the same numbers on every machine (sfc32, seeded by hashing the text). */
export function seeded(seed: string): Random {
  // Most sources are only forked, or never asked: the state is made at the first draw.
  let draw: (() => number) | undefined;
  const next = () => (draw ??= sfc32(seed))();
  return Object.assign(next, {
    fork: (name: string) => seeded(`${seed}/${name}`),
    below: (limit: number) => Math.floor(next() * limit),
  });
}

/** A seed or an id that was never used before: eight lower-case letters and digits. */
export function freshId(): string {
  return Array.from({ length: 8 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
}

/** A 32-bit hash of a text (FNV-1a with a final mix): for seeds and checksums, not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function sfc32(seed: string): () => number {
  const state = new Uint32Array([0, 1, 2, 3].map((part) => hash32(`${part}:${seed}`)));
  const next = () => {
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state.set([b ^ (b >>> 9), (c + (c << 3)) >>> 0, (((c << 21) | (c >>> 11)) + sum) >>> 0, counter + 1]);
    return sum / 0x100000000;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return next;
}
