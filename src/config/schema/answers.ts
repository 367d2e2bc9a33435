import { z } from 'zod';
import type { AnswersDescription } from '../types.js';
import { duration, expected, keys, known, mapping, oneOf, text, wholeNumber } from './parts.js';
import { token, url } from './readings.js';

type Mapped<Name extends keyof AnswersDescription> = NonNullable<AnswersDescription[Name]>;

const places = "'last-event-id', 'url' or { query, counts }";
const cursor = z.union(
  [
    z.enum(['last-event-id', 'url']),
    keys('{ query, counts }', {
      query: text('the name of a parameter'),
      counts: oneOf(['code-points', 'code-units', 'bytes']).optional(),
    }),
  ],
  expected(places),
);

const notCancelled = z.literal(false);
const cancel = z.union(
  [notCancelled, mapping<Exclude<Mapped<'cancel'>, false>>('(id) => address')],
  expected('a function (id) => address, or false'),
);

/** How answers that come in parts are asked for, read, resumed and cancelled. */
export const answers = keys('answers({ … })', {
  kind: z.literal('answers', expected('answers({ … })')),
  url,
  token,
  body: mapping<Mapped<'body'>>('({ id, text }) => body').optional(),
  id: mapping<Mapped<'id'>>('(body, question) => id').optional(),
  stream: mapping<Mapped<'stream'>>('({ id, cursor }) => address').optional(),
  cursor: cursor.optional(),
  frame: mapping<Mapped<'frame'>>(
    '({ event, id, data, json }) => { text }, { end }, { failed } or null',
  ).optional(),
  stored: mapping<Mapped<'stored'>>('(id) => address').optional(),
  text: mapping<Mapped<'text'>>('(body) => text').optional(),
  state: mapping<Mapped<'state'>>('(body) => state').optional(),
  whole: mapping<Mapped<'whole'>>('(text, question) => true or false').optional(),
  cancel: cancel.optional(),
  questions: keys('questions: { long, short }', {
    long: text('a question').optional(),
    short: text('a question').optional(),
  })
    .transform((found) => known(found))
    .optional(),
  count: wholeNumber(1, 1_000).optional(),
  silence: duration().optional(),
}).transform(({ silence, ...rest }): AnswersDescription => ({
  ...known(rest),
  kind: 'answers',
  url: rest.url,
  ...known({ silenceMs: silence }),
}));
