import type {
  AnswersInput,
  AnswersOptions,
  AnonymousInput,
  AttachInput,
  AttachOptions,
  ConfigInput,
  ContractInput,
  ContractOptions,
  CrashInput,
  CredentialsInput,
  CustomClientInput,
  CustomClientOptions,
  GetInput,
  GetOptions,
  JwtInput,
  JwtOptions,
  LaunchInput,
  LaunchOptions,
  NamingOptions,
  OneDisruptionInput,
  PagesInput,
  PagesOptions,
  PasswordInput,
  PasswordOptions,
  PollInput,
  PollOptions,
  ProvisionInput,
  ProvisionOptions,
  RestartInput,
  RollingInput,
  RollingOptions,
  SequenceInput,
  SseInput,
  SseOptions,
  WebSocketInput,
  WebSocketOptions,
} from './input.js';
import type { Command } from '../observe/target/index.js';
import type { Duration } from '../base/duration.js';
import type {
  CommandInput,
  CommandOptions,
  DependencyInput,
  DependencyOptions,
  NetworkInput,
  NetworkOptions,
  OutageInput,
  OutageOptions,
  PauseInput,
  PauseOptions,
  ToxiproxyInput,
  ToxiproxyOptions,
  WatchInput,
  WatchOptions,
} from './input/disruptions.js';

// Factories describe; they neither check nor touch anything. What is wrong is told by `loadConfig`, with its path.

/** Gives a config its types: a name in `disruption` that no service has does not compile. */
export function defineConfig<const Name extends string>(config: ConfigInput<Name>): ConfigInput<Name> {
  return config;
}

/** A service that the run starts, restarts and stops. */
export const launch = (options: LaunchOptions): LaunchInput => ({ ...options, kind: 'launch' });

/** A service that somebody else runs, with the commands that restart it. */
export const attach = (options: AttachOptions): AttachInput => ({ ...options, kind: 'attach' });

/** Sessions sign in with name and password. */
export const password = (options: PasswordOptions): PasswordInput => ({ ...options, kind: 'password' });

/** Tokens are minted with the target's own key. */
export const jwt = (options: JwtOptions): JwtInput => ({ ...options, kind: 'jwt' });

/** Sessions show name and password each time that they connect, as to a broker. */
export const credentials = (options: NamingOptions = {}): CredentialsInput => ({
  ...options,
  kind: 'credentials',
});

/** Sessions show no token: the target lets everybody in. */
export const anonymous = (options: NamingOptions = {}): AnonymousInput => ({ ...options, kind: 'anonymous' });

/** Whose users and which rooms a run has. */
export const provision = (options: ProvisionOptions): ProvisionInput => ({ ...options, kind: 'provision' });

/** Sessions speak JSON over a WebSocket. */
export const webSocket = (options: WebSocketOptions): WebSocketInput => ({ ...options, kind: 'web-socket' });

/** Sessions speak through a library of your own: one function connects it, and tells what it sees. */
export const defineClient = (options: CustomClientOptions): CustomClientInput => ({
  ...options,
  kind: 'custom',
});

/** Sessions listen to a stream of events over HTTP, and send by requests. */
export const sse = (options: SseOptions): SseInput => ({ ...options, kind: 'sse' });

/** Sessions ask for what is new again and again over HTTP, and send by requests. */
export const poll = (options: PollOptions): PollInput => ({ ...options, kind: 'poll' });

/** Something that is read with GET for the signed-in user: a record, who-am-i, a door. */
export const get = (url: string, options: GetOptions = {}): GetInput => ({ ...options, url, kind: 'get' });

/** What the target stores of a room, page by page; without options, the mission's `/threads/:id/messages`. */
export const pages = (options: PagesOptions = {}): PagesInput => ({ ...options, kind: 'pages' });

/** Answers that come in parts, as server-sent events; without functions, the reference service's own `/answers`. */
export const answers = (options: AnswersOptions): AnswersInput => ({ ...options, kind: 'answers' });

/** SIGTERM, grace, and start again; or the commands of an attached service. Several are taken down together. */
export const restart = <const Name extends string>(
  services: Name | readonly Name[],
  options: { readonly grace?: Duration } = {},
): RestartInput<Name> => ({ ...options, services: list(services), kind: 'restart' });

/** Replica by replica, each ready before the next is stopped. */
export const rolling = <const Name extends string>(
  services: Name | readonly Name[],
  options: RollingOptions = {},
): RollingInput<Name> => ({ ...options, services: list(services), kind: 'rolling' });

/** SIGKILL, and start again. */
export const crash = <const Name extends string>(services: Name | readonly Name[]): CrashInput<Name> => ({
  services: list(services),
  kind: 'crash',
});

/** SIGSTOP, a while of nothing, and SIGCONT: the service keeps everything that it has, and answers nobody. */
export const pause = <const Name extends string>(
  services: Name | readonly Name[],
  options: PauseOptions = {},
): PauseInput<Name> => ({ ...options, services: list(services), kind: 'pause' });

/** Stopped as in a restart, kept down for a while, and started again. */
export const outage = <const Name extends string>(
  services: Name | readonly Name[],
  options: OutageOptions = {},
): OutageInput<Name> => ({ ...options, services: list(services), kind: 'outage' });

/** A restart of what others depend on, beneath them: a database, a broker. Over when all of the target is ready. */
export const dependency = <const Name extends string>(
  services: Name | readonly Name[],
  options: DependencyOptions = {},
): DependencyInput<Name> => ({ ...options, services: list(services), kind: 'dependency' });

/** A fault of the network between the sessions and the target, under Toxiproxy's names. */
export const network = (options: NetworkOptions): NetworkInput => ({ ...options, kind: 'network' });

/** A Toxiproxy that runs somewhere, in the place of our own relay: `network({ …, through: toxiproxy({ url, proxy }) })`. */
export const toxiproxy = (options: ToxiproxyOptions): ToxiproxyInput => ({ ...options, kind: 'toxiproxy' });

/** Whatever your deploy is: a script, a list of words. The doors of the services prove that they were restarted. */
export const command = <const Name extends string = never>(
  run: Command,
  options: CommandOptions<Name> = {},
): CommandInput<Name> => ({ ...options, command: run, kind: 'command' });

/** Outlast only watches while somebody deploys by hand. */
export const watch = <const Name extends string = never>(
  options: WatchOptions<Name> = {},
): WatchInput<Name> => ({
  ...options,
  kind: 'watch',
});

/** Several disruptions in one run, each when everyone is back from the one before. */
export const sequence = <const Name extends string>(
  disruptions: readonly OneDisruptionInput<Name>[],
  options: { readonly pause?: Duration } = {},
): SequenceInput<Name> => ({ ...options, disruptions, kind: 'sequence' });

/** Every acknowledged message arrives once. The default. */
export const exactlyOnce = (options: ContractOptions = {}): ContractInput => ({
  ...options,
  kind: 'exactly-once',
});

/** Every acknowledged message arrives, perhaps more than once. */
export const atLeastOnce = (options: ContractOptions = {}): ContractInput => ({
  ...options,
  kind: 'at-least-once',
});

/** Nothing arrives twice; messages may be missed. */
export const atMostOnce = (options: ContractOptions = {}): ContractInput => ({
  ...options,
  kind: 'at-most-once',
});

function list<Name extends string>(names: Name | readonly Name[]): readonly Name[] {
  return typeof names === 'string' ? [names] : names;
}
