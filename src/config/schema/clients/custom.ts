import { z } from 'zod';
import type { ClientDefinition } from '../../../observe/client/descriptions.js';
import type { CustomDescription } from '../../types.js';
import { duration, expected, keys, known, listOf, mapping, oneOf, text } from '../parts.js';
import { waits } from './waits.js';

const address = text('the address that the client dials').refine(isAddress, {
  error: 'expected the address that the client dials, such as ws://127.0.0.1:{port:chat}/',
});
const reason = () => text('the reason, in words').optional();

/** A library of the user's own. */
export const custom = keys('defineClient({ … })', {
  kind: z.literal('custom', expected('defineClient({ … })')),
  name: text('the name of the client').regex(/^[\w.-]+$/, expected('a name of letters, digits, . - and _')),
  url: address,
  alsoDials: listOf(address, 'addresses').optional(),
  reconnects: oneOf(['itself', 'us']),
  offlineSend: oneOf(['refused', 'buffered']).optional(),
  resends: oneOf(['workload', 'library']).optional(),
  lacks: keys('lacks: { what: why }', {
    connection: reason(),
    instance: reason(),
    'close-codes': reason(),
    acknowledgements: reason(),
    resume: reason(),
    positions: reason(),
  }).optional(),
  connect: mapping<ClientDefinition['connect']>('(session) => ({ send, close })'),
  dialTimeout: duration().optional(),
  backoff: waits.optional(),
})
  .superRefine(({ reconnects, dialTimeout, backoff, offlineSend }, context) => {
    const complain = (at: string, message: string) =>
      context.addIssue({ code: 'custom', path: [at], message });
    const ours = "is for a client that we dial (reconnects: 'us'); a library that reconnects has its own";
    if (reconnects === 'itself' && dialTimeout !== undefined) complain('dialTimeout', ours);
    if (reconnects === 'itself' && backoff !== undefined) complain('backoff', ours);
    if (reconnects === 'us' && offlineSend === 'buffered')
      complain(
        'offlineSend',
        "expected 'refused': between two connections of ours there is no library that could keep anything",
      );
  })
  .transform(({ dialTimeout, lacks, ...rest }): CustomDescription => ({
    ...rest,
    ...known({ dialTimeoutMs: dialTimeout, lacks: lacks && known(lacks) }),
  }));

/** Of any protocol; placeholders may stand in it. */
function isAddress(value: string): boolean {
  const filled = value.replace(/\{port:[^{}]+\}/g, '1').replace(/\{[a-z]+:[^{}]+\}/g, 'x');
  return URL.canParse(filled) && new URL(filled).hostname !== '';
}
