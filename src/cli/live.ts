import type { Event } from '../app/port.js';
import { liveLines, plainLine, progress } from '../report/index.js';
import { lookOf } from './look.js';
import { isTerminal, takingAway } from './terminal.js';
import type { World } from './world.js';

/** Shows a run while it goes on. */
export interface Live {
  see(event: Event): void;
  /** Takes the live view away, so that the report can follow. */
  end(): void;
}

const redrawMs = 100;

/** On a terminal two lines that are redrawn; elsewhere a line for what a log should hold; nothing when quiet. */
export function showLive(world: Pick<World, 'stderr' | 'environment'>, quiet: boolean): Live {
  if (quiet) return { see: () => undefined, end: () => undefined };
  return isTerminal(world.stderr, world.environment) ? redrawn(world) : printed(world);
}

function printed({ stderr }: Pick<World, 'stderr'>): Live {
  return {
    see(event) {
      const line = plainLine(event);
      if (line !== null) stderr.write(`${line}\n`);
    },
    end: () => undefined,
  };
}

// Lines that are longer than the terminal is wide must not wrap, or too few would be taken away.
const noWrap = '\u001b[?7l';
const wrapAgain = '\u001b[?7h';

function redrawn({ stderr, environment }: Pick<World, 'stderr' | 'environment'>): Live {
  const fold = progress();
  const look = lookOf(stderr, { environment });
  let drawn = 0;
  const erase = () => (drawn === 0 ? '' : takingAway(drawn));
  const timer = setInterval(() => {
    const lines = liveLines(fold.view(), look);
    stderr.write(`${noWrap}${erase()}${lines.join('\n')}\n${wrapAgain}`);
    drawn = lines.length;
  }, redrawMs);
  timer.unref();
  return {
    see: (event) => fold.see(event),
    end() {
      clearInterval(timer);
      if (drawn > 0) stderr.write(erase());
      drawn = 0;
    },
  };
}
