import type { Event, EventOf, Phase } from '../history/events.js';

/** What a live view shows at one moment. */
export interface ProgressView {
  /** Milliseconds since the history's epoch. */
  readonly t: number;
  readonly phase: Phase | 'starting' | 'over';
  /** Sessions that are connected, signed in and in their rooms now. */
  readonly up: number;
  /** Sessions that have ever tried to connect. */
  readonly of: number;
  /** Messages acknowledged within the last second. */
  readonly perSecond: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly received: number;
  /** The last thing that was done to the target, while it is being done. */
  readonly disruption: { readonly type: string; readonly service: string; readonly step: string } | null;
}

export interface Progress {
  see(event: Event): void;
  view(): ProgressView;
}

/** A fold over the events of a run for the live view; there is no second stream. */
export function progress(): Progress {
  return new Folded();
}

const secondMs = 1_000;

class Folded implements Progress {
  #t = 0;
  #phase: ProgressView['phase'] = 'starting';
  readonly #known = new Set<string>();
  readonly #up = new Set<string>();
  readonly #tally = { sent: 0, acknowledged: 0, received: 0 };
  #recent: number[] = [];
  #disruption: ProgressView['disruption'] = null;

  see(event: Event): void {
    this.#t = Math.max(this.#t, event.t);
    switch (event.kind) {
      case 'phase':
        this.#phase = event.phase;
        break;
      case 'end':
        this.#phase = 'over';
        break;
      case 'disruption':
        this.#disrupted(event);
        break;
      default:
        if ('session' in event) this.#ofSession(event);
    }
  }

  view(): ProgressView {
    this.#forget();
    return {
      t: this.#t,
      phase: this.#phase,
      up: this.#up.size,
      of: this.#known.size,
      perSecond: this.#recent.length,
      ...this.#tally,
      disruption: this.#disruption,
    };
  }

  #ofSession(event: Extract<Event, { readonly session: string }>): void {
    if (event.kind === 'connect') this.#known.add(event.session);
    if (event.kind === 'ready') this.#up.add(event.session);
    if (event.kind === 'close' || event.kind === 'cut') this.#up.delete(event.session);
    if (event.kind === 'send') this.#tally.sent++;
    if (event.kind === 'receive') this.#tally.received++;
    if (event.kind === 'ack') this.#acknowledged(event.t);
  }

  #acknowledged(t: number): void {
    this.#tally.acknowledged++;
    this.#recent.push(t);
    // Nobody may look at the view for long, and then this must not grow.
    if (this.#recent.length > 100_000) this.#forget();
  }

  #forget(): void {
    this.#recent = this.#recent.filter((t) => t > this.#t - secondMs);
  }

  #disrupted({ type, step, service }: EventOf<'disruption'>): void {
    const over = step === 'end' || step === 'failed' || step === 'healed';
    this.#disruption = over ? null : { type, service: service ?? this.#disruption?.service ?? '', step };
  }
}
