import { isAttempted, isRefused } from '../facts/message.js';
import { messages } from '../facts/messages.js';
import { MessageSet } from '../facts/message-set.js';
import { allReads, reads } from '../facts/reads.js';
import type { Context } from '../port.js';

/** Messages that were handed over and neither promised nor refused; how many of them were seen by somebody, or stand in a log. */
export function indeterminateOf(context: Context): { readonly all: number; readonly seen: number } {
  const all = [...context.facts(messages).messages.values()].filter(
    (message) => message.acks.length === 0 && isAttempted(message) && !isRefused(message),
  );
  if (all.length === 0) return { all: 0, seen: 0 };
  const view = context.facts(reads);
  const stored = new MessageSet(view.names);
  for (const { entries } of allReads(view)) stored.addAll(entries);
  const seen = all.filter(({ id, receipts }) => receipts.size > 0 || stored.has(id));
  return { all: all.length, seen: seen.length };
}
