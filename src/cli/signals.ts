import { OutlastError } from '../base/errors.js';
import { watchParent } from '../system/index.js';
import { exits } from './exit.js';
import { leave } from './leave.js';
import { printError } from './print-error.js';
import type { World } from './world.js';

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof exitCodes;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal and npm both pass on one Ctrl-C: what comes so soon after the first is the same. */
const echoMs = 300;

export interface Listening extends Disposable {
  /** Aborts on the first signal, with an `INTERRUPTED` error as its reason. */
  readonly signal: AbortSignal;
  /** The exit code of an interrupted command; null while nothing came. */
  readonly exitCode: number | null;
  /** What a second signal, or an error that nobody caught, does at once before this process ends. */
  onEmergency(emergency: () => void): void;
  /** Asked first of an error that nobody caught: true where it is dealt with, and no bug of ours. */
  onUncaught(deal: (error: unknown) => boolean): void;
}

/**
 * Listens to the signals that end a command, and to the death of its parent, which counts as SIGHUP. The first heals; a second
 * heals at once and ends the process. The only place that listens to signals.
 */
export function listenToSignals(world: Pick<World, 'stderr' | 'environment'>): Listening {
  const listener = new Listener(world);
  const handlers = stopSignals.map((name) => [name, () => listener.receive(name)] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  const crash = (error: unknown) => listener.crash(error);
  process.on('uncaughtException', crash);
  const stopWatching = watchParent(() => listener.receive('SIGHUP'));
  return Object.assign(listener, {
    [Symbol.dispose]() {
      // The same press of the key may arrive again while this process leaves: it must not end it in another way.
      if (listener.exitCode !== null) return;
      for (const [name, handler] of handlers) process.off(name, handler);
      process.off('uncaughtException', crash);
      stopWatching();
    },
  });
}

class Listener {
  readonly #controller = new AbortController();
  #first: { readonly name: StopSignal; readonly at: number } | null = null;
  #emergency: () => void = () => undefined;
  #deal: (error: unknown) => boolean = () => false;

  constructor(private readonly world: Pick<World, 'stderr' | 'environment'>) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get exitCode(): number | null {
    return this.#first === null ? null : exitCodes[this.#first.name];
  }

  onEmergency(emergency: () => void): void {
    this.#emergency = emergency;
  }

  onUncaught(deal: (error: unknown) => boolean): void {
    this.#deal = deal;
  }

  receive(name: StopSignal): void {
    if (this.#first === null) {
      this.#first = { name, at: performance.now() };
      // First, so that the live view is gone when this is written.
      this.#controller.abort(new OutlastError('INTERRUPTED', `interrupted by ${name}`));
      this.world.stderr.write(`\noutlast: ${name}: healing and stopping (once more stops at once)\n`);
    } else if (performance.now() - this.#first.at > echoMs) {
      this.#emergency();
      leave(exitCodes[this.#first.name]);
    }
  }

  /** A bug of ours must not leave the target broken. */
  crash(error: unknown): void {
    if (this.#deal(error)) return;
    printError(error, this.world);
    this.#emergency();
    leave(exits.outlast);
  }
}
