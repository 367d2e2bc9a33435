import type { Event, EventOf, Kind } from '../history/events.js';
import { safe, type Look } from './layout.js';

type Words = { readonly [K in Kind]: (event: EventOf<K>) => string };

const optional = (label: string, value: string | number | null | undefined) =>
  value === undefined || value === null || value === '' ? '' : `${label}${value}`;
const because = (reason: string | undefined) => optional(': ', reason);
const answers: Readonly<Record<EventOf<'door'>['let'], string>> = {
  in: 'let in',
  out: 'kept out',
  'no-answer': 'no answer',
};

const waits: Readonly<Record<EventOf<'wait'>['why'], string>> = {
  backoff: "the client's own waiting",
  'retry-after': 'as long as the target asked',
  away: 'away on purpose',
};

const steps: Readonly<Record<EventOf<'stream'>['step'], string>> = {
  ask: 'asked for',
  asked: 'under way',
  connect: 'its reader connects',
  open: 'its reader is connected',
  refused: 'its reader is refused',
  lost: 'its reader loses the connection',
  end: 'over, the target says',
  error: 'failed, the target says',
  cancel: 'to be cancelled',
  cancelled: 'cancelled, the target says',
  'give-up': 'not waited for any longer',
};

/** What each kind of event says, for a person. */
const words: Words = {
  'sign-in': ({ how, ok, user, status, reason }) =>
    `${how === 'refresh' ? 'refreshed its token' : how === 'again' ? 'signed in a second time' : 'signed in'}` +
    `${optional(' as ', user)}${ok ? '' : `, and was refused${optional(' with ', status)}${because(reason)}`}`,
  wait: ({ ms, why }) => `waited ${Math.round(ms)} ms (${waits[why]})`,
  connect: ({ door, token }) => `connects to ${door}${optional(' with token ', token)}`,
  open: ({ instance }) => `connection open${optional(' to instance ', instance)}`,
  ready: ({ claims }) => `ready${claims === 'unstated' ? '' : `, told that it is ${claims}`}`,
  refused: ({ at, status, reason }) => `refused at ${at}${optional(' with ', status)}${because(reason)}`,
  close: ({ by, code, reason }) =>
    `connection ${by === 'unknown' ? 'ended, it is not known by whom' : `closed by the ${by}`}${optional(' with ', code)}${because(reason)}`,
  cut: () => 'network taken away',
  uncut: () => 'network given back',
  join: ({ room, cursor }) => `joins ${room}${optional(' from ', cursor)}`,
  joined: ({ room, head }) => `in ${room}${optional(', whose last number is ', head)}`,
  leave: ({ room }) => `leaves ${room}`,
  left: ({ room }) => `left ${room}`,
  send: ({ message, room, purpose }) => `sends ${message} in ${room}${optional(', a ', purpose)}`,
  written: ({ message, attempt }) =>
    `hands over ${message}${attempt > 1 ? ` again (attempt ${attempt})` : ''}`,
  ack: ({ message, position }) => `${message} acknowledged${optional(' as number ', position)}`,
  nack: ({ message, reason }) => `${message} refused${because(reason)}`,
  unsure: ({ message, reason }) => `${message} may have happened${because(reason)}`,
  unoffered: ({ message, reason }) => `${message} could not be offered${because(reason)}`,
  receive: ({ message, room, from, position, damaged }) =>
    `receives ${message ?? (damaged ? 'a damaged message' : 'a message of nobody in this run')} in ${room}` +
    `${optional(' from ', from)}${optional(' as number ', position)}`,
  read: ({ room, cold, at }) => `reads the log of ${room}${cold ? ', cold' : ''}, ${at} the disruption`,
  stored: ({ index, message, position, damaged }) =>
    `stored at ${index}: ${message ?? (damaged ? 'a damaged message' : 'a message of nobody in this run')}` +
    optional(', number ', position),
  'read-end': ({ ok, count, reason }) => `${ok ? 'read' : 'read only'} ${count} messages${because(reason)}`,
  door: ({ credential, token, door, status, instance, ...tried }) =>
    `${credential} token ${token} at ${door}: ${answers[tried.let]}` +
    `${optional(' with ', status)}${optional(' by instance ', instance)}`,
  revoked: ({ token }) => `token ${token} revoked`,
  'who-am-i': ({ user, at }) => `the target says that this is ${user}, ${at} the disruption`,
  record: ({ name, digest, at, reading }) =>
    `record ${name}: ${digest === null ? 'there is none' : `digest ${digest}`}, ${at} the disruption (reading ${reading})`,
  'record-unread': ({ name, at, reason }) =>
    `record ${name} cannot be read, ${at} the disruption${because(reason)}`,
  stream: ({ stream, step, attempt, cursor, status, reason }) =>
    `answer ${stream}: ${steps[step]}${optional(' (connection ', attempt)}${attempt === undefined ? '' : ')'}` +
    `${optional(' from ', cursor)}${optional(' with ', status)}${because(reason)}`,
  part: ({ stream, index, units, position, broken }) =>
    `answer ${stream}: part ${index + 1}, ${units} characters${optional(', id ', position)}` +
    (broken === undefined ? '' : ', with half a character'),
  control: ({ stream, position }) =>
    `answer ${stream}: a frame that is no part moves the cursor to ${position}`,
  'stored-answer': ({ stream, at, sketch, units, state, whole }) =>
    `answer ${stream} is stored ${at} the disruption: ${sketch === null ? 'there is none' : `${units} characters`}` +
    `${optional(', ', state)}${whole === false ? ', not a whole answer' : ''}`,
  'answer-unread': ({ stream, at, reason }) =>
    `answer ${stream} cannot be read, ${at} the disruption${because(reason)}`,
  leak: ({ where }) => `a secret stood in a ${where} of the target, and was removed`,
  phase: ({ phase }) => `phase ${phase}`,
  probe: ({ service, up, ready, instance }) =>
    `${service} is ${ready ? 'ready' : up ? 'up and not ready' : 'down'}${optional(', instance ', instance)}`,
  disruption: ({ type, step, service, signal, exitCode, killed, instance, note }) =>
    `${type}${optional(' of ', service)}: ${step}${optional(' ', signal)}${optional(', exit code ', exitCode)}` +
    `${killed ? ', killed' : ''}${optional(', instance ', instance)}${because(note)}`,
  stall: ({ ms }) => `this program stood still for ${Math.round(ms)} ms`,
  note: ({ text }) => text,
  end: ({ how, reason }) => `the run is ${how}${because(reason)}`,
};

/** One event as a line: when, who, what. */
export function eventInWords(event: Event, look: Pick<Look, 'unicode'>): string {
  const who = 'session' in event ? `session ${event.session}` : '';
  const when = `${(event.t / 1_000).toFixed(3)} s`.padStart(10);
  return safe(`${when}  ${who === '' ? '' : `${who}  `}${whatOf(event)}`, look, 300);
}

function whatOf<K extends Kind>(event: EventOf<K>): string {
  // A history of a newer writer may hold kinds that are not known here.
  if (!Object.hasOwn(words, event.kind)) return event.kind;
  const say: (event: EventOf<K>) => string = words[event.kind as K];
  return say(event);
}
