/**
 * What can be wrong with a network, under Toxiproxy's names, with Toxiproxy's attributes (a test keeps it so): times are in
 * milliseconds but for `slicer`, whose delay is in microseconds; sizes in bytes; `rate` in kilobytes a second. `half_open` is ours.
 */
export type Fault = { readonly stream: Stream } & (
  | { readonly type: 'latency'; readonly attributes: { readonly latency: number; readonly jitter?: number } }
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } }
  | { readonly type: 'slow_close'; readonly attributes: { readonly delay: number } }
  | { readonly type: 'timeout'; readonly attributes: { readonly timeout: number } }
  | { readonly type: 'reset_peer'; readonly attributes: { readonly timeout: number } }
  | {
      readonly type: 'slicer';
      readonly attributes: {
        readonly average_size: number;
        readonly size_variation?: number;
        readonly delay?: number;
      };
    }
  | { readonly type: 'limit_data'; readonly attributes: { readonly bytes: number } }
  | { readonly type: 'down' | 'half_open'; readonly attributes: Readonly<Record<never, never>> }
);

/** `upstream`: from the session to the target. `downstream`: from the target to the session. */
export type Stream = 'upstream' | 'downstream';

/** Faults that end connections; the others only make them worse. */
const ending: readonly Fault['type'][] = ['timeout', 'reset_peer', 'limit_data', 'down', 'half_open'];

export const endsConnections = (type: Fault['type']): boolean => ending.includes(type);

/** A fault in force. */
export interface Affliction {
  /** How many connections it has really met: closed, or kept bytes of. */
  met(): number;
  /** Takes it away. Idempotent. */
  lift(): void;
}
