import { OutlastError } from '../../../base/errors.js';
import type { Facet } from '../../../history/events.js';
import type { Connector } from '../port.js';
import type { Refusal, SocketIoOptions } from './options.js';
import { fieldsOf } from './endings.js';

/** What follows from the options that are there, and from those that are not. */
export interface Protocol {
  readonly lacks: Partial<Record<Facet, string>>;
  readonly admission: Connector['admission'];
  /** Cursors are sent: by `join` where there is one, else by `auth`. */
  readonly resumes: boolean;
  readonly answers: boolean;
  /** The library itself sends again what was not answered. */
  readonly retries: boolean;
  readonly isOfToken: (refusal: Refusal) => boolean;
}

/** Throws `CONFIG_INVALID` where options contradict each other. */
export function protocolOf(options: SocketIoOptions): Protocol {
  const [gap] = gapsIn(options);
  if (gap) throw new OutlastError('CONFIG_INVALID', `socketIo(): ${gap.at}: ${gap.message}`);
  const { acknowledge, join, joined, retries = 0 } = options;
  const answers = acknowledge !== false;
  return {
    lacks: lacksOf(options),
    admission: join && joined ? 'join' : answers ? 'acknowledgement' : 'unseen',
    resumes: options.resume === true,
    answers,
    retries: retries > 0,
    isOfToken: options.unauthorized ?? soundsLikeToken,
  };
}

interface Gap {
  readonly at: 'join' | 'resume' | 'ackTimeout' | 'retries';
  readonly message: string;
}

/** Options that need another one, or exclude it. */
export function gapsIn(
  options: Pick<SocketIoOptions, 'acknowledge' | 'join' | 'joined' | 'resume' | 'retries' | 'auth'> & {
    readonly ackTimeoutMs?: number | undefined;
  },
): Gap[] {
  const { acknowledge, join, joined, resume, retries = 0, auth, ackTimeoutMs } = options;
  const isRetrying = retries > 0;
  return [
    ...gapIf(joined && !join, 'join', 'expected a function: `joined` confirms what `join` asks for'),
    ...gapIf(resume && !join && !auth, 'resume', unasked),
    ...gapIf(isRetrying && ackTimeoutMs === undefined, 'ackTimeout', untimed),
    ...gapIf(isRetrying && acknowledge === false, 'retries', unanswered),
    ...gapIf(isRetrying && join, 'join', queued),
  ];
}

const gapIf = (holds: unknown, at: Gap['at'], message: string): Gap[] => (holds ? [{ at, message }] : []);

const unasked = 'expected a `join` or an `auth` that uses `after`: resuming is asked for there';
const untimed = 'expected a duration: `retries` are made when no answer came within it';
const unanswered = 'expected none beside `acknowledge: false`: the library sends again what is not answered';
const queued =
  'expected none beside `retries`: the library sends one event at a time, and would keep a `join` behind what waits, and for ' +
  'the next connection. Let `auth` name the rooms, and let the server join them when a socket connects';

function lacksOf(options: SocketIoOptions): Protocol['lacks'] {
  const { acknowledge, resume = false, recovery = false, positions = resume } = options;
  return {
    instance: 'Socket.IO does not tell a client which instance it is connected to',
    ...(acknowledge === false
      ? { acknowledgements: 'the server answers no message (`acknowledge: false`)' }
      : {}),
    ...(resume || recovery
      ? {}
      : {
          resume:
            'the client sends no cursor (`resume: true`), and the server recovers no connection (`recovery: true`)',
        }),
    ...(positions
      ? {}
      : { positions: 'the client does not say that messages carry positions (`positions: true`)' }),
  };
}

/** Middlewares say what they like: these words, or a status in the data, are what most of them say of a token. */
const words =
  /unauthori[sz]ed|not authori[sz]ed|forbidden|unauthenticated|authentication|credentials|(invalid|expired|missing|no|bad|wrong) (access )?token|token (is |has )?(invalid|expired|missing|required|revoked)|jwt|signature|session (expired|revoked)/i;

function soundsLikeToken({ message, data }: Refusal): boolean {
  const { status, statusCode, code } = fieldsOf(data);
  return words.test(message) || [status, statusCode, code].some((one) => one === 401 || one === 403);
}
