import { z } from 'zod';
import type { TokenPlace } from '../../../observe/client/descriptions.js';
import type { WebSocketDescription } from '../../types.js';
import {
  address,
  duration,
  expected,
  flag,
  keys,
  known,
  listOf,
  mapping,
  oneOf,
  text,
  texts,
  wholeNumber,
} from '../parts.js';
import { inHeader, inQuery } from './token-places.js';
import { waits } from './waits.js';

type Mapping<Name extends 'send' | 'acknowledge' | 'receive' | 'join' | 'joined'> = NonNullable<
  WebSocketDescription[Name]
>;

const places = oneOf(['query', 'header', 'subprotocol', 'first-frame']);
const ownPlace =
  "'query', 'header', 'subprotocol', 'first-frame', or one of { query }, { header, prefix }, { subprotocol }, { firstFrame }";
/** The places of one's own, by the key that tells them apart. */
const forms: Readonly<Record<string, z.ZodType<TokenPlace>>> = {
  query: inQuery,
  header: inHeader,
  subprotocol: keys('{ subprotocol }', {
    subprotocol: mapping<(token: string) => readonly string[]>('(token) => [name, …]'),
  }),
  firstFrame: keys('{ firstFrame }', { firstFrame: mapping<(token: string) => unknown>('(token) => frame') }),
};

/** Told by its key what it is meant to be: a union could only say that it is none of all. */
const token = z.unknown().transform((value, context): TokenPlace => {
  const place = formOf(value).safeParse(value);
  if (place.success) return place.data;
  for (const { path, message } of place.error.issues)
    context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});

function formOf(value: unknown): z.ZodType<TokenPlace> {
  if (typeof value === 'string') return places;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const [form] = keys.flatMap((key) => (Object.hasOwn(forms, key) ? (forms[key] ?? []) : []));
  return form ?? z.never(expected(ownPlace));
}

export const webSocket = keys('webSocket({ … })', {
  kind: z.literal('web-socket', expected('webSocket({ … })')),
  url: address('where sessions connect', ['ws:', 'wss:']),
  token: token.optional(),
  headers: texts('headers: { name: value }').optional(),
  protocols: listOf(text('the name of a subprotocol'), 'names of subprotocols').optional(),
  send: mapping<Mapping<'send'>>('({ id, room, text, user }) => frame').optional(),
  acknowledge: mapping<Mapping<'acknowledge'>>('(frame) => ({ id }) or null').optional(),
  receive: mapping<Mapping<'receive'>>('(frame) => ({ room, text }) or null').optional(),
  join: mapping<Mapping<'join'>>('({ room, after }) => frame').optional(),
  joined: mapping<Mapping<'joined'>>('(frame) => ({ room }) or null').optional(),
  resume: flag().optional(),
  positions: flag().optional(),
  encoding: keys('encoding: { decode, encode }', {
    decode: mapping<NonNullable<WebSocketDescription['encoding']>['decode']>('(data) => frame'),
    encode: mapping<NonNullable<WebSocketDescription['encoding']>['encode']>('(frame) => text or bytes'),
  }).optional(),
  ping: keys('ping: { every, frame }', {
    every: duration().refine((ms) => ms >= 1, expected('a duration of at least 1 ms')),
    frame: mapping<NonNullable<WebSocketDescription['ping']>['frame']>('() => frame'),
  })
    .transform(({ every, frame }) => ({ everyMs: every, frame }))
    .optional(),
  pong: mapping<NonNullable<WebSocketDescription['pong']>>('(frame) => frame or null').optional(),
  maxFrameBytes: wholeNumber(1_024, 2 ** 30).optional(),
  dialTimeout: duration().optional(),
  instanceHeader: text('the name of a header').optional(),
  backoff: waits.optional(),
})
  .superRefine((options, context) => {
    for (const { at, message } of gaps(options)) context.addIssue({ code: 'custom', path: [at], message });
  })
  .transform(({ dialTimeout, ...rest }): WebSocketDescription => ({
    ...rest,
    ...known({ dialTimeoutMs: dialTimeout }),
  }));

type Mappings = Pick<WebSocketDescription, 'send' | 'acknowledge' | 'receive' | 'join' | 'joined' | 'resume'>;

/** A protocol of one's own needs at least a way to say and a way to hear. */
function gaps({ send, acknowledge, receive, join, joined, resume }: Mappings) {
  const found: { at: string; message: string }[] = [];
  const own = [send, acknowledge, receive, join, joined].some((name) => name !== undefined);
  const needs = (at: string) =>
    found.push({
      at,
      message: `expected a function: a protocol of your own needs both \`send\` and \`receive\``,
    });
  if (own && !send) needs('send');
  if (own && !receive) needs('receive');
  if (joined && !join)
    found.push({ at: 'join', message: 'expected a function: `joined` confirms what `join` asks for' });
  if (resume && own && !join) {
    found.push({ at: 'resume', message: 'expected a `join` that uses `after`: resuming is asked for there' });
  }
  return found;
}
