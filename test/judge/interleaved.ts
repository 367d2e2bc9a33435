import type { Event } from '../../src/history/events.js';
import type { Told } from './story.js';

/** The sessions' lines in an order drawn anew; those of one session, and those of the run, keep theirs. */
export function interleaved({ header, events }: Told, random: () => number): Told {
  const queues = new Map<string, Event[]>();
  for (const event of events) {
    const writer = 'session' in event ? event.session : 'the run';
    const queue = queues.get(writer) ?? [];
    queues.set(writer, queue);
    queue.push(event);
  }
  const left = [...queues.values()].map((queue) => queue.values());
  const shuffled: Event[] = [];
  while (left.length > 0) {
    const at = Math.floor(random() * left.length);
    const next = left[at]?.next();
    if (next?.done === false) shuffled.push(next.value);
    else left.splice(at, 1);
  }
  return { header, events: shuffled };
}
