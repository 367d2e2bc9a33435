import type { Duration } from '../../base/duration.js';
import type { Stream } from '../../observe/network/index.js';
import type { Command } from '../../observe/target/index.js';

// What a config file says of what is done to the target, besides restarts.

export interface PauseOptions {
  /** 3 s unless told. */
  readonly for?: Duration;
}
export interface PauseInput<Name extends string = string> extends PauseOptions {
  readonly kind: 'pause';
  readonly services: readonly Name[];
}

export interface OutageOptions {
  /** How long the services are kept down: 5 s unless told. */
  readonly for?: Duration;
  /** From SIGTERM to SIGKILL; the service's own unless told. */
  readonly grace?: Duration;
}
export interface OutageInput<Name extends string = string> extends OutageOptions {
  readonly kind: 'outage';
  readonly services: readonly Name[];
}

export interface DependencyOptions {
  /** SIGKILL instead of SIGTERM. */
  readonly crash?: boolean;
  /** From SIGTERM to SIGKILL; the service's own unless told. */
  readonly grace?: Duration;
}
export interface DependencyInput<Name extends string = string> extends DependencyOptions {
  readonly kind: 'dependency';
  readonly services: readonly Name[];
}

/** Toxiproxy's toxics, with its names and units, and `half_open`: the target's side is gone, and the session hears nothing. */
export type FaultOptions =
  /** All data later by `latency` ± `jitter` ms. */
  | { readonly type: 'latency'; readonly attributes: { readonly latency: number; readonly jitter?: number } }
  /** At most `rate` kilobytes a second. */
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } }
  /** A connection that ends does so `delay` ms late. */
  | { readonly type: 'slow_close'; readonly attributes: { readonly delay: number } }
  /** No data at all, and the connection is closed after `timeout` ms; 0, unless told: when the fault is over. */
  | { readonly type: 'timeout'; readonly attributes?: { readonly timeout?: number } }
  /** The connection is reset after `timeout` ms; 0, unless told: at once. */
  | { readonly type: 'reset_peer'; readonly attributes?: { readonly timeout?: number } }
  /** Data in pieces of `average_size` ± `size_variation` bytes, `delay` microseconds apart. */
  | {
      readonly type: 'slicer';
      readonly attributes: {
        readonly average_size: number;
        readonly size_variation?: number;
        readonly delay?: number;
      };
    }
  /** The connection is closed after so many bytes. */
  | { readonly type: 'limit_data'; readonly attributes: { readonly bytes: number } }
  | { readonly type: 'down' | 'half_open'; readonly attributes?: Readonly<Record<string, never>> };

export type NetworkOptions = FaultOptions & {
  /** `downstream`, from the target to the session, unless told; `upstream`, from the session to the target. */
  readonly stream?: Stream;
  /** How long the fault is in force: 3 s unless told. */
  readonly for?: Duration;
  /** A real Toxiproxy in the place of our relay: `toxiproxy({ url, proxy })`. */
  readonly through?: ToxiproxyInput;
};
export type NetworkInput = NetworkOptions & { readonly kind: 'network' };

export interface ToxiproxyOptions {
  /** Its HTTP interface: `http://127.0.0.1:8474`. */
  readonly url: string;
  /** The name of the proxy that sessions dial. */
  readonly proxy: string;
  /** Where it listens and where it leads, to have it made for the run and removed afterwards: `127.0.0.1:8666`, `127.0.0.1:{port:chat}`. */
  readonly listen?: string;
  readonly upstream?: string;
}
export interface ToxiproxyInput extends ToxiproxyOptions {
  readonly kind: 'toxiproxy';
}

export interface CommandOptions<Name extends string = string> {
  /** The services that it restarts; all of them unless told. */
  readonly services?: readonly Name[];
  /** The folder that it runs in; ours unless told. */
  readonly cwd?: string;
  /** How long it may take: 5 minutes unless told. */
  readonly timeout?: Duration;
  /** How long a service may take afterwards to show that it was restarted and is ready; its own `readyWithin` unless told. */
  readonly ready?: Duration;
}
export interface CommandInput<Name extends string = string> extends CommandOptions<Name> {
  readonly kind: 'command';
  readonly command: Command;
}

export interface WatchOptions<Name extends string = string> {
  /** The services that are going to be deployed; all of them unless told. */
  readonly services?: readonly Name[];
  /** How long to wait for the first sign of it: 10 minutes unless told. */
  readonly for?: Duration;
}
export interface WatchInput<Name extends string = string> extends WatchOptions<Name> {
  readonly kind: 'watch';
}
