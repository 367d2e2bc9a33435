import { hash } from 'node:crypto';
import type { Contract } from '../../contract/data.js';

/**
 * The digest of a text, 16 hexadecimal characters: the beginning of the SHA-256 of its UTF-8. Texts that differ only as the
 * contract lets the target change them have the same digest.
 */
export function digestOf(text: string, as: Contract['text']): string {
  return hash('sha256', normalised(text, as)).slice(0, 16);
}

function normalised(text: string, as: Contract['text']): string {
  switch (as) {
    case 'exact':
      return text;
    case 'trimmed':
      return text.trim();
    case 'escaped':
      return unescaped(text);
  }
}

// A text may be escaped once or several times on its way, and what was sent may itself look escaped.
const ampersands = /&(?:(?:amp|#0*38|#[xX]0*26);)+/g;
const entities = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|quot|apos|nbsp));/g;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** The same for a text and for any way of writing it with HTML entities. */
function unescaped(text: string): string {
  return text
    .replace(ampersands, '&')
    .replace(entities, (entity, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? entity;
      const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    });
}
