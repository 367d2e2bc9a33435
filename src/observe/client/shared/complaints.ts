/** What is wrong with frames without ending the connection: counted by kind, and said at its end. */
export class Complaints {
  /** Made at the first complaint: thousands of connections never have one. */
  #counts: Map<string, number> | null = null;

  /** `note` is told of the first of each kind. */
  constructor(private readonly note: (kind: string) => void) {}

  add(kind: string): void {
    this.#counts ??= new Map();
    const count = this.#counts.get(kind) ?? 0;
    if (count === 0) this.note(kind);
    this.#counts.set(kind, count + 1);
  }

  /** In words; empty where there is nothing to complain of. */
  toString(): string {
    return [...(this.#counts ?? [])]
      .map(([kind, count]) => (count === 1 ? kind : `${kind} (${count} times)`))
      .join('; ');
  }
}
