/** A piece of JSON Schema (draft 2020-12). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What does not fit: where, what was expected in words, and what came. */
export interface Fault {
  readonly path: string;
  readonly expected: string;
  readonly came: unknown;
}

/**
 * Who worded a text. `target`: it may hold anything, secrets too. `room`: a room's name is ours where the plan names it, and
 * the target's otherwise. Absent: ours.
 */
export type Wording = 'target' | 'room';

/** How one value looks: the check at run time and the JSON Schema come from the same description. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  readonly optional: boolean;
  readonly wording?: Wording;
  fault(value: unknown, path: string): Fault | null;
  /** Never set: ties the shape to its type, so that a table of shapes is checked against the types that it describes. */
  readonly describes?: T;
}

export interface Needed<T> extends Shape<T> {
  readonly optional: false;
}
export interface Optional<T> extends Shape<T> {
  readonly optional: true;
}

/** A shape for each field of T; a field that may be absent needs an optional one. */
export type Fields<T> = {
  readonly [F in keyof T]-?: undefined extends T[F] ? Optional<Exclude<T[F], undefined>> : Needed<T[F]>;
};

/** A text that this program words itself: names, labels, digests. */
export const name: Needed<string> = simple(
  'a text',
  { type: 'string' },
  (value) => typeof value === 'string',
);
/** A text that may hold what the target said. */
export const said: Needed<string> = { ...name, wording: 'target' };
/** The name of a room. */
export const roomName: Needed<string> = { ...name, wording: 'room' };

export const flag: Needed<boolean> = simple(
  'true or false',
  { type: 'boolean' },
  (value) => typeof value === 'boolean',
);
/** Any number but NaN and the infinities: a time, in ms. */
export const number: Needed<number> = simple('a finite number', { type: 'number' }, Number.isFinite);
export const duration: Needed<number> = simple(
  'a number from 0 (milliseconds)',
  { type: 'number', minimum: 0 },
  (value) => Number.isFinite(value) && Number(value) >= 0,
);
/** Any whole number: an exit code. */
export const whole: Needed<number> = simple(
  'a whole number',
  { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  Number.isSafeInteger,
);
/** Counts, which begin at `first`. */
export const countFrom = (first: 0 | 1): Needed<number> =>
  simple(
    `a whole number from ${first}`,
    { type: 'integer', minimum: first, maximum: Number.MAX_SAFE_INTEGER },
    (value) => Number.isSafeInteger(value) && Number(value) >= first,
  );

/** Exactly this value. */
export const exactly = <const T extends string | number | boolean>(value: T): Needed<T> =>
  simple(JSON.stringify(value), { const: value }, (came) => came === value);

export function oneOf<const T extends string>(...values: readonly T[]): Needed<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return simple(`one of ${values.join(', ')}`, { enum: values }, (value) => known.has(value));
}

export function optional<T>(shape: Needed<T>): Optional<T> {
  return { ...shape, optional: true };
}

export function orNull<T>(shape: Needed<T>): Needed<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: 'null' }] },
    optional: false,
    ...(shape.wording && { wording: shape.wording }),
    fault: (value, path) => {
      const fault = value === null ? null : shape.fault(value, path);
      return fault?.path === path ? { ...fault, expected: `${fault.expected}, or null` } : fault;
    },
  };
}

export function listOf<T>(shape: Needed<T>): Needed<readonly T[]> {
  return {
    schema: { type: 'array', items: shape.schema },
    optional: false,
    ...(shape.wording && { wording: shape.wording }),
    fault: (value, path) => {
      if (!Array.isArray(value)) return { path, expected: 'a list', came: value };
      return firstOf(value, (item, index) => shape.fault(item, `${path}[${index}]`));
    },
  };
}

/** An object with these fields. Others are let through, so that an older reader can read what a newer writer adds. */
export function object<T extends object>(fields: Fields<T>): Needed<T> {
  const entries = Object.entries<Shape<unknown>>(fields);
  return {
    schema: objectSchema(entries),
    optional: false,
    fault: (value, path) => {
      if (!isObject(value)) return { path, expected: 'an object', came: value };
      return firstOf(entries, ([field, shape]) => faultOfField(value, field, shape, path));
    },
  };
}

/** Fields named by some of `keys`, all of one shape. */
export function someOf<K extends string, T>(
  keys: readonly K[],
  shape: Needed<T>,
): Needed<Partial<Record<K, T>>> {
  const entries = keys.map((key): [string, Shape<unknown>] => [key, optional(shape)]);
  return {
    schema: objectSchema(entries),
    optional: false,
    fault: (value, path) => {
      if (!isObject(value)) return { path, expected: 'an object', came: value };
      return firstOf(entries, ([field, entry]) => faultOfField(value, field, entry, path));
    },
  };
}

export function faultOfField(
  value: Readonly<Record<string, unknown>>,
  field: string,
  shape: Shape<unknown>,
  path: string,
): Fault | null {
  const came = value[field];
  if (came === undefined && shape.optional) return null;
  return shape.fault(came, path === '' ? field : `${path}.${field}`);
}

/** Writers are held to the fields that this version knows: a misspelt optional field would otherwise go unnoticed. */
export function objectSchema(entries: readonly (readonly [string, Shape<unknown>])[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([field, shape]) => [field, shape.schema])),
    required: entries.filter(([, shape]) => !shape.optional).map(([field]) => field),
    additionalProperties: false,
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function simple<T>(expected: string, schema: JsonSchema, accepts: (value: unknown) => boolean): Needed<T> {
  return {
    schema,
    optional: false,
    fault: (came, path) => (accepts(came) ? null : { path, expected, came }),
  };
}

function firstOf<T>(items: readonly T[], look: (item: T, index: number) => Fault | null): Fault | null {
  for (const [index, item] of items.entries()) {
    const fault = look(item, index);
    if (fault) return fault;
  }
  return null;
}
