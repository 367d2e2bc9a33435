import type { Contract } from '../contract/data.js';
import type { TestId } from '../history/events.js';
import type { Backoff } from '../base/backoff.js';
import type {
  ClientDefinition,
  MqttOptions,
  PollOptions,
  SocketIoOptions,
  SseOptions,
  WebSocketOptions,
} from '../observe/client/descriptions.js';
import type { JwtOptions, PasswordOptions, RequestDoorOptions } from '../observe/identity/index.js';
import type { CustomOptions, MissionOptions, NamedOptions, NamedUser } from '../observe/provision/index.js';
import type { PagesOptions, RecordOptions, WhoAmIOptions } from '../observe/records/index.js';
import type { AnswersOptions } from '../observe/answers/index.js';
import type { ToxiproxyAt } from '../observe/disruption/index.js';
import type { Fault } from '../observe/network/index.js';
import type { Command, ServiceDescription } from '../observe/target/index.js';

/**
 * A config as the engine wants it: checked, times in milliseconds. What is left out has the default of the part that it
 * configures. `defineConfig` takes `ConfigInput` instead.
 */
export interface Config {
  /** The file that it was loaded from; absent for a config made in code. */
  readonly file?: string;
  readonly target: TargetConfig;
  readonly contract: Contract;
  readonly workload: WorkloadConfig;
  readonly disruption: DisruptionDescription;
  /** The tests asked for; all six unless told. */
  readonly only: readonly TestId[];
}

export interface TargetConfig {
  /** In the order in which they are started. */
  readonly services: Readonly<Record<string, ServiceDescription>>;
  readonly users: UsersDescription;
  readonly provision: ProvisionDescription;
  readonly client: ClientDescription;
  /** By name: what a restart must not change. */
  readonly records: Readonly<Record<string, RecordDescription>>;
  readonly whoAmI?: WhoAmIDescription;
  readonly log?: PagesDescription;
  readonly answers?: AnswersDescription;
  /** By name: addresses at which tokens are tried. */
  readonly doors: Readonly<Record<string, DoorDescription>>;
}

/** Who user number `number` (from 1) of this run is. */
export type UserNaming = (number: number, run: string) => NamedUser;

export type UsersDescription =
  PasswordDescription | JwtDescription | CredentialsDescription | AnonymousDescription;
/** Name and password are shown at each connection. */
export interface CredentialsDescription {
  readonly kind: 'credentials';
  readonly user?: UserNaming;
}
/** Nobody signs in, and no token is shown. */
export interface AnonymousDescription {
  readonly kind: 'anonymous';
  readonly user?: UserNaming;
}
export interface PasswordDescription extends PasswordOptions {
  readonly kind: 'password';
  readonly user?: UserNaming;
}
export interface JwtDescription extends Omit<JwtOptions, 'expiresIn'> {
  readonly kind: 'jwt';
  readonly expiresInMs?: number;
  readonly user?: UserNaming;
}

/** Whose users, which rooms. */
export type ProvisionDescription =
  /** Users are there already, or need not be; rooms come into being when they are joined. */
  | (NamedOptions & { readonly kind: 'named' })
  /** Fixed users and rooms: taken as they are, and the report says so. */
  | { readonly kind: 'given'; readonly users: readonly NamedUser[]; readonly rooms: readonly string[] }
  /** The admin routes of the mission's own service. */
  | (MissionOptions & { readonly kind: 'mission' })
  | (CustomOptions & { readonly kind: 'custom' });

export type ClientDescription =
  | WebSocketDescription
  | SseDescription
  | PollDescription
  | MqttDescription
  | SocketIoDescription
  | CustomDescription;
/** A library of the user's own. */
export interface CustomDescription extends ClientDefinition {
  readonly kind: 'custom';
  /** Only where we dial. */
  readonly backoff?: Backoff;
}
/** Without functions the mission's own protocol is spoken. */
export interface WebSocketDescription extends WebSocketOptions {
  readonly kind: 'web-socket';
  readonly backoff?: Backoff;
}
export interface MqttDescription extends MqttOptions {
  readonly kind: 'mqtt';
}
export interface SocketIoDescription extends SocketIoOptions {
  readonly kind: 'socket-io';
}
export interface SseDescription extends SseOptions {
  readonly kind: 'sse';
  readonly backoff?: Backoff;
}
export interface PollDescription extends PollOptions {
  readonly kind: 'poll';
  readonly backoff?: Backoff;
}
/** One record of the signed-in user. */
export interface RecordDescription extends Omit<RecordOptions, 'name'> {
  readonly kind: 'get';
}
export interface WhoAmIDescription extends WhoAmIOptions {
  readonly kind: 'get';
}
/** An address at which a token is tried: 2xx lets in, 401 and 403 keep out. */
export interface DoorDescription extends Pick<RequestDoorOptions, 'url' | 'user' | 'token'> {
  readonly kind: 'get';
}
/** The stored messages of a room, page by page. */
export interface PagesDescription extends PagesOptions {
  readonly kind: 'pages';
}

/** Answers that come in parts: how they are asked for, read, resumed, cancelled. */
export interface AnswersDescription extends AnswersOptions {
  readonly kind: 'answers';
}

export interface WorkloadConfig {
  readonly sessions: number;
  readonly roomSize: number;
  /** Over all sessions. */
  readonly messagesPerSecond: number;
  /** How long the sessions chat before the disruption. */
  readonly steadyMs: number;
  /** How long nothing may come in before the audit begins. */
  readonly quietMs: number;
  /** The longest text that the target takes, in UTF-16 units. */
  readonly maxLength: number;
}

/** Several: one after the other, in one run. */
export type DisruptionDescription = OneDisruption | SequenceDescription;
export type OneDisruption =
  | RestartDescription
  | CrashDescription
  | RollingDescription
  | PauseDescription
  | OutageDescription
  | DependencyDescription
  | NetworkDescription
  | CommandDescription
  | WatchDescription;
export interface SequenceDescription {
  readonly kind: 'sequence';
  readonly disruptions: readonly OneDisruption[];
  /** From when everyone is back from one until the next. */
  readonly pauseMs?: number;
}
/** SIGTERM, grace, SIGKILL past it, start again; by commands where the service is attached. */
export interface RestartDescription {
  readonly kind: 'restart';
  readonly services: readonly string[];
  /** Absent: the service's own grace. */
  readonly graceMs?: number;
}
/** SIGKILL, start again. */
export interface CrashDescription {
  readonly kind: 'crash';
  readonly services: readonly string[];
  /** Set by a sweep: so long after it was started again it is killed once more, unless it is ready by then. */
  readonly againMs?: number;
}
/** One replica after the other, each ready before the next. */
export interface RollingDescription {
  readonly kind: 'rolling';
  readonly services: readonly string[];
  /** So many in reserve are started first, and stopped at the end. */
  readonly surge: number;
  /** Between two replicas. */
  readonly pauseMs: number;
  readonly graceMs?: number;
}
/** SIGSTOP, wait, SIGCONT. */
export interface PauseDescription {
  readonly kind: 'pause';
  readonly services: readonly string[];
  readonly forMs: number;
}
/** Stop, wait, start. */
export interface OutageDescription {
  readonly kind: 'outage';
  readonly services: readonly string[];
  readonly forMs: number;
  readonly graceMs?: number;
}
/** A restart beneath the services that depend on it. */
export interface DependencyDescription {
  readonly kind: 'dependency';
  readonly services: readonly string[];
  readonly crash?: boolean;
  readonly graceMs?: number;
}
/** A fault of the network between sessions and target. */
export interface NetworkDescription {
  readonly kind: 'network';
  readonly fault: Fault;
  readonly forMs: number;
  /** Absent: our own relay. */
  readonly through?: ToxiproxyAt;
}
/** Whatever a user's deploy is. */
export interface CommandDescription {
  readonly kind: 'command';
  readonly command: Command;
  /** Absent: all of them. */
  readonly services?: readonly string[];
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly readyWithinMs?: number;
}
/** Somebody else deploys. */
export interface WatchDescription {
  readonly kind: 'watch';
  /** Absent: all of them. */
  readonly services?: readonly string[];
  readonly forMs: number;
}
