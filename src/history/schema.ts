import { headerShape } from './header.js';
import { kindShapes } from './inspect.js';
import type { KindShape } from './inspect.js';
import { objectSchema } from './shape.js';
import type { JsonSchema } from './shape.js';

/**
 * The JSON Schema of one line of a history: `schema/history.json`. It says what a writer may write; a reader is more
 * lenient, and passes over fields and kinds of events that it does not know.
 */
export function historySchema(): JsonSchema {
  const kinds = [...kindShapes.values()];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'One line of an Outlast history',
    description:
      'A history is NDJSON in UTF-8: a header line, then an event a line, none over 1 MiB. Times (t, due) are milliseconds since the epoch of the header, on one monotonic clock.',
    anyOf: [{ $ref: '#/$defs/header' }, { $ref: '#/$defs/event' }],
    $defs: {
      header: headerShape.schema,
      event: { anyOf: kinds.map(({ kind }) => ({ $ref: `#/$defs/${kind}` })) },
      ...Object.fromEntries(kinds.map((shape) => [shape.kind, eventSchema(shape)])),
    },
  };
}

function eventSchema({ kind, says, fields }: KindShape): JsonSchema {
  const { properties, ...rest } = objectSchema(fields);
  return { description: says, ...rest, properties: { ...asObject(properties), kind: { const: kind } } };
}

const asObject = (value: unknown) => (typeof value === 'object' && value !== null ? value : {});
