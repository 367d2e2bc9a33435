import fc from 'fast-check';
import { exactlyOnce } from '../../src/contract/contracts.js';
import type { Event, Header } from '../../src/history/index.js';
import { historySchema } from '../../src/history/index.js';

export const header: Header = {
  outlast: 1,
  run: 'abcd1234',
  seed: 'seed',
  epoch: '2025-01-01T00:00:00.000Z',
  writer: 'outlast/0.1.0',
  contract: exactlyOnce(),
  plan: {
    tests: ['session', 'continuity'],
    without: { log: 'no log is configured' },
    sessions: [{ session: '0', role: 'chatter', rooms: ['lobby'] }],
    disruptions: [{ type: 'restart', services: ['backend'], holdsConnections: true }],
    client: { name: 'websocket', reconnects: 'itself', offlineSend: 'refused' },
    messagesPerSecond: 100,
    quietMs: 2_000,
  },
};

export const ack: Event = {
  t: 12.5,
  session: '0',
  conn: 1,
  kind: 'ack',
  message: 'abcd1234.0.1',
  position: '7',
};
export const end: Event = { t: 99, kind: 'end', how: 'completed' };

interface Schema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Values that a schema of `schema/history.json` allows: every kind of event, with and without what is optional. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'string':
      return fc.string({ unit: 'binary' });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1e9, max: Math.min(schema.maximum ?? 1e9, 1e9) });
    case 'number':
      return fc
        .double({ noNaN: true, noDefaultInfinity: true, min: schema.minimum ?? -1e12 })
        .map((value) => value + 0 || 0);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 3 });
    default:
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, of]) => [key, valuesOf(of)])),
        { requiredKeys: [...(schema.required ?? [])] },
      );
  }
}

export const definitions = historySchema()['$defs'] as Readonly<Record<string, Schema>>;

/** Any event of any kind. */
export const anyEvent = fc.oneof(
  ...Object.entries(definitions)
    .filter(([name]) => name !== 'header' && name !== 'event')
    .map(([, schema]) => valuesOf(schema)),
) as fc.Arbitrary<Event>;

export async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
