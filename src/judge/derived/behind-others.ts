import { messages, type Inversion, type Ledger } from '../facts/messages.js';
import type { Context } from '../port.js';

/** So many of those that came before it are looked at. */
const nearest = 64;

/**
 * The ledger compares what comes late with the latest of its sender that was there. Where the order of these two is not
 * certain (that one was sent again, or both were under way together), it may be so with another one that was there as well.
 */
export function behindOthers(
  context: Context,
  doubtful: readonly Inversion[],
  isCertain: (one: Inversion) => boolean,
): readonly Inversion[] {
  if (doubtful.length === 0) return [];
  const flows = flowsOf(context.facts(messages), new Set(doubtful.map(flowOf)));
  const places = new Map(
    [...flows.values()].flatMap((flow) => flow.map(({ receipt }, place) => [receipt, place] as const)),
  );
  return doubtful.flatMap((one) => {
    const flow = flows.get(flowOf(one)) ?? [];
    const at = places.get(one.receipt) ?? 0;
    const found = flow
      .slice(Math.max(0, at - nearest), at)
      .filter(({ message, receipt }) => message.number > one.earlier.number && receipt.t < one.receipt.t)
      .map(({ message, receipt }): Inversion => ({ ...one, later: message, laterReceipt: receipt }))
      .findLast(isCertain);
    return found ?? [];
  });
}

type Front = Pick<Inversion, 'receipt'> & { readonly message: Inversion['earlier'] };

/** By reader, room and sender, in the order in which it was received. */
function flowsOf({ messages: all }: Ledger, wanted: ReadonlySet<string>): ReadonlyMap<string, Front[]> {
  const flows = new Map<string, Front[]>();
  for (const message of all.values()) {
    for (const receipt of message.receipts.values()) {
      const key = flowOf({ receipt, earlier: message });
      if (!wanted.has(key)) continue;
      const flow = flows.get(key);
      if (flow) flow.push({ message, receipt });
      else flows.set(key, [{ message, receipt }]);
    }
  }
  for (const flow of flows.values()) flow.sort((one, other) => one.receipt.t - other.receipt.t);
  return flows;
}

const flowOf = ({ receipt: { session, room }, earlier }: Pick<Inversion, 'receipt' | 'earlier'>): string =>
  JSON.stringify([session, room, earlier.sender]);
