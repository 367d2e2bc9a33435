import type { RequestTokenPlace } from '../../identity/door.js';
import type { OutgoingMessage } from '../shared/messages.js';

/** Where a request carries the token: `Authorization: Bearer …`, `?token=…`, or a place of one's own. */
export type RequestToken = 'header' | 'query' | RequestTokenPlace;

/** How messages are sent by those that receive in another way: each is a request of its own. */
export interface SendingOptions {
  /** The request that says a message. */
  readonly send: (message: OutgoingMessage) => SendRequest;
  /**
   * What a 2xx says of the message: an acknowledgement, unless told. `null`: nothing, so that it stays unsure. Other answers
   * are not asked about: 4xx is a refusal (not 408, 425 and 429), everything else is unsure.
   */
  readonly acknowledge?: (answer: SendAnswer) => SendAcknowledgement | null;
  /** Where messages are sent, where that is not the host of `url`: `http://127.0.0.1:{port:api}`. */
  readonly sendTo?: string;
  /** Where the token travels when a message is sent: as in `token` unless told. */
  readonly sendToken?: RequestToken;
}

export interface SendRequest {
  /** Begins with `/`. */
  readonly path: string;
  /** POST unless told. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
}

/** An answer to a request: what stands in it as JSON, as text where it is none, null where there is nothing. */
export interface SendAnswer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
  /** The identity of the message that was sent. */
  readonly id: string;
}

export type SendAcknowledgement =
  /** Accepted. `storedAs` is the target's own id of the message. */
  | {
      readonly position?: string | number;
      readonly storedAs?: string | number;
      readonly refused?: undefined;
    }
  /** Refused for good, with the reason. */
  | { readonly refused: string };
