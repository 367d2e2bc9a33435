import type { Duration } from '../base/duration.js';
import type { TestId } from '../history/events.js';
import type {
  Acknowledgement,
  Command,
  NamedUser,
  OutgoingMessage,
  ProvisionPlan,
  Provisioned,
  ReceivedMessage,
  TokenPlace,
  UserNaming,
} from './types.js';

// Mappings are written as methods, so that one may say what it takes: `acknowledge: (frame: MyFrame) => …`.

/** What a config file says. Only what differs from the defaults need be there. */
export interface ConfigInput<Name extends string = string> {
  readonly target: TargetInput<Name>;
  /** What the target promises: `exactlyOnce()` unless told. */
  readonly contract?: ContractInput;
  readonly workload?: WorkloadInput;
  /** What is done to the target: `restart('backend')`, `crash('backend')`. */
  readonly disruption: DisruptionInput<NoInfer<Name>>;
  /** The tests to judge; all six unless told. */
  readonly only?: readonly TestId[];
}

export interface TargetInput<Name extends string = string> {
  /** In the order in which they are started: `{ backend: launch({ … }) }`. */
  readonly services: Readonly<Record<Name, ServiceInput>>;
  /** How sessions get their tokens: `password({ … })`, `jwt({ … })`. */
  readonly users: UsersInput;
  /** Whose users, which rooms. Unless told: users as `users` names them, rooms that come into being when joined. */
  readonly provision?: ProvisionInput;
  readonly client: WebSocketInput;
  /** What a restart must not change, by name: `{ profile: get('/users/me') }`. */
  readonly records?: Readonly<Record<string, GetInput>>;
  /** Who the target says that a session is: `get('/auth/verify', { user: (body) => … })`. */
  readonly whoAmI?: GetInput;
  /** What the target stores of a room: `pages({ … })`. */
  readonly log?: PagesInput;
  /** Addresses at which tokens are tried, besides the client's own, by name. */
  readonly doors?: Readonly<Record<string, GetInput>>;
}

export type ServiceInput = LaunchInput | AttachInput;

export interface LaunchOptions {
  /** A text is split at blanks, or given to a shell when `shell` is true; a list is taken as it is. */
  readonly command: string | readonly string[];
  readonly shell?: boolean;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `http://…` (a 2xx is ready) or `tcp://host:port` (an accepted connection is). */
  readonly ready: string;
  /** Where the instance is told: a field of the ready answer (`boot`), or `header:x-instance`. */
  readonly instance?: string;
  /** 30 s unless told. */
  readonly readyWithin?: Duration;
  /** From SIGTERM to SIGKILL: 10 s unless told. */
  readonly grace?: Duration;
}
export interface LaunchInput extends LaunchOptions {
  readonly kind: 'launch';
}

export interface AttachOptions {
  readonly ready: string;
  readonly instance?: string;
  /** `restart`, or `stop` and `start`: a list is run as it is, a text is given to a shell. */
  readonly commands?: { readonly stop?: Command; readonly start?: Command; readonly restart?: Command };
  /** 60 s unless told. */
  readonly commandTimeout?: Duration;
  /** 30 s unless told. */
  readonly readyWithin?: Duration;
}
export interface AttachInput extends AttachOptions {
  readonly kind: 'attach';
}

export type UsersInput = PasswordInput | JwtInput;

export interface PasswordOptions {
  /** Where name and password are posted. */
  readonly url: string;
  /** Where a refresh token is posted. */
  readonly refreshUrl?: string;
  /** Where a session is ended, which revokes its tokens. */
  readonly logoutUrl?: string;
  /** Where the keys are published that tokens are verified with. */
  readonly jwksUrl?: string;
  /** Who user number `number` (from 1) of this run is; not needed where `provision` makes the users. */
  readonly user?: UserNaming;
  /** The body of a sign-in: `{ username, password }` unless told. */
  body?(user: { readonly name: string; readonly password: string }): unknown;
  /** The body of a refresh: `{ refresh_token }` unless told. */
  refreshBody?(refreshToken: string): unknown;
  /** Reads an answer: `{ access_token, refresh_token, expires_in, user: { id } }` unless told. */
  grant?(body: unknown): {
    readonly token: string;
    readonly refreshToken?: string;
    readonly expiresInSeconds?: number;
    readonly user?: string;
  };
}
export interface PasswordInput extends PasswordOptions {
  readonly kind: 'password';
}

export interface JwtOptions {
  /** The shared key, for HS256, HS384 and HS512. */
  readonly secret?: string;
  /** The private key (PEM, PKCS 8), for the asymmetric ones. */
  readonly privateKey?: string;
  /** HS256 for a secret; needed with a private key. */
  readonly algorithm?: string;
  /** The `kid` of the header. */
  readonly keyId?: string;
  /** The claims of a user's token; `sub`, `iat` and `exp` are put in where they are missing. */
  claims?(user: { readonly id: string; readonly name: string }): Readonly<Record<string, unknown>>;
  /** 15 minutes unless told. */
  readonly expiresIn?: Duration;
  readonly user?: UserNaming;
}
export interface JwtInput extends JwtOptions {
  readonly kind: 'jwt';
}

/** One of: fixed `users` and `rooms`; names for `room`s; the mission's admin routes; two functions of your own. */
export type ProvisionOptions =
  | { readonly users: readonly NamedUser[]; readonly rooms: readonly string[] }
  | { room(room: string, run: string): string }
  | { readonly auth: string; readonly backend: string; readonly adminKey: string }
  | {
      setUp(population: ProvisionPlan, call: { readonly signal: AbortSignal }): Promise<Provisioned>;
      tearDown?(call: { readonly signal: AbortSignal }): Promise<void>;
    };
export type ProvisionInput = ProvisionOptions & { readonly kind: 'provision' };

export interface WebSocketOptions {
  /** May hold placeholders: `ws://127.0.0.1:{port:backend}/ws`. */
  readonly url: string;
  /** Where the token travels: `query` (`?token=`) unless told. */
  readonly token?: TokenPlace;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** The frame that says a message. With it, `receive` is needed too; without both, the mission's protocol is spoken. */
  send?(message: OutgoingMessage): unknown;
  /** What a frame says of a message that was sent; null for frames that say nothing of it. */
  acknowledge?(frame: unknown): Acknowledgement | null;
  /** The message or messages that a frame brings; null for other frames. */
  receive?(frame: unknown): ReceivedMessage | readonly ReceivedMessage[] | null;
  /** The frame that enters a room; `after` is how far this session has read it, null at first. */
  join?(entry: { readonly room: string; readonly after: string | null }): unknown;
  /** The room that a frame confirms; without this function joining is in effect at once. */
  joined?(frame: unknown): { readonly room: string; readonly head?: string | number } | null;
  /** True when `join` uses `after`, so that the target replays what was missed. */
  readonly resume?: boolean;
  /** 1 MiB unless told. */
  readonly maxFrameBytes?: number;
  /** 10 s unless told. */
  readonly dialTimeout?: Duration;
  /** The header of the upgrade answer that names the instance: `x-instance` unless told. */
  readonly instanceHeader?: string;
}
export interface WebSocketInput extends WebSocketOptions {
  readonly kind: 'web-socket';
}

export interface GetOptions {
  /** Records: whose record it is. Unless told: `session` for names that begin so, else `user`. */
  readonly of?: 'user' | 'session' | 'other';
  /** Records: only this part of the body. */
  pick?(body: unknown): unknown;
  /** Records: fields that may change are left out. */
  readonly omit?: readonly string[];
  /** Who am I, doors: the user that the body names. */
  user?(body: unknown): string;
  /** Who am I: what else must stay the same, such as roles. */
  claims?(body: unknown): unknown;
  /** Where the token travels: `Authorization: Bearer …` unless told. */
  readonly token?:
    'header' | { readonly header: string; readonly prefix?: string } | { readonly query: string };
}
export interface GetInput extends GetOptions {
  readonly kind: 'get';
  /** A path is taken at the host of the client's url. */
  readonly url: string;
}

export interface PagesOptions {
  /** The page of `room` after a cursor, which is null for the first. A path is taken at the host of the client's url. */
  url?(room: string, after: string | null): string;
  items?(body: unknown): readonly unknown[];
  /** The cursor of the next page; null on the last one. */
  next?(body: unknown): string | number | null;
  text?(item: unknown): string;
  id?(item: unknown): string | undefined;
  position?(item: unknown): string | number | undefined;
  from?(item: unknown): string | undefined;
  readonly token?: GetOptions['token'];
}
export interface PagesInput extends PagesOptions {
  readonly kind: 'pages';
}

export interface ContractOptions {
  /** `sender`: each sender's messages in order. `room`: all readers of a room agree on one order. */
  readonly order?: 'none' | 'sender' | 'room';
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

export type DisruptionInput<Name extends string = string> = RestartInput<Name> | CrashInput<Name>;
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
