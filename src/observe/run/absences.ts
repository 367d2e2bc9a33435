import type { Recorder } from '../record/port.js';
import type { Gate } from './gates.js';

/** Takes sessions' network away and gives it back, and writes it down. */
export class Absences {
  readonly #away = new Set<string>();

  constructor(
    private readonly gates: ReadonlyMap<string, Gate>,
    private readonly recorder: Recorder,
  ) {}

  cut(sessions: readonly string[]): void {
    for (const session of sessions) {
      const gate = this.gates.get(session);
      if (!gate) continue;
      this.#away.add(session);
      this.recorder.session(session)({ kind: 'cut' });
      gate.cut();
    }
  }

  restore(sessions: readonly string[]): void {
    for (const session of sessions) {
      if (!this.#away.delete(session)) continue;
      this.recorder.session(session)({ kind: 'uncut' });
      this.gates.get(session)?.restore();
    }
  }
}
