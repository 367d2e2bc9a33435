// Control characters, marks that change the direction of writing, invisible spaces, line separators, lone surrogates.
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A text that came from elsewhere, safe to show on a terminal or in a log: what cannot be seen is escaped (`\x1b`, `\u202e`),
 * and what is longer than `max` characters is cut and ends in `…`.
 */
export function printable(text: string, max = 80): string {
  // Cut before and after: escapes make a text longer, and a huge one should not be escaped as a whole.
  const shown = text.slice(0, max + 1).replace(unprintable, escaped);
  return shown.length > max ? `${shown.slice(0, max - 1)}…` : shown;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

const hex = (code: number, width: number) => code.toString(16).padStart(width, '0');
