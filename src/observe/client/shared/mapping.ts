import { messageOf, OutlastError } from '../../../base/errors.js';
import { printable } from '../../../base/printable.js';

/** A function of the config, by its key. */
export type MappingName = keyof typeof duties;

/** What a function did with what it was given: it threw, or gave something that cannot be used. */
export type Misdeed = { readonly threw: unknown } | { readonly gave: unknown };

/** Shown of a frame, and of what was made of it, in characters. */
const longestShown = 200;

interface Duty {
  /** The key in the config, where other protocols have one of the same name and another duty. */
  readonly name?: string;
  /** What it is given, in a word. */
  readonly takes: string;
  readonly gives: string;
  readonly advice: string;
}

const anyFrame = (gives: string, others: string): Duty => ({
  takes: 'frame',
  gives: `${gives} or null`,
  advice: `Return null for frames that ${others}`,
});
const writable = (takes: string): Duty => ({
  takes,
  gives: 'a frame',
  advice: 'Return something that can be written as JSON',
});
const emission = (name: string, takes: string): Duty => ({
  ...{ name, takes },
  gives: '[event, …parameters]',
  advice: 'Return a list: the name of the event, and its parameters',
});
const anyEvent = (name: string, gives: string, others: string): Duty => ({
  ...{ name, takes: 'event' },
  gives: `${gives} or null`,
  advice: `Return null for events that ${others}`,
});
const anyAnswer = (name: string, gives: string, others: string): Duty => ({
  ...{ name, takes: 'answer' },
  gives: `${gives} or null`,
  advice: `Return null for answers that ${others}`,
});

const duties = {
  send: writable('message'),
  acknowledge: anyFrame('{ id }, { text }', 'answer no message'),
  receive: anyFrame('{ room, text }, a list of them', 'are not messages'),
  join: writable('room'),
  'ping.frame': writable('ping'),
  pong: writable('frame'),
  'encoding.encode': {
    takes: 'frame',
    gives: 'a text or bytes (Uint8Array)',
    advice: 'Return what travels as one frame',
  },
  topic: {
    takes: 'room',
    gives: 'a topic of its own for each room, without + and #, and not beginning with $',
    advice: 'Return a text such as `chat/${room}`',
  },
  joined: anyFrame('{ room }, { refused }', 'confirm no room'),
  'token.firstFrame': writable('token'),
  'token.subprotocol': {
    takes: 'token',
    gives: 'a list of names',
    advice: 'Return a list of texts: [name, …]',
  },
  'socket-io.auth': {
    name: 'auth',
    takes: 'token',
    gives: 'an object',
    advice: 'Return what the server reads from socket.handshake.auth, such as { token }',
  },
  'socket-io.send': emission('send', 'message'),
  'socket-io.join': emission('join', 'room'),
  'socket-io.acknowledge': anyAnswer(
    'acknowledge',
    '{ position }, { refused }',
    'neither accept nor refuse a message',
  ),
  'socket-io.joined': anyAnswer('joined', '{ head }, { refused }', 'do not confirm the room'),
  'socket-io.receive': anyEvent('receive', '{ room, text }, a list of them', 'are not messages'),
  'sse.receive': anyEvent('receive', '{ room, text }, a list of them', 'are not messages'),
  'sse.joined': anyEvent('joined', '{ room }, { refused }, a list of them', 'confirm no room'),
  'http.send': {
    ...{ name: 'send', takes: 'message' },
    gives: "a request: { path: '/…', body }",
    advice: 'The path begins with /, and is taken at the host of `url` or of `sendTo`',
  },
  'http.acknowledge': anyAnswer(
    'acknowledge',
    '{ position?, storedAs? }, { refused }',
    'promise nothing, whatever their status',
  ),
  'poll.receive': anyAnswer('receive', '{ room, text }, a list of them', 'hold no messages'),
  'poll.position': {
    ...{ name: 'receive', takes: 'answer' },
    gives: 'messages with a `position`, since there is no function `next`',
    advice: 'Without a cursor the next question would bring the same messages again',
  },
  'poll.next': {
    ...{ name: 'next', takes: 'answer' },
    gives: 'the cursor of the next question, or null where it stays the same',
    advice: 'Return a text or a number where there are messages',
  },
  'poll.more': {
    ...{ name: 'more', takes: 'answer' },
    gives: 'true or false',
    advice: 'Return true where a page is full',
  },
} as const satisfies Readonly<Record<string, Duty>>;

/** A function of the config failed: the config's fault, never the target's. */
export class MappingFailure extends Error {
  override readonly name = 'MappingFailure';

  constructor(
    readonly mapping: MappingName,
    private readonly misdeed: Misdeed,
    /** What it was given, where that may be shown. */
    private readonly on?: unknown,
  ) {
    super(`the function \`${nameOf(mapping)}\` failed`);
    // Nobody waits for it: its own failure must not end the process.
    if ('gave' in misdeed && misdeed.gave instanceof Promise) misdeed.gave.catch(() => undefined);
  }

  /** For the author of the config. Whole texts go through `veil` before they are cut: half a token is a secret too. */
  inWords(veil: (text: string) => string): OutlastError {
    const { takes, gives, advice }: Duty = duties[this.mapping];
    const name = nameOf(this.mapping);
    const shown = (text: string) => printable(veil(text), longestShown);
    const did =
      'threw' in this.misdeed
        ? `take every ${takes}; it threw ${thrownInWords(this.misdeed.threw, shown)}`
        : `return ${gives}; it returned ${shown(written(this.misdeed.gave))}`;
    const on = this.on === undefined ? '' : ` on the ${takes} ${shown(written(this.on))}`;
    const message = `expected \`${name}\` of the client to ${did}${on}. ${advice}`;
    return new OutlastError('MAPPING_FAILED', message);
  }
}

function nameOf(mapping: MappingName): string {
  const { name = mapping }: Duty = duties[mapping];
  return name;
}

/** What a function made for the wire, as JSON. Throws `MappingFailure`. */
export function encodedBy(mapping: MappingName, make: () => unknown, on?: unknown): string {
  const frame = attempted(mapping, make, on);
  const text: string | undefined = attempted(mapping, () => JSON.stringify(frame), on);
  if (text === undefined || frame instanceof Promise) throw new MappingFailure(mapping, { gave: frame }, on);
  return text;
}

/** What it gave. Throws `MappingFailure` where it throws. */
export function attempted<Made>(mapping: MappingName, make: () => Made, on?: unknown): Made {
  try {
    return make();
  } catch (error) {
    throw new MappingFailure(mapping, { threw: error }, on);
  }
}

function thrownInWords(thrown: unknown, shown: (text: string) => string): string {
  if (!(thrown instanceof Error)) return shown(written(thrown));
  const article = /^[aeiou]/i.test(thrown.name) ? 'an' : 'a';
  const why = thrown.message === '' ? '' : ` (${shown(messageOf(thrown))})`;
  return `${article} ${thrown.name}${why}`;
}

/** As JSON where it has a form there. */
function written(value: unknown): string {
  if (value instanceof Promise) return 'a promise (it must not be async)';
  try {
    const text: string | undefined = JSON.stringify(value);
    return text ?? (typeof value === 'function' ? 'a function' : messageOf(value));
  } catch {
    return messageOf(value);
  }
}
