import type { Event, Header } from '../../../src/history/events.js';
import type { Projection } from '../../../src/judge/port.js';
import { Story } from '../story.js';

/**
 * A right run's: sessions 1 and 2 chat in r1, 3 is an absentee, 4 a control absentee and 5 a newcomer there; 6 to 10 are the same in
 * r2; 11 is the auditor.
 */
export const { header } = new Story();

/** What a projection makes of these events. As in a judgement, it is told of no kind but those that it names. */
export function viewOf<View>(
  projection: Projection<View>,
  events: readonly Event[],
  of: Header = header,
): View {
  const fold = projection.start(of);
  for (const event of events) if (projection.kinds.includes(event.kind)) fold.see(event);
  return fold.view;
}
