import type { Contract } from '../contract/data.js';
import type { TestId } from '../history/events.js';

/** A config as the engine wants it: checked, complete, times in milliseconds. `defineConfig` takes `ConfigInput` instead. */
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
  readonly client: WebSocketDescription;
  /** By name: what a restart must not change. */
  readonly records: Readonly<Record<string, RecordDescription>>;
  readonly whoAmI?: WhoAmIDescription;
  readonly log?: PagesDescription;
  /** By name: addresses at which tokens are tried. */
  readonly doors: Readonly<Record<string, DoorDescription>>;
}

export type ServiceDescription = LaunchDescription | AttachDescription;

/** A service that the run starts and stops. Texts may hold `{port:NAME}`, `{folder:NAME}`, `{secret:NAME}`. */
export interface LaunchDescription {
  readonly kind: 'launch';
  /** A text is split at blanks (or given to a shell when `shell` is true); a list is taken as it is. */
  readonly command: string | readonly string[];
  readonly shell: boolean;
  readonly cwd?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `http://…` (2xx is ready) or `tcp://host:port` (an accepted connection is). */
  readonly ready: string;
  /** Where the instance is told: a field of the ready answer, or `header:x-instance`. */
  readonly instance?: string;
  readonly readyWithinMs: number;
  readonly graceMs: number;
}

/** A service that somebody else runs. */
export interface AttachDescription {
  readonly kind: 'attach';
  readonly ready: string;
  readonly instance?: string;
  readonly commands: { readonly stop?: Command; readonly start?: Command; readonly restart?: Command };
  readonly commandTimeoutMs: number;
  readonly readyWithinMs: number;
}

/** A list is run as it is; a text is given to a shell. */
export type Command = string | readonly string[];

/** Who user number `number` (from 1) of this run is. */
export type UserNaming = (number: number, run: string) => NamedUser;
export interface NamedUser {
  readonly name: string;
  /** Absent where tokens are minted. */
  readonly password?: string;
  /** The target's id of the user; the name unless told. */
  readonly id?: string;
}

export type UsersDescription = PasswordDescription | JwtDescription;

/** Sessions sign in with name and password. URLs may hold placeholders. Without mappings the fields are the mission's own. */
export interface PasswordDescription {
  readonly kind: 'password';
  readonly url: string;
  readonly refreshUrl?: string;
  readonly logoutUrl?: string;
  readonly jwksUrl?: string;
  readonly user?: UserNaming;
  /** The body of the sign-in request. */
  readonly body?: (user: { readonly name: string; readonly password: string }) => unknown;
  readonly refreshBody?: (refreshToken: string) => unknown;
  /** Reads an answer to a sign-in or a refresh. */
  readonly grant?: (body: unknown) => {
    readonly token: string;
    readonly refreshToken?: string;
    readonly expiresInSeconds?: number;
    readonly user?: string;
  };
}

/** Tokens are minted with the target's key. */
export interface JwtDescription {
  readonly kind: 'jwt';
  /** For HS256, HS384, HS512. */
  readonly secret?: string;
  /** PEM (PKCS 8), for the asymmetric ones. */
  readonly privateKey?: string;
  readonly algorithm?: string;
  /** The `kid` of the header. */
  readonly keyId?: string;
  readonly claims: (user: {
    readonly id: string;
    readonly name: string;
  }) => Readonly<Record<string, unknown>>;
  readonly expiresInMs: number;
  readonly user?: UserNaming;
}

/** Whose users, which rooms. */
export type ProvisionDescription =
  /** Users are there already, or need not be; rooms come into being when they are joined. */
  | {
      readonly kind: 'named';
      readonly user: UserNaming;
      readonly room?: (room: string, run: string) => string;
    }
  /** Fixed users and rooms: taken as they are, and the report says so. */
  | {
      readonly kind: 'given';
      readonly users: readonly NamedUser[];
      readonly rooms: readonly string[];
    }
  /** The admin routes of the mission's own service. URLs may hold placeholders. */
  | { readonly kind: 'mission'; readonly auth: string; readonly backend: string; readonly adminKey: string }
  | {
      readonly kind: 'custom';
      readonly setUp: (population: ProvisionPlan, call: Call) => Promise<Provisioned>;
      readonly tearDown?: (call: Call) => Promise<void>;
    };

export interface ProvisionPlan {
  readonly run: string;
  readonly users: number;
  /** `members` are indices into the users. */
  readonly rooms: readonly { readonly room: string; readonly members: readonly number[] }[];
}
export interface Provisioned {
  readonly users: readonly { readonly id: string; readonly name: string; readonly secret: string }[];
  /** The target's id of each of our rooms. */
  readonly rooms: Readonly<Record<string, string>>;
}
export interface Call {
  readonly signal: AbortSignal;
}

/** How frames map. Without the functions the mission's own protocol is spoken. */
export interface WebSocketDescription {
  readonly kind: 'web-socket';
  readonly url: string;
  readonly token: TokenPlace;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  /** The frame that says a message. */
  readonly send?: (message: OutgoingMessage) => unknown;
  /** What a frame says of a message that was sent; null for frames that say nothing of it. */
  readonly acknowledge?: (frame: unknown) => Acknowledgement | null;
  /** The message or messages that a frame brings; null for other frames. */
  readonly receive?: (frame: unknown) => ReceivedMessage | readonly ReceivedMessage[] | null;
  /** The frame that enters a room; `after` is how far this session has read it, null at first. */
  readonly join?: (entry: { readonly room: string; readonly after: string | null }) => unknown;
  /** The room that a frame confirms; without this function joining is in effect at once. */
  readonly joined?: (frame: unknown) => { readonly room: string; readonly head?: string | number } | null;
  /** `join` uses `after`: the target replays what was missed. */
  readonly resume: boolean;
  readonly maxFrameBytes: number;
  readonly dialTimeoutMs: number;
  /** The header of the upgrade answer that names the instance. */
  readonly instanceHeader: string;
}

/** Where the token travels. */
export type TokenPlace =
  | 'query'
  | 'header'
  | 'subprotocol'
  | 'first-frame'
  | { readonly query: string }
  | { readonly header: string; readonly prefix?: string }
  | { readonly subprotocol: (token: string) => readonly string[] }
  | { readonly firstFrame: (token: string) => unknown };

export interface OutgoingMessage {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly user: string;
}
export type Acknowledgement =
  | { readonly id: string; readonly position?: string | number; readonly refused?: undefined }
  | { readonly id: string; readonly refused: string }
  /** The service confirms by echoing: the identity is taken from the text. */
  | { readonly text: string };
export interface ReceivedMessage {
  readonly room: string;
  readonly text: string;
  readonly from?: string;
  readonly id?: string;
  readonly position?: string | number;
}

/** One JSON record of the signed-in user, read with GET. */
export interface RecordDescription {
  readonly kind: 'get';
  readonly url: string;
  readonly of: 'user' | 'session' | 'other';
  /** Only this part of the body. */
  readonly pick?: (body: unknown) => unknown;
  /** Fields that may change: they are left out. */
  readonly omit: readonly string[];
  readonly token: RequestTokenPlace;
}

export interface WhoAmIDescription {
  readonly kind: 'get';
  readonly url: string;
  readonly user: (body: unknown) => string;
  /** What else must stay the same: roles, scopes. */
  readonly claims?: (body: unknown) => unknown;
  readonly token: RequestTokenPlace;
}

/** An address at which a token is tried: 2xx lets in, 401 and 403 keep out. */
export interface DoorDescription {
  readonly kind: 'get';
  readonly url: string;
  readonly user?: (body: unknown) => string;
  readonly token: RequestTokenPlace;
}

/** Where a request carries the token: `Authorization: Bearer …` unless told. */
export type RequestTokenPlace =
  { readonly header: string; readonly prefix: string } | { readonly query: string };

/** The stored messages of a room, page by page. Without the functions the mission's own `/threads/:id/messages` is read. */
export interface PagesDescription {
  readonly kind: 'pages';
  readonly url: (room: string, after: string | null) => string;
  readonly items?: (body: unknown) => readonly unknown[];
  /** The cursor of the next page; null on the last one. */
  readonly next?: (body: unknown) => string | number | null;
  readonly text?: (item: unknown) => string;
  readonly id?: (item: unknown) => string | undefined;
  readonly position?: (item: unknown) => string | number | undefined;
  readonly from?: (item: unknown) => string | undefined;
  readonly token: RequestTokenPlace;
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

export type DisruptionDescription = RestartDescription | CrashDescription;
/** SIGTERM, grace, SIGKILL past it, start again; by commands where the service is attached. */
export interface RestartDescription<Name extends string = string> {
  readonly kind: 'restart';
  readonly services: readonly Name[];
  /** Absent: the service's own grace. */
  readonly graceMs?: number;
}
/** SIGKILL, start again. */
export interface CrashDescription<Name extends string = string> {
  readonly kind: 'crash';
  readonly services: readonly Name[];
}
