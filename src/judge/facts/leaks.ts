import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

/** A secret in what ends in logs: in an error, or in the reason of a close. */
export type Leak = EventOf<'leak'> & { readonly where: 'close' | 'error' };

/** A service that shows a secret each time has shown it often enough in so many. */
const most = 1_000;

/** Where a secret was in an error or a goodbye of the target. */
export const leaks: Projection<readonly Leak[]> = {
  id: 'leaks',
  kinds: ['leak'],
  start: () => new LeaksFold(),
};

class LeaksFold implements Accumulator<readonly Leak[]> {
  readonly view: Leak[] = [];

  see(event: Event): void {
    if (event.kind === 'leak' && isLeak(event) && this.view.length < most) this.view.push(event);
  }
}

const isLeak = (event: EventOf<'leak'>): event is Leak => event.where !== 'frame';
