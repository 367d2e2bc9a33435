import { removeScratch, removeScratchNow, scratchFolder } from '../../system/scratch.js';
import { attachedReplica } from './attached.js';
import type { TargetEnvironment } from './environment.js';
import { LaunchedReplica } from './launched.js';
import { Output } from './output.js';
import type { Plan } from './plan.js';
import type { AnyReplica, StartCall } from './port.js';

/** What a target makes and starts. It stands in the scope before it is there, and is let go together, last first. */
export class Holdings {
  readonly #undone: (() => Promise<void>)[] = [];
  #folder: string | null = null;
  #lettingGo: Promise<void> | null = null;

  constructor(
    private readonly environment: TargetEnvironment,
    private readonly call: StartCall,
  ) {}

  /** A scratch folder: made when it is first asked for, the same from then on. */
  folder(): string {
    this.#folder ??= this.#newFolder();
    return this.#folder;
  }

  /** A replica that is not started yet. */
  replica(plan: Plan): AnyReplica {
    const output = new Output(
      () => this.environment.redactor.stream(),
      (text) => this.call.output(plan.name, text),
    );
    return plan.launch === undefined
      ? attachedReplica(plan.attachment, output)
      : this.#launched(new LaunchedReplica(plan.launch, this.#surroundings(plan.name, output)));
  }

  /** Idempotent, never rejects: what cannot be undone stays in the scope, which tries again and tells. */
  letGo(): Promise<void> {
    this.#lettingGo ??= this.#letGo();
    return this.#lettingGo;
  }

  #newFolder(): string {
    const folder = scratchFolder();
    const forget = this.environment.guardian.folder(folder);
    const remove = async () => {
      await removeScratch(folder);
      forget();
    };
    this.#hold("remove the services' folders", remove, () => {
      removeScratchNow(folder);
    });
    return folder;
  }

  #launched(replica: LaunchedReplica): LaunchedReplica {
    const kill = () => {
      replica.kill();
    };
    this.#hold(`stop ${replica.name}`, () => replica.stop(), kill);
    return replica;
  }

  #surroundings(name: string, output: Output) {
    const { guardian } = this.environment;
    return { guardian, output, died: this.call.died?.bind(null, name) ?? (() => undefined) };
  }

  async #letGo(): Promise<void> {
    for (const undo of this.#undone.toReversed()) await undo().catch(() => undefined);
  }

  #hold(name: string, heal: () => Promise<void>, emergency: () => void): void {
    const done = this.call.scope.undo(name, heal, emergency);
    this.#undone.push(async () => {
      await heal();
      done();
    });
  }
}
