import type { Event, EventOf } from '../../history/events.js';
import type { Accumulator, Projection } from '../port.js';

export type Leak = EventOf<'leak'>;

/** A service that shows a secret in each frame shows it often enough in so many. */
const most = 1_000;

/** Where a secret was in what the target said. */
export const leaks: Projection<readonly Leak[]> = {
  id: 'leaks',
  kinds: ['leak'],
  start: () => new LeaksFold(),
};

class LeaksFold implements Accumulator<readonly Leak[]> {
  readonly view: Leak[] = [];
  #frames = 0;

  see(event: Event): void {
    if (event.kind !== 'leak') return;
    // Those of ordinary frames must not take the place of the others.
    if (event.where === 'frame' && ++this.#frames > most) return;
    if (this.view.length - Math.min(this.#frames, most) < most) this.view.push(event);
  }
}
