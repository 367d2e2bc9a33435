import { z } from 'zod';
import type { PollOptions } from '../../../observe/client/descriptions.js';
import type { PollDescription } from '../../types.js';
import { duration, expected, flag, keys, known, mapping, text, texts, wholeNumber } from '../parts.js';
import { seatAddress, sending } from './http.js';
import { waits } from './waits.js';

type Mapping<Name extends 'receive' | 'next' | 'more'> = NonNullable<PollOptions[Name]>;

const longPoll = keys('longPoll: { query, value, atMost }', {
  query: text('the name of a parameter'),
  value: z.union([z.string(), z.number()], expected('a text or a number')),
  atMost: duration(),
}).transform(({ atMost, ...rest }): NonNullable<PollOptions['longPoll']> => ({ ...rest, atMostMs: atMost }));

export const poll = keys('poll({ … })', {
  kind: z.literal('poll', expected('poll({ … })')),
  url: seatAddress('where sessions ask for what is new'),
  headers: texts('headers: { name: value }').optional(),
  ...sending,
  receive: mapping<Mapping<'receive'>>('({ body, room }) => list of { room, text }'),
  next: mapping<Mapping<'next'>>('({ body }) => cursor or null').optional(),
  more: mapping<Mapping<'more'>>('({ body }) => true or false').optional(),
  after: text('the name of a parameter').optional(),
  interval: duration().optional(),
  longPoll: longPoll.optional(),
  positions: flag().optional(),
  answerWithin: duration().optional(),
  maxAnswerBytes: wholeNumber(1_024, 2 ** 30).optional(),
  backoff: waits.optional(),
}).transform(({ interval, answerWithin, ...rest }): PollDescription => ({
  ...known(rest),
  ...{ kind: 'poll', url: rest.url, send: rest.send, receive: rest.receive },
  ...known({ intervalMs: interval, answerWithinMs: answerWithin }),
}));
