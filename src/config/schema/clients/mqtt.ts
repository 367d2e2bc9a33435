import { z } from 'zod';
import type { MqttDescription } from '../../types.js';
import { address, duration, expected, flag, keys, known, mapping, oneOf } from '../parts.js';

type Own<Name extends 'topic' | 'send' | 'receive'> = NonNullable<MqttDescription[Name]>;

/** The library would take both from there, and show them in place of a session's own. */
const url = address('the broker', ['mqtt:', 'mqtts:', 'ws:', 'wss:']).refine(
  (value) => !/^[a-z]+:\/\/[^/?#]*@/i.test(value),
  { error: 'expected an address without a user name: `users` says who sessions are' },
);

export const mqtt = keys('mqtt({ … })', {
  kind: z.literal('mqtt', expected('mqtt({ … })')),
  url,
  version: z.literal([4, 5], expected('4 (MQTT 3.1.1) or 5')).optional(),
  qos: z.literal([0, 1, 2], expected('0, 1 or 2')).optional(),
  session: oneOf(['clean', 'kept']).optional(),
  noLocal: flag().optional(),
  topic: mapping<Own<'topic'>>('(room) => topic').optional(),
  send: mapping<Own<'send'>>('({ id, room, text, user }) => payload').optional(),
  receive: mapping<Own<'receive'>>('(payload, { topic, room }) => ({ text }) or null').optional(),
  keepalive: duration().optional(),
  connectTimeout: duration().optional(),
  reconnectPeriod: duration()
    .refine((ms) => ms > 0, expected('more than nothing: with 0 the library does not come back'))
    .optional(),
})
  .superRefine((options, context) => {
    for (const { at, message } of gaps(options)) context.addIssue({ code: 'custom', path: [at], message });
  })
  .transform(({ keepalive, connectTimeout, reconnectPeriod, ...rest }): MqttDescription => ({
    ...(known(rest) as typeof rest & Pick<MqttDescription, 'kind' | 'url'>),
    ...known({
      keepaliveMs: keepalive,
      connectTimeoutMs: connectTimeout,
      reconnectPeriodMs: reconnectPeriod,
    }),
  }));

function gaps({ send, receive, noLocal, version }: Partial<MqttDescription>) {
  const found: { at: string; message: string }[] = [];
  const both = 'expected a function: a payload of your own needs both `send` and `receive`';
  if (send && !receive) found.push({ at: 'receive', message: both });
  if (receive && !send) found.push({ at: 'send', message: both });
  if (noLocal && version !== 5)
    found.push({ at: 'noLocal', message: 'expected `version: 5`, which knows it' });
  return found;
}
