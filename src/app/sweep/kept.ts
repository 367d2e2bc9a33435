import { messageOf } from '../../base/errors.js';
import type { StartCall, Target, TargetKind } from '../../observe/target/index.js';
import { createScope, type Scope } from '../../system/index.js';

/** A target that is started once, and kept up over many runs. Its disposal stops it, and never throws. */
export interface KeptTarget extends AsyncDisposable {
  /** The kind of target that a run is given: it starts this one where it is not up, and leaves it up. */
  asKind(kind: TargetKind): TargetKind;
  /** Stops it; the next run starts it anew. */
  drop(): Promise<void>;
  /** Stops at once what was started: the last resort. */
  emergency(): void;
}

export const keepTarget = (trouble: (text: string) => void): KeptTarget => new Kept(trouble);

interface Standing {
  readonly target: Target;
  readonly scope: Scope;
}

class Kept implements KeptTarget {
  #standing: Standing | null = null;
  #scope: Scope | null = null;
  /** The run that is under way: what the target prints is its output. */
  #call: StartCall | null = null;

  constructor(private readonly trouble: (text: string) => void) {}

  asKind(kind: TargetKind): TargetKind {
    return {
      ...{ name: kind.name, addresses: kind.addresses, services: kind.services },
      start: async (call) => {
        this.#call = call;
        // Nobody's output is written to a run that is over.
        call.scope.undo('let go of the target', () => Promise.resolve(this.#letGo(call)));
        return this.#standing?.target ?? this.#start(kind, call);
      },
    };
  }

  async drop(): Promise<void> {
    const scope = this.#scope;
    this.#standing = null;
    await scope?.[Symbol.asyncDispose]();
    this.#scope = null;
  }

  emergency(): void {
    this.#scope?.emergency();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drop();
  }

  async #start(kind: TargetKind, call: StartCall): Promise<Target | { readonly absent: string }> {
    // What was begun and did not come up stands in the scope, and is stopped with it.
    await this.drop();
    const scope = createScope((name, error) => this.trouble(`could not ${name}: ${messageOf(error)}`));
    this.#scope = scope;
    const target = await kind.start({
      ...{ scope, signal: call.signal },
      output: (service, text) => this.#call?.output(service, text),
      died: (service, exit) => this.#call?.died?.(service, exit),
    });
    if ('absent' in target) return target;
    this.#standing = { target, scope };
    return target;
  }

  #letGo(call: StartCall): void {
    if (this.#call === call) this.#call = null;
  }
}
