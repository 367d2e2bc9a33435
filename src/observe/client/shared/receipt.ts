import type { EventOf, Seen } from '../../../history/events.js';
import { identityIn } from '../../../history/tag.js';
import type { ClientMeans } from './means.js';
import type { ReceivedMessage } from './messages.js';

type Receipt = { -readonly [K in keyof EventOf<'receive'>]: EventOf<'receive'>[K] };
type SeenReceipt = Omit<Receipt, 't' | 'session'> & Seen;

/** What came, as an event; null: this is no message. What a user's function gave may be anything. */
export function receiptOf(
  received: Partial<ReceivedMessage> | null | undefined,
  means: Pick<ClientMeans, 'run' | 'digest'>,
): SeenReceipt | null {
  const { room, text } = received ?? {};
  if (!received || typeof room !== 'string' || typeof text !== 'string') return null;
  // One for each message of a run: what is spread, or made again, is felt.
  const { message, damaged } = identityOf(text, means.run);
  const digest = means.digest(text);
  const receipt: SeenReceipt = damaged
    ? { kind: 'receive', room, message, damaged, digest }
    : { kind: 'receive', room, message, digest };
  const from = wordOf(received.from);
  const id = wordOf(received.id);
  const position = wordOf(received.position);
  if (from !== undefined) receipt.from = from;
  if (id !== undefined) receipt.id = id;
  if (position !== undefined) receipt.position = position;
  return receipt;
}

/** Which message of this run a text is. One with the identity of another run is foreign: as good as none. */
export function identityOf(text: string, run: string): { message: string | null; damaged?: true } {
  const identity = identityIn(text);
  if (identity.is === 'damaged') return { message: null, damaged: true };
  const ours = identity.is === 'message' && identity.message.startsWith(`${run}.`);
  return { message: ours ? identity.message : null };
}

/** A position, an id: functions of users may give numbers, or null for none. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
