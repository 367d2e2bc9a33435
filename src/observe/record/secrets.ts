/** A part of a text, from `start` up to but without `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Shorter texts are not secrets: they would be found everywhere. */
export const shortestSecret = 6;

/**
 * Finds any of many texts in one pass. A bitmap of three-letter beginnings lets all but a few positions pass at the price of
 * one look, however many texts there are.
 */
export class Secrets {
  readonly #bitmap = new Uint8Array(0x10000);
  readonly #byStart = new Map<string, string[]>();
  readonly #all = new Set<string>();
  #longest = 0;

  add(form: string): void {
    if (form.length < shortestSecret || this.#all.has(form)) return;
    this.#all.add(form);
    this.#longest = Math.max(this.#longest, form.length);
    this.#bitmap[slot(form, 0)] = 1;
    const start = form.slice(0, shortestSecret);
    const forms = this.#byStart.get(start) ?? [];
    // The longest first, so that it wins over a secret that it begins with.
    const shorter = forms.findIndex((other) => other.length < form.length);
    forms.splice(shorter < 0 ? forms.length : shorter, 0, form);
    this.#byStart.set(start, forms);
  }

  /** Where secrets lie in a text, in order of their starts. They may overlap. */
  find(text: string): readonly Span[] {
    const spans: Span[] = [];
    for (let start = 0; start <= text.length - shortestSecret; start++) {
      if (this.#bitmap[slot(text, start)] === 0) continue;
      const forms = this.#byStart.get(text.slice(start, start + shortestSecret));
      const found = forms?.find((form) => text.startsWith(form, start));
      if (found !== undefined) spans.push({ start, end: start + found.length });
    }
    return spans;
  }

  /** Where a secret may begin of which the text holds only the beginning; the text's length when nowhere. */
  beginning(text: string): number {
    for (let start = Math.max(0, text.length - this.#longest + 1); start < text.length; start++) {
      if (this.#mayBegin(text, start)) return start;
    }
    return text.length;
  }

  #mayBegin(text: string, start: number): boolean {
    const tail = text.length - start;
    if (tail >= 3 && this.#bitmap[slot(text, start)] === 0) return false;
    if (tail >= shortestSecret) {
      const forms = this.#byStart.get(text.slice(start, start + shortestSecret)) ?? [];
      return forms.some((form) => form.length > tail && form.startsWith(text.slice(start)));
    }
    const rest = text.slice(start);
    for (const beginning of this.#byStart.keys()) if (beginning.startsWith(rest)) return true;
    return false;
  }
}

/** The bitmap's place for the three characters from here. */
const slot = (text: string, at: number) =>
  (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff;

/** The ways in which a secret may be written: as it is, and as URLs, forms, JSON and base64 have it. */
export function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...percentEncoded(secret).flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, lowerCase)]),
    json,
    json.replaceAll('/', '\\/'),
    ...[0, 1, 2].flatMap((offset) => base64Of(secret, offset)),
  ];
}

/** Encoders agree on letters and digits only: as browsers do it, as RFC 3986 asks for, and as forms are sent. */
function percentEncoded(secret: string): string[] {
  // A lone surrogate has no percent-encoding and would throw.
  const plain = encodeURIComponent(Buffer.from(secret).toString());
  const strict = plain.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [plain, strict, new URLSearchParams({ secret }).toString().slice('secret='.length)];
}

const lowerCase = (text: string) => text.toLowerCase();

/**
 * What base64 makes of the secret when `offset` bytes stand before it, as in `Basic base64(user:password)`: the letters
 * that do not depend on its neighbours, in both alphabets.
 */
function base64Of(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const whole = Math.floor((bytes.length * 8) / 6);
  const steady = bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
  return [steady, steady.replaceAll('+', '-').replaceAll('/', '_')];
}
