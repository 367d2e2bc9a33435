/** What a sender asks to be said. */
export interface Submission {
  readonly threadId: string;
  readonly sender: string;
  /** The sender's own id: the same one again is the same message again. */
  readonly id: string;
  readonly body: string;
}

/** What became of a submission. */
export type Outcome =
  | { readonly outcome: 'stored'; readonly number: number }
  | {
      readonly outcome: 'refused';
      readonly code: 'not_a_member' | 'id_conflict' | 'bad_frame';
      readonly message: string;
    };

/** A message as it stands in the log. */
export interface Message extends Submission {
  readonly number: number;
  readonly senderName: string;
  readonly sentAt: Date;
}

/** A place in a thread's log: after the message with this number; 0 is before the first. */
export interface Position {
  readonly threadId: string;
  readonly after: number;
}

/** What stands after a position, in order, and the position after it. */
export interface Reading {
  readonly messages: readonly Message[];
  readonly next: number;
}

/** The log of all threads. */
export interface MessageLog {
  /** Durable when it resolves; one outcome a submission. Rejects when it is not known what became of them: ask again. */
  append(batch: readonly Submission[]): Promise<readonly Outcome[]>;
  /** One reading a position, each of at most `limit` messages. */
  read(positions: readonly Position[], limit: number): Promise<readonly Reading[]>;
  /** The newest number of each thread; a thread that is not there is left out. */
  heads(threadIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Resolves when nothing is on its way any more. */
  close(): Promise<void>;
}

export const conflict: Outcome = {
  outcome: 'refused',
  code: 'id_conflict',
  message: 'This id was used before, for another message.',
};
