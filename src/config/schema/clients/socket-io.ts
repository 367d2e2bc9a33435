import { z } from 'zod';
import { gapsInSocketIo, libraryReconnection } from '../../../observe/client/index.js';
import type { SocketIoDescription } from '../../types.js';
import {
  address,
  amount,
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
} from '../parts.js';

type Own<Name extends keyof SocketIoDescription> = NonNullable<SocketIoDescription[Name]>;

const functions = (value: unknown) =>
  typeof value === 'function' ||
  (typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((one) => typeof one === 'function'));

/** A path would be taken for a namespace by `io(url)`: here each has its own key. */
const url = address('the server', ['http:', 'https:', 'ws:', 'wss:']).refine(
  (value) => /^[a-z]+:\/\/[^/?#]*\/?$/i.test(value),
  { error: 'expected the server alone, without a path: use `namespace` and `path`' },
);

export const socketIo = keys('socketIo({ … })', {
  kind: z.literal('socket-io', expected('socketIo({ … })')),
  url,
  path: text('where Socket.IO is mounted, such as /socket.io')
    .startsWith('/', expected('a path that begins with /'))
    .optional(),
  namespace: text('a namespace such as /chat')
    .startsWith('/', expected('a namespace that begins with /'))
    .optional(),
  headers: texts('headers: { name: value }').optional(),
  transports: listOf(oneOf(['polling', 'websocket']), "'polling', 'websocket' or both")
    .min(1, expected('at least one transport'))
    .optional(),
  auth: mapping<Own<'auth'>>('(token, { user, rooms, after }) => object').optional(),
  send: mapping<Own<'send'>>('({ id, room, text, user }) => [event, …parameters]'),
  acknowledge: z
    .custom<Own<'acknowledge'>>(
      (value) => value === false || typeof value === 'function',
      expected('false, or a function (…answer) => ({ position }) or null'),
    )
    .optional(),
  receive: z.custom<Own<'receive'>>(
    functions,
    expected('{ event: (…parameters) => ({ room, text }) or null }, or one function (event, …parameters)'),
  ),
  join: mapping<Own<'join'>>('({ room, after, user }) => [event, …parameters]').optional(),
  joined: mapping<Own<'joined'>>('(…answer) => ({ head }) or null').optional(),
  resume: flag().optional(),
  recovery: flag().optional(),
  positions: flag().optional(),
  retries: z
    .custom<number>(
      (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 1),
      expected('how often: a whole number from 1, or Infinity'),
    )
    .optional(),
  ackTimeout: duration().optional(),
  unauthorized: mapping<Own<'unauthorized'>>('({ message, data }) => boolean').optional(),
  dialTimeout: duration().optional(),
  backoff: keys('{ first, max, jitter }', {
    first: duration().optional(),
    max: duration().optional(),
    jitter: amount(0, 1, 'a number from 0 to 1').optional(),
  }).optional(),
})
  .transform(({ dialTimeout, ackTimeout, backoff, ...rest }): SocketIoDescription => ({
    ...(known(rest) as typeof rest & Pick<SocketIoDescription, 'kind' | 'url' | 'send' | 'receive'>),
    ...known({ dialTimeoutMs: dialTimeout, ackTimeoutMs: ackTimeout, backoff: backoff && waits(backoff) }),
  }))
  .superRefine((options, context) => {
    for (const { at, message } of gapsInSocketIo(options))
      context.addIssue({ code: 'custom', path: [at], message });
  });

function waits({ first, max, jitter }: { [Key in 'first' | 'max' | 'jitter']?: number | undefined }) {
  return { ...libraryReconnection, ...known({ firstMs: first, maxMs: max, jitter }) };
}
