import { beginningOfJwt, findJwts } from './jwt-shape.js';
import type { Redactor } from './port.js';
import { formsOf, Secrets, shortestSecret } from './secrets.js';
import type { Span } from './secrets.js';

const redacted = '[redacted]';
/** A stream holds back no more than this: what looks like a secret and never ends is let go, cleaned as far as it came. */
const mostHeld = 64 * 1024;

/** Knows no secret yet, but removes what is shaped like a JWT from the beginning. */
export function createRedactor(): Redactor {
  const secrets = new Secrets();
  return {
    add: (secret) => {
      if (secret.length < shortestSecret) return;
      for (const part of [secret, ...signatureOf(secret)]) {
        for (const form of formsOf(part)) secrets.add(form);
      }
    },
    clean: (text) => cleaned(text, spansIn(text, secrets)),
    stream: () => new RedactedStream(secrets),
  };
}

/** Of a JWT. Who shows only the end of one (close reasons are short) shows what nobody could guess of it. */
const signatureOf = (secret: string) => /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.slice(1) ?? [];

class RedactedStream {
  readonly #secrets: Secrets;
  #held = '';

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  push(chunk: string): string {
    const text = this.#held + chunk;
    const spans = spansIn(text, this.#secrets);
    const end = text.length > mostHeld + chunk.length ? text.length : this.#settled(text, spans);
    this.#held = text.slice(end);
    return cleaned(
      text.slice(0, end),
      spans.filter((span) => span.start < end),
    );
  }

  end(): string {
    const text = this.#held;
    this.#held = '';
    return cleaned(text, spansIn(text, this.#secrets));
  }

  /** How far the text can be told for sure: what comes next cannot make a secret of it. */
  #settled(text: string, spans: readonly Span[]): number {
    const open = Math.min(this.#secrets.beginning(text), beginningOfJwt(text));
    // A secret that reaches into what is held back is held back as a whole.
    return spans.find(({ start, end }) => start < open && end > open)?.start ?? open;
  }
}

/** Where secrets lie, in order and apart from each other. */
function spansIn(text: string, secrets: Secrets): readonly Span[] {
  const known = secrets.find(text);
  const shaped = findJwts(text);
  if (known.length + shaped.length < 2) return known.length > 0 ? known : shaped;
  const apart: Span[] = [];
  for (const span of [...known, ...shaped].sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (!last || span.start >= last.end) apart.push(span);
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return apart;
}

function cleaned(text: string, spans: readonly Span[]): string {
  let clean = '';
  let at = 0;
  for (const { start, end } of spans) {
    clean += text.slice(at, start) + redacted;
    at = end;
  }
  return at === 0 ? text : clean + text.slice(at);
}
