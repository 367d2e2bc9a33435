import { removeScratch, scratchFolder, startGuardian } from '../../build/system/index.js';

/** An empty folder for as long as it is needed. It goes with its disposal, and also when this process dies before. */
export class Folder implements AsyncDisposable {
  readonly path = scratchFolder();
  readonly #guardian = startGuardian();

  constructor() {
    this.#guardian.folder(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeScratch(this.path);
    await this.#guardian[Symbol.asyncDispose]();
  }
}
