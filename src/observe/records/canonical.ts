/** A value of JSON as one text that does not depend on the order of keys: two texts are equal when the values are. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? sorted(inner) : inner)) ?? 'null';
}

/** The fields of an object by name; none of anything else. */
export function fieldsOf(value: unknown): readonly { readonly name: string; readonly canonical: string }[] {
  if (!isPlain(value)) return [];
  return Object.entries(sorted(value)).map(([name, inner]) => ({ name, canonical: canonical(inner) }));
}

export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** By UTF-16 units, whatever the locale (as in RFC 8785). `Object.fromEntries` keeps a key `__proto__` as a key. */
function sorted(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
