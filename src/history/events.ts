import type { Contract } from '../contract/data.js';
import type { StreamSighting } from './streams.js';

/** The six tests of the mission. */
export const testIds = ['session', 'token', 'reconnect', 'continuity', 'integrity', 'performance'] as const;
export type TestId = (typeof testIds)[number];

/**
 * What a set-up may lack. The reason, in words, stands in `plan.without`, and the checks that need it are skipped.
 * It is decided before anything is disrupted.
 */
export const facets = [
  'connection', // sessions hold a connection open
  'tokens', // sessions show a token, or a password, to be let in
  'instance', // connections tell which instance holds them
  'close-codes', // a target that ends a connection says why, with a code
  'balancer', // several replicas stand behind the one address that sessions dial
  'streams', // answers come in parts
  'cancellation', // an answer can be cancelled while it is made
  'restart', // the disruption restarts something
  'loss', // sessions are meant to lose their connection by the disruption
  'acknowledgements', // the target says what it has accepted
  'resume', // a reader that comes back can say where it stopped
  'log', // what the target stores of a chat can be read
  'positions', // stored and delivered messages carry a number of their room
  'sign-in', // sessions sign in through the target (tokens are not only minted by us)
  'refresh', // a token can be renewed without a second sign-in
  'revocation', // a token can be revoked
  'forgeries', // there is a door at which forged tokens can be tried
  'who-am-i', // the target says who a session is
  'user-records', // records of the user can be read
  'session-records', // records of the session can be read
  'other-records', // other records can be read
  'graceful', // the disruption gives the process time to say goodbye
  'exit-code', // the process is ours, so its exit code is seen
] as const;
export type Facet = (typeof facets)[number];

/** What a session is there for. */
export type Role =
  | 'chatter' // chats all the time
  | 'absentee' // cut before the restart, back after it
  | 'control-absentee' // cut and back in a stretch without a restart
  | 'newcomer' // first connects in the audit: its read is the cold read
  | 'auditor'; // tries tokens at the doors; is in no room that is judged

/** The plan of one session: who it is and where it is *meant* to be. */
export interface PlannedSession {
  readonly session: string;
  readonly role: Role;
  readonly rooms: readonly string[];
}

export interface Plan {
  readonly tests: readonly TestId[];
  readonly without: Partial<Record<Facet, string>>;
  readonly sessions: readonly PlannedSession[];
  /** `services`: whose instances the client's connections depend on are named in `holdsConnections`. */
  readonly disruptions: readonly PlannedDisruption[];
  readonly client: {
    readonly name: string;
    readonly reconnects: 'itself' | 'never';
    readonly offlineSend: 'refused' | 'buffered' | 'waits';
  };
  readonly messagesPerSecond: number;
  readonly quietMs: number;
}

export interface PlannedDisruption {
  readonly type: string;
  readonly services: readonly string[];
  /** What is disrupted holds sessions' connections: they are on one of these services, or pass what is disrupted. */
  readonly holdsConnections: boolean;
  /** What this one lacks of what others of the run may have, with the reason. What all of them lack stands in `without` too. */
  readonly lacks?: Partial<Record<Facet, string>>;
}

/** The first line of a history. */
export interface Header {
  readonly outlast: 1;
  readonly run: string;
  readonly seed: string;
  /** The wall clock at t = 0 (ISO 8601). */
  readonly epoch: string;
  /** Who wrote it: `outlast/0.1.0`, `my-sdk/2`. */
  readonly writer: string;
  readonly contract: Contract;
  readonly plan: Plan;
}

interface At {
  /** Milliseconds since the history's epoch, on one monotonic clock. A file need not be sorted by it. */
  readonly t: number;
}
interface By extends At {
  readonly session: string;
  /** The nth connection of this session, from 1. Absent where there is none. */
  readonly conn?: number;
}

/** One event a kind, so that `EventOf` finds each. */
type Each<K extends string, Fields = unknown> = K extends unknown ? { readonly kind: K } & Fields : never;

/** `${run}.${session}.${number}` */
export type MessageId = string;

/** What a token is. `good` and `refreshed` belong in, all others out. */
export const credentialKinds = [
  'good',
  'refreshed',
  'expired',
  'tampered',
  'unsigned',
  'public-key-hmac',
  'foreign-key',
  'wrong-audience',
  'not-yet-valid',
  'revoked',
  'none',
] as const;
export type CredentialKind = (typeof credentialKinds)[number];

export type SessionEvent = By &
  (
    | {
        readonly kind: 'sign-in';
        readonly how: 'first' | 'refresh' | 'again';
        readonly ok: boolean;
        readonly user?: string;
        readonly token?: string;
        readonly expiresInMs?: number;
        readonly status?: number;
        readonly reason?: string;
      }
    | { readonly kind: 'wait'; readonly ms: number; readonly why: 'backoff' | 'retry-after' | 'away' }
    /** An attempt to connect begins. `token`: the label of the token that it carries. */
    | { readonly kind: 'connect'; readonly door: string; readonly token?: string }
    /** The handshake is done. */
    | { readonly kind: 'open'; readonly instance?: string }
    /** Signed in and in its rooms. `claims`: what the target said of the resumption. */
    | { readonly kind: 'ready'; readonly claims: 'fresh' | 'resumed' | 'unstated' }
    | {
        readonly kind: 'refused';
        readonly at: 'dial' | 'handshake' | 'sign-in' | 'join';
        readonly status?: number;
        readonly reason?: string;
        readonly instance?: string;
      }
    | {
        readonly kind: 'close';
        readonly by: 'target' | 'session' | 'network' | 'unknown';
        readonly code?: number;
        readonly reason?: string;
      }
    /** The relay took this session's network away, or gave it back. */
    | Each<'cut' | 'uncut'>
    /** Asked for, with the cursor that was sent on this connection. */
    | { readonly kind: 'join'; readonly room: string; readonly cursor?: string }
    /** Confirmed by the target, or by protocol in effect. `head`: the room's last number at that moment. */
    | { readonly kind: 'joined'; readonly room: string; readonly head?: string }
    | Each<'leave' | 'left', { readonly room: string }>
    /** Appended before the bytes leave. `due`: when the schedule wanted it. `purpose` is absent for the ordinary chat. */
    | {
        readonly kind: 'send';
        readonly due: number;
        readonly room: string;
        readonly message: MessageId;
        readonly digest: string;
        readonly purpose?: 'canary' | 'probe';
      }
    /**
     * One attempt: the bytes are handed to the target (also appended before they leave). From 1. `conn`: the connection that they
     * are written to, behind what was written to it before; absent where each message is a request of its own.
     */
    | { readonly kind: 'written'; readonly message: MessageId; readonly attempt: number }
    | { readonly kind: 'ack'; readonly message: MessageId; readonly id?: string; readonly position?: string }
    /** nack: refused for good; unsure: may have happened; unoffered: there was no connection to offer it to. */
    | Each<'nack' | 'unsure' | 'unoffered', { readonly message: MessageId; readonly reason: string }>
    /** `message` is null for a text without an identity of this run. `digest` is of the whole text, normalised as the contract says. */
    | {
        readonly kind: 'receive';
        readonly room: string;
        readonly message: MessageId | null;
        readonly from?: string;
        readonly digest: string;
        readonly id?: string;
        readonly position?: string;
        readonly damaged?: true;
      }
    | {
        readonly kind: 'read';
        readonly read: string;
        readonly room: string;
        readonly cold: boolean;
        readonly at: 'before' | 'after';
      }
    | {
        readonly kind: 'stored';
        readonly read: string;
        readonly index: number;
        readonly message: MessageId | null;
        readonly digest: string;
        readonly from?: string;
        readonly id?: string;
        readonly position?: string;
        readonly damaged?: true;
      }
    | {
        readonly kind: 'read-end';
        readonly read: string;
        readonly ok: boolean;
        readonly count: number;
        readonly reason?: string;
      }
    /** A token was tried at a door. `token` is its label: the same label is the same token. `in` is a privileged operation done. */
    | {
        readonly kind: 'door';
        readonly credential: CredentialKind;
        readonly token: string;
        readonly door: string;
        readonly via: 'request' | 'connect';
        readonly let: 'in' | 'out' | 'no-answer';
        readonly status?: number;
        readonly instance?: string;
        readonly user?: string;
      }
    /** The target confirmed a revocation of this token. */
    | { readonly kind: 'revoked'; readonly token: string }
    | {
        readonly kind: 'who-am-i';
        readonly user: string;
        readonly digest: string;
        readonly at: 'before' | 'after';
      }
    /**
     * `digest` is null where the target says that there is no such record. `reading` counts the readings of one side, from 1.
     * `fields`: `name:digest` of each, so that what changed can be named.
     */
    | {
        readonly kind: 'record';
        readonly name: string;
        readonly of: 'user' | 'session' | 'other';
        readonly digest: string | null;
        readonly at: 'before' | 'after';
        readonly reading: number;
        readonly fields?: readonly string[];
      }
    | {
        readonly kind: 'record-unread';
        readonly name: string;
        readonly of: 'user' | 'session' | 'other';
        readonly at: 'before' | 'after';
        readonly reason: string;
      }
    | StreamSighting
    /** A secret was seen in what the target said, and removed. */
    | { readonly kind: 'leak'; readonly where: 'close' | 'error' | 'frame' }
  );

export type DisruptionStep =
  | 'begin'
  | 'signal'
  | 'exited'
  | 'port-closed'
  | 'held'
  | 'released'
  | 'started'
  | 'ready'
  | 'healed'
  | 'end'
  | 'failed';

export type RunEvent = At &
  (
    | { readonly kind: 'phase'; readonly phase: Phase }
    /** The independent prober's look at a door. `spacing`: ms since its last look, which widens what it shows. */
    | {
        readonly kind: 'probe';
        readonly service: string;
        /** From 0, as in the steps of a disruption. */
        readonly replica?: number;
        readonly up: boolean;
        readonly ready: boolean;
        readonly instance?: string;
        readonly spacing: number;
      }
    /**
     * `disruption` counts from 0. `ready` is at the door: `instance` is the new boot id where the service tells one.
     * `port-closed`: connections were refused while the whole process group was dead. `held`: the fault was seen to be in
     * force; from then to `released` the target is kept from working on purpose, for a time that was asked for.
     */
    | {
        readonly kind: 'disruption';
        readonly disruption: number;
        readonly type: string;
        readonly step: DisruptionStep;
        readonly service?: string;
        readonly replica?: number;
        readonly instance?: string;
        readonly signal?: string;
        readonly exitCode?: number | null;
        readonly killed?: boolean;
        /** How many connections of sessions it has really met. */
        readonly connections?: number;
        /** Beside the door: what its manager says that runs, another text after each restart. */
        readonly identity?: string;
        readonly note?: string;
      }
    /** This program itself stood still for so long, until `t`: timings near it are wider by that much. */
    | { readonly kind: 'stall'; readonly ms: number }
    | { readonly kind: 'note'; readonly text: string }
    /** None: the program was killed. */
    | {
        readonly kind: 'end';
        readonly how: 'completed' | 'interrupted' | 'skipped' | 'failed';
        readonly reason?: string;
        readonly code?: string;
      }
  );

export const phases = [
  'preflight',
  'establish',
  'steady',
  'before',
  'disrupt',
  'recover',
  'settle',
  'audit',
] as const;
export type Phase = (typeof phases)[number];

export type Event = SessionEvent | RunEvent;
export type Kind = Event['kind'];
export type EventOf<K extends Kind> = Extract<Event, { readonly kind: K }>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What an observer of one session says: all but the session; `t` only for reports that come late. */
export type Seen = DistributiveOmit<SessionEvent, 't' | 'session'> & { readonly t?: number };
/** What an observer of the run says. */
export type SeenOfRun = DistributiveOmit<RunEvent, 't'> & { readonly t?: number };
