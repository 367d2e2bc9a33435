import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/observe/record/index.js';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = `${base64url({ alg: 'ES256', kid: 'k1' })}.${base64url({ sub: 'u1' })}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;

function knowing(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const secretsOf = (unit: fc.Arbitrary<string>) => fc.string({ unit, minLength: 6, maxLength: 40 });
const anySecret = fc.oneof(
  secretsOf(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789+/=-_.')),
  secretsOf(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  // Few letters: secrets that overlap themselves and each other.
  secretsOf(fc.constantFrom('a', 'b')),
);
/** As anything in the way may write it. */
const writings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replace(/%../g, (hexadecimal) => hexadecimal.toLowerCase()),
  (secret) => new URLSearchParams([['a', secret]]).toString().slice(2),
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => Buffer.from(secret).toString('base64').replaceAll('=', ''),
  (secret) => Buffer.from(secret).toString('base64url'),
];

describe('a redactor', () => {
  it('removes a secret wherever it stands, and nothing else', () => {
    const redactor = knowing('hunter22');
    expect(redactor.clean('the password hunter22 is wrong, hunter22!')).toBe(
      'the password [redacted] is wrong, [redacted]!',
    );
    expect(redactor.clean('hunter2 is not it')).toBe('hunter2 is not it');
    expect(redactor.clean('')).toBe('');
  });

  it('leaves no secret in a text, and keeps what stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(anySecret, { minLength: 1, maxLength: 8 }),
        fc.array(fc.oneof(fc.nat({ max: 7 }), fc.string({ unit: 'grapheme' })), { maxLength: 8 }),
        (secrets, parts) => {
          const redactor = knowing(...secrets);
          const text = parts
            .map((part) => (typeof part === 'string' ? part : secrets[part % secrets.length]))
            .join('|');
          const clean = redactor.clean(text);
          for (const secret of secrets) expect(clean.includes(secret)).toBe('[redacted]'.includes(secret));
          if (!secrets.some((secret) => text.includes(secret)) && !clean.includes('[redacted]')) {
            expect(clean).toBe(text);
          }
        },
      ),
    );
  });

  it('finds a secret percent-encoded, in a form, in JSON, and in base64 of both alphabets', () => {
    for (const secret of [
      'päss wörd/+"\\?&=',
      '密码密码密码',
      'a~b!c*d(e)f',
      'line\nbreak\ttab',
      'x'.repeat(500),
    ]) {
      const redactor = knowing(secret);
      for (const write of writings) {
        const clean = redactor.clean(`before ${write(secret)} after`);
        // The last letters of base64 hold some bits of what follows, and may stay.
        expect(clean).toMatch(/^before \[redacted\].{0,3} after$/);
      }
      expect(redactor.clean(JSON.stringify({ secret }).replaceAll('/', '\\/'))).toBe(
        '{"secret":"[redacted]"}',
      );
    }
  });

  it('finds a password inside the base64 of `user:password`, wherever it begins', () => {
    const redactor = knowing('correct horse battery');
    for (const user of ['u', 'us', 'use', 'user']) {
      const header = Buffer.from(`${user}:correct horse battery`).toString('base64');
      const clean = redactor.clean(`Basic ${header}`);
      expect(clean).toContain('[redacted]');
      expect(Buffer.from(clean.slice(6).split('[')[0] ?? '', 'base64').toString()).not.toContain('co');
    }
  });

  it('does not take short texts for secrets, nor fail over strange ones', () => {
    const redactor = knowing('', 'short', '\ud800\ud800\ud800\ud800\ud800\ud800');
    expect(redactor.clean('a short text')).toBe('a short text');
  });

  it('prefers the longest of secrets that begin alike, in any order', () => {
    for (const secrets of [
      ['secret', 'secret-and-more'],
      ['secret-and-more', 'secret'],
    ]) {
      expect(knowing(...secrets).clean('<secret-and-more> <secret>')).toBe('<[redacted]> <[redacted]>');
    }
  });

  it('removes what is shaped like a JWT though it never saw it', () => {
    const redactor = createRedactor();
    expect(redactor.clean(`Bearer ${jwt}, and again`)).toBe('Bearer [redacted], and again');
    expect(redactor.clean(`?token=${jwt}&x=1`)).toBe('?token=[redacted]&x=1');
    expect(redactor.clean(jwt.slice(0, -3))).toBe('[redacted]');
    // Unsigned: the third part is empty.
    expect(redactor.clean(`${base64url({ alg: 'none' })}.${base64url({ sub: 'u1' })}.`)).toBe('[redacted]');
    for (const plain of ['eyJ', 'hey.you', 'eyJ.a.b', 'they said eyJust', 'eyJabcdefghijkl']) {
      expect(redactor.clean(plain)).toBe(plain);
    }
  });

  it('removes the signature of a JWT that it knows, also where the rest of it is cut off', () => {
    const end = jwt.slice(-40);
    expect(knowing(jwt).clean(`bad signature: ${end}`)).toBe(
      `bad signature: ${end.slice(0, end.indexOf('.') + 1)}[redacted]`,
    );
    // Not every secret with two points in it is one.
    expect(knowing('one.two.three').clean('three')).toBe('three');
  });

  it('is quick with texts made to slow it down', () => {
    const redactor = knowing('eyJ eyJ eyJ eyJ', jwt);
    const begin = performance.now();
    for (const nasty of ['eyJ', 'eyJ ', 'eyJ.', 'eyJhbGci', 'eyJ eyJ eyJ eyK']) {
      redactor.clean(nasty.repeat(1_000_000 / nasty.length));
    }
    // Quadratic would be minutes.
    expect(performance.now() - begin).toBeLessThan(25_000);
  });
});

describe('a redacted stream', () => {
  const streamed = (redactor: ReturnType<typeof createRedactor>, text: string, sizes: readonly number[]) => {
    const stream = redactor.stream();
    let out = '';
    for (let at = 0, turn = 0; at < text.length; turn++) {
      const size = (sizes[turn % sizes.length] ?? 0) + 1;
      out += stream.push(text.slice(at, at + size));
      at += size;
    }
    return out + stream.end();
  };

  it('says the same as the whole text would, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anySecret, { minLength: 1, maxLength: 5 }),
        fc.array(
          fc.oneof(
            fc.nat({ max: 4 }),
            fc.constant(jwt),
            fc.constantFrom('e', 'ey', 'eyJ', 'a', ' '),
            fc.string(),
          ),
          {
            maxLength: 10,
          },
        ),
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 10 }),
        (secrets, parts, sizes) => {
          const redactor = knowing(...secrets);
          const text = parts
            .map((part) => (typeof part === 'string' ? part : (secrets[part % secrets.length] ?? '')))
            .join('');
          expect(streamed(redactor, text, sizes)).toBe(redactor.clean(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('tells at once what cannot become a secret', () => {
    const stream = knowing('hunter22').stream();
    expect(stream.push('listening on port 8000\n')).toBe('listening on port 8000\n');
    expect(stream.push('user hunt')).toBe('user ');
    expect(stream.push('ing\n')).toBe('hunting\n');
    expect(stream.end()).toBe('');
  });

  it('never holds back more than a bounded part of what never ends', () => {
    const stream = createRedactor().stream();
    let told = 0;
    for (let chunk = 0; chunk < 300; chunk++) told += stream.push('eyJ'.repeat(400)).length;
    expect(told).toBeGreaterThan(200 * 1_200);
    expect(told + stream.end().length).toBe(300 * 1_200);
  });
});
