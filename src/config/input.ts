import type { Duration } from '../base/duration.js';
import type { TestId } from '../history/events.js';
import type { AnswersOptions as EngineAnswersOptions } from '../observe/answers/index.js';
import type {
  ClientDefinition,
  PollOptions as EnginePollOptions,
  SseOptions as EngineSseOptions,
  WebSocketOptions as EngineWebSocketOptions,
} from '../observe/client/descriptions.js';
import type {
  JwtOptions as EngineJwtOptions,
  PasswordOptions as EnginePasswordOptions,
} from '../observe/identity/index.js';
import type { CustomOptions, MissionOptions, NamedOptions, NamedUser } from '../observe/provision/index.js';
import type {
  PagesOptions as EnginePagesOptions,
  RecordOptions,
  WhoAmIOptions,
} from '../observe/records/index.js';
import type { AttachDescription, LaunchDescription } from '../observe/target/index.js';
import type {
  CommandInput,
  DependencyInput,
  NetworkInput,
  OutageInput,
  PauseInput,
  WatchInput,
} from './input/disruptions.js';
import type { WithLoose } from './input/loose.js';
import type { MqttInput } from './input/mqtt.js';
import type { SocketIoInput } from './input/socket-io.js';
import type { UserNaming } from './types.js';

/** What a config file says. Only what differs from the defaults need be there. */
export interface ConfigInput<Name extends string = string> {
  readonly target: TargetInput<Name>;
  /** What the target promises: `exactlyOnce()` unless told. */
  readonly contract?: ContractInput;
  readonly workload?: WorkloadInput;
  /** What is done to the target: `restart('backend')`, `crash('backend')`; several with `sequence([…])`. */
  readonly disruption: DisruptionInput<NoInfer<Name>>;
  /** The tests to judge; all six unless told. */
  readonly only?: readonly TestId[];
}

export interface TargetInput<Name extends string = string> {
  /** In the order in which they are started: `{ backend: launch({ … }) }`. */
  readonly services: Readonly<Record<Name, ServiceInput>>;
  /** How sessions get their tokens: `password({ … })`, `jwt({ … })`, `credentials({ … })`, `anonymous()`. */
  readonly users: UsersInput;
  /** Whose users, which rooms. Unless told: users as `users` names them, rooms that come into being when joined. */
  readonly provision?: ProvisionInput;
  /**
   * How sessions speak to the target: `webSocket({ … })`, `sse({ … })`, `poll({ … })`, `mqtt({ … })` of `outlast/mqtt`,
   * `socketIo({ … })` of `outlast/socketio`.
   */
  readonly client: ClientInput;
  /** What a restart must not change, by name: `{ profile: get('/users/me') }`. */
  readonly records?: Readonly<Record<string, GetInput>>;
  /** Who the target says that a session is: `get('/auth/verify', { user: (body) => … })`. */
  readonly whoAmI?: GetInput;
  /** What the target stores of a room: `pages({ … })`. */
  readonly log?: PagesInput;
  /** How answers that come in parts are asked for, read and resumed: `answers({ … })`. */
  readonly answers?: AnswersInput;
  /** Addresses at which tokens are tried, besides the client's own, by name. */
  readonly doors?: Readonly<Record<string, GetInput>>;
}

export type ServiceInput = LaunchInput | AttachInput;
export interface LaunchOptions extends Omit<LaunchDescription, 'kind' | 'readyWithinMs' | 'graceMs'> {
  /** 30 s unless told. */
  readonly readyWithin?: Duration;
  /** From SIGTERM to SIGKILL: 10 s unless told. */
  readonly grace?: Duration;
}
export interface LaunchInput extends LaunchOptions {
  readonly kind: 'launch';
}
export interface AttachOptions extends Omit<
  AttachDescription,
  'kind' | 'commandTimeoutMs' | 'readyWithinMs'
> {
  /** 60 s unless told. */
  readonly commandTimeout?: Duration;
  /** 30 s unless told. */
  readonly readyWithin?: Duration;
}
export interface AttachInput extends AttachOptions {
  readonly kind: 'attach';
}

export type UsersInput = PasswordInput | JwtInput | CredentialsInput | AnonymousInput;
interface Naming {
  /** Who user number `number` (from 1) of this run is; not needed where `provision` makes the users. */
  readonly user?: UserNaming;
}
export interface PasswordOptions extends WithLoose<EnginePasswordOptions>, Naming {}
export interface PasswordInput extends PasswordOptions {
  readonly kind: 'password';
}
export interface JwtOptions extends WithLoose<EngineJwtOptions>, Naming {}
export interface JwtInput extends JwtOptions {
  readonly kind: 'jwt';
}

export type NamingOptions = Naming;
export interface CredentialsInput extends Naming {
  readonly kind: 'credentials';
}
export interface AnonymousInput extends Naming {
  readonly kind: 'anonymous';
}

/** One of: fixed `users` and `rooms`; names for `room`s; the mission's admin routes; two functions of your own. */
export type ProvisionOptions =
  | { readonly users: readonly NamedUser[]; readonly rooms: readonly string[] }
  | Required<Pick<NamedOptions, 'room'>>
  | MissionOptions
  | CustomOptions;
export type ProvisionInput = ProvisionOptions & { readonly kind: 'provision' };

export interface WebSocketOptions extends WithLoose<
  Omit<EngineWebSocketOptions, 'dialTimeoutMs' | 'token' | 'ping' | 'encoding'>
> {
  /**
   * Where the token travels: `'query'` (`?token=`, unless told), `'header'` (`Authorization: Bearer …`), `'subprotocol'`
   * (`bearer.<token>` beside `chat`), `'first-frame'` (`{ type: 'hello', token }`), or a form of your own:
   * `{ query: 'access_token' }`, `{ header: 'x-auth', prefix: 'Bearer ' }`, `{ subprotocol: (token) => [`jwt.${token}`] }`,
   * `{ firstFrame: (token) => ({ type: 'auth', token }) }`. An answer to a first frame is not awaited.
   */
  readonly token?: EngineWebSocketOptions['token'];
  /** Other frames than JSON texts. */
  readonly encoding?: WithLoose<NonNullable<EngineWebSocketOptions['encoding']>>;
  /** A frame of the protocol that is sent so often while a connection is open: `{ every: '10s', frame: () => ({ op: 'ping' }) }`. */
  readonly ping?: { readonly every: Duration; readonly frame: () => unknown };
  /** From the first packet until every room is joined: 10 s unless told. */
  readonly dialTimeout?: Duration;
  /** Waits before attempts to come back are drawn from 0 to a ceiling, which is `first` and doubles up to `max`: 100 ms and 2 s unless told. */
  readonly backoff?: { readonly first?: Duration; readonly max?: Duration };
}
export type ClientInput =
  WebSocketInput | SseInput | PollInput | MqttInput | SocketIoInput | CustomClientInput;
export interface CustomClientOptions extends Omit<ClientDefinition, 'dialTimeoutMs'> {
  /** Where we dial, from `connect` to `ready`: 10 s unless told. */
  readonly dialTimeout?: Duration;
  /** Where we dial: see `webSocket`. */
  readonly backoff?: WebSocketOptions['backoff'];
}
export interface CustomClientInput extends CustomClientOptions {
  readonly kind: 'custom';
}
export interface WebSocketInput extends WebSocketOptions {
  readonly kind: 'web-socket';
}

export interface SseOptions extends WithLoose<Omit<EngineSseOptions, 'dialTimeoutMs' | 'idleTimeoutMs'>> {
  /** A stream on which nothing comes for so long, not even a comment, is given up. Never unless told. */
  readonly idleTimeout?: Duration;
  /** From the first packet until every stream is open and every room is joined: 10 s unless told. */
  readonly dialTimeout?: Duration;
  /** As of `webSocket`. What the service says in `retry:` comes first. */
  readonly backoff?: WebSocketOptions['backoff'];
}
export interface PollOptions extends WithLoose<
  Omit<EnginePollOptions, 'intervalMs' | 'longPoll' | 'answerWithinMs'>
> {
  /** From an answer to the next question: 500 ms, and with `longPoll` none, unless told. */
  readonly interval?: Duration;
  /** The target is asked to hold a question until there is something new: by this parameter, for at most so long. */
  readonly longPoll?: { readonly query: string; readonly value: string | number; readonly atMost: Duration };
  /** An answer to a question that takes longer is none: 5 s unless told, and with `longPoll` so much more. */
  readonly answerWithin?: Duration;
  /** As of `webSocket`. */
  readonly backoff?: WebSocketOptions['backoff'];
}
export interface PollInput extends PollOptions {
  readonly kind: 'poll';
}
export interface SseInput extends SseOptions {
  readonly kind: 'sse';
}

export interface GetOptions
  extends
    WithLoose<Pick<RecordOptions, 'pick' | 'omit'>>,
    Partial<WithLoose<Pick<WhoAmIOptions, 'user' | 'claims'>>> {
  /** Records: whose record it is. Unless told: `session` for names that begin so, else `user`. */
  readonly of?: RecordOptions['of'];
  /** Where the token travels: `header` (`Authorization: Bearer …`) unless told. */
  readonly token?: 'header' | RecordOptions['token'];
}
export interface GetInput extends GetOptions {
  readonly kind: 'get';
  /** A path is taken at the host of the client's url. */
  readonly url: string;
}

export interface PagesOptions extends Partial<WithLoose<Omit<EnginePagesOptions, 'token'>>> {
  readonly token?: GetOptions['token'];
}
export interface PagesInput extends PagesOptions {
  readonly kind: 'pages';
}

export interface AnswersOptions extends WithLoose<
  Omit<EngineAnswersOptions, 'token' | 'cancel' | 'silenceMs'>
> {
  readonly token?: GetOptions['token'];
  /** Where an answer is cancelled, with POST: `/:id/cancel` below `url` unless told. False: there is no such thing. */
  readonly cancel?: EngineAnswersOptions['cancel'];
  /** An answer of which nothing comes for so long, although the target is back, is not waited for: 5 s unless told. */
  readonly silence?: Duration;
}
export interface AnswersInput extends AnswersOptions {
  readonly kind: 'answers';
}

export interface ContractOptions {
  /** `sender`: each sender's messages in order. `room`: all readers of a room agree on one order. */
  readonly order?: 'none' | 'sender' | 'room';
  /** Two messages on one connection keep their order even when the second did not wait for the first's answer. */
  readonly pipelining?: boolean;
  /** A message sent again under the same id is the same message. */
  readonly idempotent?: boolean;
  /** How the target may change a text. */
  readonly text?: 'exact' | 'trimmed' | 'escaped';
  /** The sender receives its own messages too. */
  readonly echo?: boolean;
  /** An absence that is longer, or misses more, is not owed a replay. No limit unless told. */
  readonly replayWindow?: { readonly time?: Duration; readonly messages?: number };
  /** A session that was away for longer may be signed out: 1 minute unless told. */
  readonly offline?: Duration;
  /** When a revoked token must be refused: `immediate` unless told. */
  readonly revocation?: 'immediate' | 'at-expiry' | Duration;
  /** Whether sessions are meant to lose their connection. */
  readonly connectionLost?: 'expected' | 'allowed' | 'never';
  /**
   * Where several replicas stand behind one address. `notice`: how long the balancer may take to see that a replica is gone or
   * back, 2 s unless told. `disconnects`: how often one rollout may disconnect a session: more than once only by restarts, without
   * sending it to replicas that are next by preference (`needed`, unless told); never more than `once`; or as often as `any`.
   */
  readonly rollout?: { readonly notice?: Duration; readonly disconnects?: 'once' | 'needed' | 'any' };
  /** Restart 5 s, reconnect 10 s, recovery 10 s, all 30 s unless told. */
  readonly budgets?: {
    readonly restart?: Duration;
    readonly reconnect?: Duration;
    readonly recovery?: Duration;
    readonly total?: Duration;
  };
  /** 0.999 and 30 restarts a month unless told. */
  readonly availability?: { readonly target?: number; readonly restartsPerMonth?: number };
}
export interface ContractInput extends ContractOptions {
  readonly kind: 'exactly-once' | 'at-least-once' | 'at-most-once';
}

export interface WorkloadInput {
  /** 50 unless told. */
  readonly sessions?: number;
  /** 5 unless told. */
  readonly roomSize?: number;
  /** Over all sessions: 100 unless told. */
  readonly messagesPerSecond?: number;
  /** How long the sessions chat before the disruption: 1.5 s unless told. */
  readonly steady?: Duration;
  /** How long nothing may come in before the audit: 2 s unless told. */
  readonly quiet?: Duration;
  /** The longest text that the target takes, in UTF-16 units: 2000 unless told. */
  readonly maxLength?: number;
}

/** Several: one after the other, in one run. */
export type DisruptionInput<Name extends string = string> = OneDisruptionInput<Name> | SequenceInput<Name>;
export type OneDisruptionInput<Name extends string = string> =
  | RestartInput<Name>
  | CrashInput<Name>
  | RollingInput<Name>
  | PauseInput<Name>
  | OutageInput<Name>
  | DependencyInput<Name>
  | NetworkInput
  | CommandInput<Name>
  | WatchInput<Name>;
export interface SequenceInput<Name extends string = string> {
  readonly kind: 'sequence';
  readonly disruptions: readonly OneDisruptionInput<Name>[];
  /** From when everyone is back from one until the next: 1 s unless told. */
  readonly pause?: Duration;
}
export interface RestartInput<Name extends string = string> {
  readonly kind: 'restart';
  readonly services: readonly Name[];
  /** From SIGTERM to SIGKILL; the service's own unless told. */
  readonly grace?: Duration;
}
export interface CrashInput<Name extends string = string> {
  readonly kind: 'crash';
  readonly services: readonly Name[];
}
export interface RollingOptions {
  /** Start one of the service's `spare` replicas, or so many, before the first is stopped; they are stopped at the end. */
  readonly surge?: boolean | number;
  /** After each replica is ready, before the next is stopped: none unless told. A balancer needs as long as its checks take. */
  readonly pause?: Duration;
  /** From SIGTERM to SIGKILL; the service's own unless told. */
  readonly grace?: Duration;
}
export interface RollingInput<Name extends string = string> extends RollingOptions {
  readonly kind: 'rolling';
  readonly services: readonly Name[];
}
