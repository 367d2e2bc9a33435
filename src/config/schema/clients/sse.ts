import { z } from 'zod';
import type { SseOptions } from '../../../observe/client/descriptions.js';
import type { SseDescription } from '../../types.js';
import { duration, expected, flag, keys, known, mapping, text, texts, wholeNumber } from '../parts.js';
import { seatAddress, sending } from './http.js';
import { waits } from './waits.js';

const lastEventId = z.union(
  [
    keys('{ header }', { header: text('the name of a header') }),
    keys('{ query }', { query: text('the name of a parameter') }),
  ],
  expected('{ header } or { query }'),
);

export const sse = keys('sse({ … })', {
  kind: z.literal('sse', expected('sse({ … })')),
  url: seatAddress('where sessions listen'),
  headers: texts('headers: { name: value }').optional(),
  ...sending,
  receive: mapping<SseOptions['receive']>('({ event, id, data }) => ({ room, text }) or null'),
  joined: mapping<NonNullable<SseOptions['joined']>>(
    '({ event, data, rooms }) => ({ room }) or null',
  ).optional(),
  resume: flag().optional(),
  lastEventId: lastEventId.optional(),
  positions: flag().optional(),
  maxEventBytes: wholeNumber(1_024, 2 ** 30).optional(),
  idleTimeout: duration().optional(),
  dialTimeout: duration().optional(),
  instanceHeader: text('the name of a header').optional(),
  backoff: waits.optional(),
}).transform(({ idleTimeout, dialTimeout, ...rest }): SseDescription => ({
  ...known(rest),
  ...{ kind: 'sse', url: rest.url, send: rest.send, receive: rest.receive },
  ...known({ idleTimeoutMs: idleTimeout, dialTimeoutMs: dialTimeout }),
}));
