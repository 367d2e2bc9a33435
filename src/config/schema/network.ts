import { z } from 'zod';
import { didYouMean } from '../../base/spelling.js';
import type { Fault } from '../../observe/network/index.js';
import type { NetworkDescription } from '../types.js';
import { at } from '../written.js';
import { address, amount, duration, expected, keys, known, text } from './parts.js';

const ms = () => amount(0, 3_600_000, 'a number of milliseconds');
const bytes = (least: number) => amount(least, 1e9, 'a number of bytes');

/** Toxiproxy's toxics, and what each takes. */
const attributes = {
  latency: keys('{ latency, jitter }', { latency: ms(), jitter: ms().optional() }),
  bandwidth: keys('{ rate }', { rate: amount(0.001, 1e9, 'kilobytes a second') }),
  slow_close: keys('{ delay }', { delay: ms() }),
  timeout: keys('{ timeout }', { timeout: ms().default(0) }).default({ timeout: 0 }),
  reset_peer: keys('{ timeout }', { timeout: ms().default(0) }).default({ timeout: 0 }),
  slicer: keys('{ average_size, size_variation, delay }', {
    average_size: bytes(1),
    size_variation: bytes(0).optional(),
    delay: amount(0, 1e9, 'a number of microseconds').optional(),
  }),
  limit_data: keys('{ bytes }', { bytes: bytes(0) }),
  down: keys('no attributes', {}).default({}),
  half_open: keys('no attributes', {}).default({}),
} as const;

const toxiproxy = keys("toxiproxy({ url: 'http://127.0.0.1:8474', proxy })", {
  kind: z.literal('toxiproxy'),
  url: address("Toxiproxy's HTTP interface, such as 'http://127.0.0.1:8474'", ['http:', 'https:']),
  proxy: text('the name of a proxy'),
  listen: text("where it listens: '127.0.0.1:8666'").optional(),
  upstream: text("where it leads: '127.0.0.1:{port:chat}'").optional(),
})
  .superRefine(({ listen, upstream }, context) => {
    const half = (at: string, what: string) => {
      const message = `expected ${what}: a proxy is made with \`listen\` and \`upstream\``;
      context.addIssue({ code: 'custom', path: [at], message });
    };
    if (listen === undefined && upstream !== undefined) half('listen', 'where it listens');
    if (upstream === undefined && listen !== undefined) half('upstream', 'where it leads');
  })
  .transform(({ url, proxy, listen, upstream }) => ({ url, proxy, ...known({ listen, upstream }) }));

const names = Object.keys(attributes);
const types = `a fault of the network: ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

/** `latncy`: did you mean `latency`? */
function hint(input: unknown): string {
  const told = at(input, 'type');
  return typeof told === 'string' ? didYouMean(told, names) : '';
}

function faultOf<Type extends keyof typeof attributes>(type: Type) {
  return keys(`network({ type: '${type}', … })`, {
    kind: z.literal('network'),
    type: z.literal(type),
    attributes: attributes[type],
    stream: z.enum(['upstream', 'downstream'], expected("'upstream' or 'downstream'")).default('downstream'),
    for: duration().default(3_000),
    through: toxiproxy.optional(),
  });
}

export const network = z
  .discriminatedUnion(
    'type',
    [
      faultOf('latency'),
      faultOf('bandwidth'),
      faultOf('slow_close'),
      faultOf('timeout'),
      faultOf('reset_peer'),
      faultOf('slicer'),
      faultOf('limit_data'),
      faultOf('down'),
      faultOf('half_open'),
    ],
    { error: ({ input }) => `expected ${types}.${hint(input)}` },
  )
  .refine(({ type, through }) => type !== 'half_open' || through === undefined, {
    path: ['through'],
    error: 'expected our own relay for half_open, which Toxiproxy does not have',
  })
  .transform(({ kind, type, attributes: about, stream, for: forMs, through }): NetworkDescription => ({
    ...{ kind, forMs, fault: { type, stream, attributes: known(about) } as Fault },
    ...known({ through }),
  }));
