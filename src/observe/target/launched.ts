import { messageOf, OutlastError } from '../../base/errors.js';
import { abortable } from '../../system/abortable.js';
import type { Guardian } from '../../system/guardian.js';
import { type GroupCommand, type ProcessGroup, startGroup, stopGroup } from '../../system/process-group.js';
import { type Address, shown } from './address.js';
import { lookAt } from './door.js';
import type { Output } from './output.js';
import type { Exit, Look, OwnReplica, Power, SignalName } from './port.js';

interface Call {
  readonly signal: AbortSignal;
}

/** What a launched service is started with, its placeholders filled in. */
export interface Launch extends Pick<GroupCommand, 'command' | 'folder' | 'environment'> {
  readonly service: string;
  readonly name: string;
  readonly index: number;
  readonly address: Address;
  readonly instance: string | undefined;
  readonly readyWithinMs: number;
  readonly graceMs: number;
}

export interface Surroundings {
  readonly guardian: Guardian;
  readonly output: Output;
  /** Told when it ends and nobody asked it to. */
  readonly died: (exit: Exit) => void;
}

/** From one start to the end of the whole process group. */
interface Life {
  readonly group: ProcessGroup;
  /** We have sent a signal: its end is no surprise. */
  asked: boolean;
}

/** A service that we started. */
export class LaunchedReplica implements OwnReplica {
  readonly powers: ReadonlySet<Power> = new Set(['signal']);
  readonly service: string;
  readonly name: string;
  readonly index: number;
  readonly door: string;
  readonly readyWithinMs: number;
  readonly graceMs: number;
  #life: Life | null = null;
  #stopped = false;

  constructor(
    private readonly launch: Launch,
    private readonly surroundings: Surroundings,
  ) {
    this.service = launch.service;
    this.name = launch.name;
    this.index = launch.index;
    this.door = shown(launch.address);
    this.readyWithinMs = launch.readyWithinMs;
    this.graceMs = launch.graceMs;
  }

  look({ signal }: Call): Promise<Look> {
    return lookAt(this.launch.address, this.launch.instance, signal);
  }

  signal(name: SignalName): void {
    if (!this.#life) return;
    // Whoever is only stopped and woken has been asked nothing.
    if (name !== 'SIGSTOP' && name !== 'SIGCONT') this.#life.asked = true;
    this.#life.group.signal(name);
  }

  async exited({ signal }: Call): Promise<Exit> {
    if (!this.#life) return { exitCode: null, signal: null };
    return abortable(this.#life.group.exited(), signal);
  }

  alive(): boolean {
    return this.#life?.group.alive() ?? false;
  }

  async stopped(): Promise<boolean | null> {
    return this.#life?.group.stopped() ?? false;
  }

  async start({ signal }: Call): Promise<void> {
    signal.throwIfAborted();
    if (this.#stopped || this.alive()) {
      throw new OutlastError(
        'INTERNAL',
        `expected ${this.name} to be down, and the run to go on, when it is started`,
      );
    }
    const life: Life = { group: await this.#spawn(), asked: false };
    // As soon as the system has told us its id: nothing comes in between.
    const letGo = this.surroundings.guardian.group(life.group.id);
    this.#life = life;
    void life.group.exited().then((exit) => {
      letGo();
      this.surroundings.output.flush();
      if (!life.asked) this.surroundings.died(exit);
    });
  }

  lastLines(count: number): readonly string[] {
    return this.surroundings.output.lastLines(count);
  }

  /** Ends it for good: SIGTERM, and SIGKILL after its grace. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (!this.#life) return;
    this.#life.asked = true;
    await stopGroup(this.#life.group, this.graceMs);
  }

  /** Ends it for good, at once. */
  kill(): void {
    this.#stopped = true;
    this.signal('SIGKILL');
  }

  async #spawn(): Promise<ProcessGroup> {
    const { command, folder, environment } = this.launch;
    const { output } = this.surroundings;
    try {
      return await startGroup({ command, folder, environment, output: (text) => output.push(text) });
    } catch (error) {
      // Only the program is named: what follows it may hold secrets.
      const program = 'shell' in command ? 'sh' : command[0];
      throw new OutlastError(
        'TARGET_EXITED',
        `expected to start ${this.name} with the program ${program}: ${messageOf(error)}${adviceOn(error)}`,
        { cause: error },
      );
    }
  }
}

function adviceOn(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? '. There is no such program: install it, or write its whole path' : '';
}
