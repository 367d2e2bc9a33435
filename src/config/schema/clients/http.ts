import { z } from 'zod';
import type { RequestToken, SendingOptions } from '../../../observe/client/descriptions.js';
import { address, expected, mapping } from '../parts.js';
import { inHeader, inQuery } from './token-places.js';

// What clients over HTTP have in common.

const place = "'header', 'query', { header, prefix } or { query }";

const token: z.ZodType<RequestToken> = z.union(
  [z.literal(['header', 'query']), inHeader, inQuery],
  expected(place),
);

const web = (what: string) => address(what, ['http:', 'https:']);

/** An address in which the room, the rooms or the user of a session may stand. */
export const seatAddress = (what: string) =>
  web(what).refine((value) => (value.match(/\{(?![a-z]+:)[^{}]*\}/g) ?? []).every((one) => places.has(one)), {
    error: `expected ${what}; of the session, {room}, {rooms} and {user} may stand in it`,
  });

const places: ReadonlySet<string> = new Set(['{room}', '{rooms}', '{user}']);

/** The keys by which messages are sent. */
export const sending = {
  token: token.optional(),
  send: mapping<SendingOptions['send']>("({ id, room, text, user }) => ({ path: '/…', body })"),
  acknowledge: mapping<NonNullable<SendingOptions['acknowledge']>>(
    '({ status, body }) => ({ position }), ({ refused }) or null',
  ).optional(),
  sendTo: web('where messages are sent').optional(),
  sendToken: token.optional(),
};
