import type { Message } from '../facts/message.js';
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
  return doubtful.flatMap((one) => {
    const { heard = [], places = nowhere } = flows.get(flowOf(one)) ?? {};
    const at = places.get(one.earlier) ?? 0;
    const found = heard
      .slice(Math.max(0, at - nearest), at)
      .filter(({ message, t }) => message.number > one.earlier.number && t < one.receipt.t)
      .flatMap(({ message }): Inversion[] => {
        const laterReceipt = message.receipts.get(one.reader);
        return laterReceipt ? [{ ...one, later: message, laterReceipt }] : [];
      })
      .findLast(isCertain);
    return found ?? [];
  });
}

/** What one reader received of one sender in one room, and where in it each message stands. */
interface Flow {
  readonly heard: readonly { readonly message: Message; readonly t: number }[];
  readonly places: ReadonlyMap<Message, number>;
}

const nowhere: Flow['places'] = new Map();

/** By reader, room and sender, in the order in which it was received. */
function flowsOf({ messages: all }: Ledger, wanted: ReadonlySet<string>): ReadonlyMap<string, Flow> {
  const flows = new Map<string, { message: Message; t: number }[]>();
  for (const message of all.values()) {
    for (const receipt of message.receipts.values()) {
      const key = flowOf({ receipt, earlier: message });
      if (!wanted.has(key)) continue;
      const flow = flows.get(key);
      if (flow) flow.push({ message, t: receipt.t });
      else flows.set(key, [{ message, t: receipt.t }]);
    }
  }
  return new Map([...flows].map(([key, flow]) => [key, inOrder(flow)]));
}

function inOrder(flow: Flow['heard']): Flow {
  const heard = [...flow].sort((one, other) => one.t - other.t);
  return { heard, places: new Map(heard.map(({ message }, place) => [message, place])) };
}

const flowOf = ({ receipt: { session, room }, earlier }: Pick<Inversion, 'receipt' | 'earlier'>): string =>
  JSON.stringify([session, room, earlier.sender]);
