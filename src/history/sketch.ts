/** A text as it can be compared and not read: how long it is, and a mark for each of its units. */
export interface Sketch {
  /** Unicode code points. */
  readonly units: number;
  /** Two hexadecimal digits a unit: many code points share a mark, a run of marks is as good as the text. */
  readonly sketch: string;
  /** Units that no well-formed text holds: lone surrogates, and the U+FFFD that a decoder puts for half a character. */
  readonly broken: number;
}

/** Digits of a sketch that stand for one unit. */
export const digitsOfUnit = 2;

/** 2^32 divided by the golden ratio (Knuth's multiplicative hash): neighbours among the code points get marks far apart. */
const multiplier = 2_654_435_769;
const replacement = 0xfffd;

/** The sketch of a text. That of two texts in a row is that of the one followed by that of the other. */
export function sketchOf(text: string): Sketch {
  let sketch = '';
  let units = 0;
  let broken = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    sketch += markOf(point);
    units += 1;
    if (point === replacement || isSurrogate(point)) broken += 1;
  }
  return { units, sketch, broken };
}

const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;

const markOf = (point: number) =>
  (Math.imul(point, multiplier) >>> 24).toString(16).padStart(digitsOfUnit, '0');
