import type { Event, Header, Kind } from './events.js';
import { runKinds, sessionKinds } from './fields.js';
import { headerShape } from './header.js';
import { countFields, isPlain } from './plain.js';
import { countFrom, faultOfField, isObject, name, number, optional } from './shape.js';
import type { Fault, Shape, Wording } from './shape.js';

/** All fields of one kind of event, the common ones included. */
export interface KindShape {
  readonly kind: Kind;
  readonly says: string;
  readonly fields: readonly (readonly [string, Shape<unknown>])[];
}

const everyEvent: KindShape['fields'] = [
  ['t', number],
  ['kind', name],
];
const everySessionEvent: KindShape['fields'] = [
  ...everyEvent,
  ['session', name],
  ['conn', optional(countFrom(1))],
];

/** Every kind of event of this version, by name. */
export const kindShapes: ReadonlyMap<string, KindShape> = new Map(
  [...shapesOf(sessionKinds, everySessionEvent), ...shapesOf(runKinds, everyEvent)].map((shape) => [
    shape.kind,
    shape,
  ]),
);

/** The fields of each kind whose words may not be ours. */
export const wordings: ReadonlyMap<Kind, readonly (readonly [string, Wording])[]> = new Map(
  [...kindShapes.values()].map(({ kind, fields }) => [
    kind,
    fields.flatMap(([field, { wording }]) => (wording ? [[field, wording] as const] : [])),
  ]),
);

/** What became of a value that should be an event. `unknownKind`: an event that this version does not know. */
export type Inspected =
  { readonly event: Event } | { readonly fault: Fault } | { readonly unknownKind: string };

/**
 * Looks whether a value is an event. Fields that its kind does not have are left out of the result: a newer writer's
 * additions, and whatever else may hide there.
 */
export function inspectEvent(value: unknown): Inspected {
  if (!isObject(value)) return { fault: { path: '', expected: 'an event, which is an object', came: value } };
  if (isPlain(value)) return { event: value as unknown as Event };
  const kind = value['kind'];
  if (typeof kind !== 'string') return { fault: { path: 'kind', expected: 'a text', came: kind } };
  const shape = kindShapes.get(kind);
  if (!shape) return { unknownKind: kind };
  let known = 0;
  for (const [field, fieldShape] of shape.fields) {
    const fault = faultOfField(value, field, fieldShape, '');
    if (fault) return { fault };
    if (field in value) known++;
  }
  const event: unknown = countFields(value) === known ? value : onlyKnown(value, shape);
  return { event: event as Event };
}

/** Looks whether a value is a header of this version. */
export function inspectHeader(value: unknown): { readonly header: Header } | { readonly fault: Fault } {
  const fault = headerShape.fault(value, '');
  return fault ? { fault } : { header: value as Header };
}

function shapesOf(
  table: Readonly<Record<string, { says: string; fields: Readonly<Record<string, Shape<unknown>>> }>>,
  common: KindShape['fields'],
): KindShape[] {
  return Object.entries(table).map(([kind, { says, fields }]) => ({
    kind: kind as Kind,
    says,
    fields: [...common, ...Object.entries(fields)],
  }));
}

function onlyKnown(value: Readonly<Record<string, unknown>>, shape: KindShape): object {
  return Object.fromEntries(
    shape.fields.flatMap(([field]) => (field in value ? [[field, value[field]]] : [])),
  );
}
