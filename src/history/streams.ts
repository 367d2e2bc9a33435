// What is seen of answers that come in parts.

/**
 * ask: a question is about to be sent; asked: the target took it; connect: the reader connects to its parts; open: it is let
 * in; refused, lost: it is not, or not any more; end, error: the target said that the answer is over, or has failed;
 * cancel: it is about to be cancelled; cancelled: the target confirmed that; give-up: nobody waits for it any longer.
 */
export const streamSteps = [
  'ask',
  'asked',
  'connect',
  'open',
  'refused',
  'lost',
  'end',
  'error',
  'cancel',
  'cancelled',
  'give-up',
] as const;
export type StreamStep = (typeof streamSteps)[number];

export type StreamSighting =
  /**
   * An answer that comes in parts. `stream` is our name of it. `attempt` counts the reader's connections to it, from 1;
   * `cursor` is what that connection said it has. What was read so far, as one text: `units` and `digest`, at the end.
   */
  | {
      readonly kind: 'stream';
      readonly stream: string;
      readonly step: StreamStep;
      /** What it is asked for; with `ask`. */
      readonly purpose?: 'control' | 'restart' | 'cancel';
      readonly attempt?: number;
      readonly cursor?: string;
      readonly status?: number;
      readonly reason?: string;
      /** With `lost`: the target ended the response as its protocol ends one, or it broke off. */
      readonly by?: 'target' | 'network';
      readonly units?: number;
      readonly digest?: string;
    }
  /**
   * One part of an answer, in the order of arrival; `index` counts from 0 over all connections. `sketch`: see
   * `sketch.ts`. `broken`: units that no text holds, halves of a character.
   */
  | {
      readonly kind: 'part';
      readonly stream: string;
      readonly attempt: number;
      readonly index: number;
      readonly units: number;
      readonly sketch: string;
      readonly broken?: number;
      readonly position?: string;
    }
  /** A frame of a stream that is no part, and that moved the cursor all the same. */
  | {
      readonly kind: 'control';
      readonly stream: string;
      readonly attempt: number;
      readonly position: string;
    }
  /** The answer as the target stores it. `sketch` is null where the target says that there is no such answer. */
  | {
      readonly kind: 'stored-answer';
      readonly stream: string;
      readonly at: 'before' | 'after';
      readonly state?: 'running' | 'done' | 'cancelled' | 'failed';
      readonly units: number;
      readonly sketch: string | null;
      readonly digest?: string;
      readonly broken?: number;
      /** Whether this is a whole answer to what was asked, where the config says how that is seen. */
      readonly whole?: boolean;
    }
  | {
      readonly kind: 'answer-unread';
      readonly stream: string;
      readonly at: 'before' | 'after';
      readonly reason: string;
    };
