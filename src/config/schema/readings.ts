import { z } from 'zod';
import type { DoorDescription, PagesDescription, RecordDescription, WhoAmIDescription } from '../types.js';
import type { RequestTokenPlace } from '../../observe/identity/index.js';
import { expected, keys, listOf, mapping, oneOf, text } from './parts.js';

/** An address, or a path, which `resolve.ts` puts behind the client's host. */
export const url = z
  .string(expected('an address or a path'))
  .refine(
    (value) => /^(https?:\/\/|\/)/.test(value),
    expected("an address (http://…) or a path ('/users/me')"),
  );

export const token = z
  .union(
    [
      z.literal('header'),
      keys('{ header, prefix }', { header: text('the name of a header'), prefix: z.string().optional() }),
      keys('{ query }', { query: text('the name of a parameter') }),
    ],
    expected("'header', { header, prefix } or { query }"),
  )
  .transform((place): RequestTokenPlace | undefined => (place === 'header' ? undefined : place))
  .optional();

const kind = z.literal('get', expected("get('/path', { … })"));
const user = '(body) => id';

const record = keys("get('/path', { … })", {
  kind,
  url,
  of: oneOf(['user', 'session', 'other']).optional(),
  pick: mapping<NonNullable<RecordDescription['pick']>>('(body) => part').optional(),
  omit: listOf(text('the name of a field'), 'names of fields').optional(),
  token,
});

/** `session`, `session-data`, `sessionState` are the session's; anything else is the user's unless `of` says so. */
export const records = z
  .record(z.string(), record, expected("records by name: { profile: get('/users/me') }"))
  .transform((found): Readonly<Record<string, RecordDescription>> =>
    Object.fromEntries(
      Object.entries(found).map(([name, { of, ...rest }]) => [
        name,
        { ...rest, of: of ?? (/^session/i.test(name) ? 'session' : 'user') },
      ]),
    ),
  );

export const whoAmI: z.ZodType<WhoAmIDescription> = keys("get('/path', { user })", {
  kind,
  url,
  user: mapping<WhoAmIDescription['user']>(user),
  claims: mapping<NonNullable<WhoAmIDescription['claims']>>('(body) => claims').optional(),
  token,
});

const door = keys("get('/path', { … })", {
  kind,
  url,
  user: mapping<NonNullable<DoorDescription['user']>>(user).optional(),
  token,
});
export const doors = z.record(z.string(), door, expected("doors by name: { profile: get('/users/me') }"));

type PageMapping<Name extends keyof PagesDescription> = NonNullable<PagesDescription[Name]>;
export const log = keys('pages({ … })', {
  kind: z.literal('pages', expected('pages({ … })')),
  url: mapping<PageMapping<'url'>>('(room, after) => address').default(() => missionPages),
  items: mapping<PageMapping<'items'>>('(body) => items').optional(),
  next: mapping<PageMapping<'next'>>('(body) => cursor or null').optional(),
  text: mapping<PageMapping<'text'>>('(item) => text').optional(),
  id: mapping<PageMapping<'id'>>('(item) => id').optional(),
  position: mapping<PageMapping<'position'>>('(item) => number').optional(),
  from: mapping<PageMapping<'from'>>('(item) => user').optional(),
  token,
});

const missionPages: PagesDescription['url'] = (room, after) =>
  `/threads/${encodeURIComponent(room)}/messages?limit=500${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
