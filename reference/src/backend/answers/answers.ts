export type AnswerState = 'running' | 'done' | 'cancelled';

export interface Answer {
  readonly id: string;
  readonly userId: string;
  readonly question: string;
  readonly state: AnswerState;
  /** The number of its newest part; 0 before the first. */
  readonly head: number;
}

export interface Part {
  readonly number: number;
  readonly text: string;
}

/** How far someone has read an answer. */
export interface Bookmark {
  readonly answerId: string;
  readonly after: number;
}

/** What stands after a bookmark. `state` and `head` are not newer than `parts`: who has all of them has everything. */
export interface Page {
  readonly parts: readonly Part[];
  readonly state: AnswerState;
  readonly head: number;
}

/** The next part of an answer; `last`: with it the answer is done. */
export interface Step extends Part {
  readonly answerId: string;
  readonly last: boolean;
}

/** Where answers are. Any number of processes may use it. */
export interface AnswerStore {
  /** The same key of the same user is the same question. Undefined: that key was another question's. */
  ask(userId: string, question: string, key: string): Promise<Answer | undefined>;
  find(id: string): Promise<Answer | undefined>;
  /** Everything that is there of an answer. */
  text(id: string): Promise<string>;
  /** One page a bookmark, each of at most `limit` parts. */
  read(bookmarks: readonly Bookmark[], limit: number): Promise<readonly Page[]>;
  /** Unfinished answers that nobody makes become this maker's. */
  takeUp(maker: string): Promise<readonly Answer[]>;
  /** Appends what is this maker's to append; resolves with the ids of those answers. The others are finished, cancelled or another's. */
  append(maker: string, steps: readonly Step[]): Promise<ReadonlySet<string>>;
  /** What this maker has begun is anybody's. */
  release(maker: string): Promise<void>;
  /** For good. Resolves with the answer as it is from now on. */
  cancel(id: string): Promise<Answer | undefined>;
}

/** What an answer is made of, piece by piece: always the same for the same question. */
export type Assistant = (question: string) => readonly string[];
