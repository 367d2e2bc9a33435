import type { ClientKind } from '../../build/observe/client/index.js';

/** One protocol on two sides: our client of it, and what a user of the bare library would write. */
export interface Contender {
  /** What the bare side is made with. */
  readonly library: string;
  /** The file in `bench/workers` that serves both sides, and what it is told. */
  readonly server: { readonly worker: string; readonly settings?: object };
  address(port: number): string;
  ours(url: string): ClientKind;
  /**
   * One session of the bare library, signed in and in its room. It says on the wire what our client says, reads every message
   * and waits for every acknowledgement. What is said must come once: nothing is recorded, and nothing comes back.
   */
  bare(url: string, place: Place): Promise<Bare>;
}

export interface Place {
  readonly user: string;
  readonly room: string;
  readonly token: string;
  /** Told the text of every message of the room. */
  readonly heard: (text: string) => void;
}

export interface Bare {
  /** `acknowledged` is called when the server has acknowledged it. */
  say(id: string, text: string, acknowledged: () => void): void;
}
