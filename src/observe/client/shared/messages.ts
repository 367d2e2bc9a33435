// What the functions of a config take and give, whatever protocol they map.

export interface OutgoingMessage {
  /** The identity of the message, the same for each attempt. */
  readonly id: string;
  /** The target's id of the room. */
  readonly room: string;
  readonly text: string;
  readonly user: string;
}

export type Acknowledgement =
  /** Accepted. `id` is the one that was sent, `storedAs` the target's own. */
  | {
      readonly id: string;
      readonly position?: string | number;
      readonly storedAs?: string | number;
      readonly refused?: undefined;
    }
  /** Refused for good, with the reason. */
  | { readonly id: string; readonly refused: string }
  /** The service confirms by echoing: the identity is taken from the text. */
  | { readonly text: string; readonly position?: string | number; readonly storedAs?: string | number };

export interface ReceivedMessage {
  readonly room: string;
  readonly text: string;
  readonly from?: string;
  /** The target's own id of the message. */
  readonly id?: string | number;
  /** Its place in the room. Whole numbers grow. */
  readonly position?: string | number;
}

export type Joined =
  | {
      readonly room: string;
      /** The room's last position at this moment. */
      readonly head?: string | number;
      /** Where the target says so: was everything that was missed replayed (true) or not (false)? */
      readonly resumed?: boolean;
      readonly refused?: undefined;
    }
  /** The target will not let this session in. `unauthorized`: because of its token. */
  | { readonly refused: string; readonly unauthorized?: boolean };
