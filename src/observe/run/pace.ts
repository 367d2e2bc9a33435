import type { Board } from './board.js';

/** While nothing has been done to the target: somebody who deploys by hand may take a while to begin. */
const untouchedMs = 250;
/** Most often where a door has just opened, or is about to: each knock is work for the target as well. */
const [soonMs, seldomMs] = [50, 400];

/** How often one door is knocked at. */
export class Pace {
  #calm = 0;
  #steps = 0;

  constructor(private readonly board: Pick<Board, 'struck' | 'steps'>) {}

  /** How long to wait after a round at the door, in ms: twice as long after each that was answered while nothing was done to the target. */
  after(isAnswered: boolean): number {
    const { struck, steps } = this.board;
    this.#calm = isAnswered && steps === this.#steps ? this.#calm + 1 : 0;
    this.#steps = steps;
    return struck ? Math.min(soonMs * 2 ** this.#calm, seldomMs) : untouchedMs;
  }
}
