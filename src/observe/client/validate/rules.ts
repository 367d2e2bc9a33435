import { OutlastError } from '../../../base/errors.js';

/** What a client owes to a history. */
export interface Rule {
  /** After *expected the client to*. */
  readonly expects: string;
  /** What its author should do. */
  readonly advice: string;
}

export const rules = {
  'dials-through': {
    expects: 'dial the address that its session gives it',
    advice:
      'Connect to `session.url` (or `session.through(address)`): the relay that cuts sessions stands there',
  },
  'hands-over': {
    expects: 'give { send, close } from `connect`',
    advice: 'Return both functions, or a promise of them, and keep nothing back until the session is ready',
  },
  'opens-first': {
    expects: 'tell of a connection only while it is open',
    advice:
      'Call `tell.opened()` when the connection is there, and tell of messages between that and `tell.closed()`',
  },
  'ready-once': {
    expects: 'tell once for each connection that it is ready',
    advice: 'Call `tell.ready()` once after each `tell.opened()`, when the session is in its rooms',
  },
  enters: {
    expects: 'connect, and tell that it is ready when its session is in its rooms',
    advice:
      'Call `tell.ready()` when the target has let the session in. Does it let this user in, with this token?',
  },
  'connects-when-ready': {
    expects: 'say that it is connected when the session is ready, not before',
    advice: 'Resolve `connect` at `ready`, and be `connected` from then until the loss is told',
  },
  'tells-messages': {
    expects: 'tell messages as { room, text }',
    advice:
      'Hand the text on as it came, with the id of its room: `tell.received({ room, text, from, id, position })`',
  },
  hears: {
    expects: 'tell what its session receives',
    advice:
      'Hand every message on with its whole text: the word at its beginning says which message it is. Is the room the right one?',
  },
  'filters-nothing': {
    expects: 'tell a message as often as it came',
    advice:
      'Leave repeats in, also those of a replay: hiding them hides the bug. Switch the filter of the library off',
  },
  'acknowledges-what-was-sent': {
    expects: 'acknowledge only messages that its session has sent',
    advice: 'Acknowledge by the `id` that `send` was given, and never the message of somebody else',
  },
  'acknowledges-once': {
    expects: 'acknowledge each message once for each time that it was sent',
    advice: 'Answer either from `send` or with `tell.acknowledged`, not with both',
  },
  answers: {
    expects: 'settle every `send` with an answer',
    advice:
      "Resolve to { answer: 'ack' | 'nack' | 'unsure', … }, or to nothing and call `tell.acknowledged` later. A rejection of the library is { answer: 'unsure', reason }",
  },
  'tells-loss': {
    expects: 'tell when the connection is lost',
    advice: 'Call `tell.closed({ code, reason })` for every end, also the one that comes without a goodbye',
  },
  'comes-back': {
    expects: 'come back by itself when the target is there again',
    advice: "Let the library try for ever, or say `reconnects: 'us'` and let Outlast dial again",
  },
  'silent-afterwards': {
    expects: 'tell nothing after it was closed',
    advice: 'End the library in `close`, wait for its end there, and take its listeners off',
  },
  'leaves-clean': {
    expects: 'leave no connection behind when it is closed, and never to fail at that',
    advice: 'Resolve `close` when the connection is gone; closing what is closed already is nothing',
  },
  'keeps-apart': {
    expects: 'share nothing between sessions',
    advice:
      'Make a connection of its own in each call of `connect`: many libraries have an option `forceNew`',
  },
  'throws-nothing': {
    expects: 'throw nothing',
    advice:
      'Catch what the library throws or emits as an error, and tell it with `tell.refused` or `tell.closed`',
  },
  'never-blocks': {
    expects: 'leave the event loop to all sessions',
    advice:
      'Do nothing synchronous that takes long: what waits there is measured as the slowness of the target',
  },
  'says-what-it-lacks': {
    expects: 'name in `lacks` what it never tells',
    advice: "Tell it, or say why not: `lacks: { positions: 'the library shows none' }`",
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** A rule that a client broke. */
export interface Breach {
  readonly rule: RuleId;
  /** After *it*: `told of a message between `tell.closed()` and the next `tell.opened()``. */
  readonly did: string;
}

export const misbehaved = (client: string, { rule, did }: Breach): OutlastError => {
  const { expects, advice } = rules[rule];
  return new OutlastError(
    'CLIENT_MISBEHAVED',
    `expected the client ${client} to ${expects}; it ${did} (${rule}). ${advice}`,
  );
};
