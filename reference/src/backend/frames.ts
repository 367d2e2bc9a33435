import { z } from '../shapes.js';
import type { Message } from './messages.js';

/** A frame is at most so many bytes; a longer one closes the connection with 1009. */
export const largestFrame = 64 * 1024;

/** What PostgreSQL could not give back as it came: NUL, and halves of surrogate pairs. */
const storable = (value: string) => !value.includes('\0') && !/\p{Surrogate}/u.test(value);
const text = (longest: number) =>
  z.string().min(1).max(longest).refine(storable, 'expected text without NUL or lone surrogates');

const hello = z.object({ type: z.literal('hello'), token: z.string().min(1) });
const join = z.object({
  type: z.literal('join'),
  thread_id: text(200),
  after: z.number().int().min(0).optional(),
});
const chatMessage = z.object({
  type: z.literal('chat_message'),
  id: text(200),
  thread_id: text(200),
  message: text(largestFrame),
});

const incoming = z.discriminatedUnion('type', [hello, join, chatMessage]);
export type IncomingFrame = z.infer<typeof incoming>;

export type OutgoingFrame =
  | { readonly type: 'joined'; readonly thread_id: string; readonly head: number }
  | { readonly type: 'ack'; readonly id: string; readonly thread_id: string; readonly number: number }
  | {
      readonly type: 'error';
      readonly id?: string;
      readonly thread_id?: string;
      readonly code: string;
      readonly message: string;
    }
  | (StoredMessage & { readonly type: 'chat_message'; readonly from_name: string });

/** A message as clients see it, live and in a thread's history. */
export interface StoredMessage {
  readonly id: string;
  readonly thread_id: string;
  readonly message: string;
  readonly from: string;
  readonly number: number;
  readonly sent_at: string;
}

export type Decoded = { readonly frame: IncomingFrame } | { readonly problem: string; readonly id?: string };

/** Reads a frame; one that is not understood says why, and which message it was if that can be seen. */
export function decode(data: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { problem: 'Expected JSON.' };
  }
  const result = incoming.safeParse(value);
  if (result.success) return { frame: result.data };
  const issue = result.error.issues[0];
  const problem = `${issue?.path.join('.') || 'frame'}: ${issue?.message ?? 'not understood'}`;
  const { data: id } = z.object({ id: z.string().max(200) }).safeParse(value);
  return id ? { problem, id: id.id } : { problem };
}

export const encode = (frame: OutgoingFrame): string => JSON.stringify(frame);

export const messageFrame = (message: Message): OutgoingFrame => ({
  type: 'chat_message',
  ...storedMessage(message),
  from_name: message.senderName,
});

export const storedMessage = ({ id, threadId, body, sender, number, sentAt }: Message): StoredMessage => ({
  id,
  thread_id: threadId,
  message: body,
  from: sender,
  number,
  sent_at: sentAt.toISOString(),
});
