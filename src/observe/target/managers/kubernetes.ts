import { OutlastError } from '../../../base/errors.js';
import { type Manager, type Run, together, told } from './port.js';

export interface KubernetesOptions {
  readonly deployment: string;
  readonly namespace: string;
  /** Of the kubeconfig; the current one unless told. */
  readonly context?: string;
  /** `rollout` (unless told): `kubectl rollout restart`. `delete-pod`: all pods are deleted, as when a node is drained. */
  readonly how?: 'rollout' | 'delete-pod';
}

/** A deployment. Its identity is the uids of its pods, each with its containers' ids. */
export function kubernetes({ deployment, how = 'rollout', ...place }: KubernetesOptions): Manager {
  const cluster = { kubectl: kubectlOf(place), name: `deployment/${deployment}` };
  const { kubectl, name } = cluster;
  return {
    name: 'kubernetes',
    install: 'kubectl: https://kubernetes.io/docs/tasks/tools',
    restart: async (run) => {
      if (how === 'delete-pod') return deletePods(cluster, run);
      await run([...kubectl, 'rollout', 'restart', name]);
      await settle(cluster, run);
    },
    // What a node does that is lost: nothing is asked, nothing is waited for.
    kill: (run) => deletePods(cluster, run, '--grace-period=0', '--force'),
    identity: async (run) => {
      const chosen = ['--selector', await selector(cluster, run)];
      const pods = await run([...kubectl, 'get', 'pods', ...chosen, '--output', 'json']);
      return together(itemsIn(pods).flatMap((pod) => podIn(pod) ?? []));
    },
  };
}

interface Cluster {
  readonly kubectl: readonly [string, ...string[]];
  readonly name: string;
}

const kubectlOf = ({ namespace, context }: Pick<KubernetesOptions, 'namespace' | 'context'>) =>
  ['kubectl', ...told('--context', context), '--namespace', namespace] as const;

async function settle({ kubectl, name }: Cluster, run: Run): Promise<void> {
  await run([...kubectl, 'rollout', 'status', name]);
}

const selector = async ({ kubectl, name }: Cluster, run: Run): Promise<string> =>
  selectorIn(await run([...kubectl, 'get', name, '--output', 'json']), name);

async function deletePods(cluster: Cluster, run: Run, ...more: readonly string[]): Promise<void> {
  await run([...cluster.kubectl, 'delete', 'pod', '--selector', await selector(cluster, run), ...more]);
  await settle(cluster, run);
}

/** The labels by which a deployment knows its pods. Throws `COMMAND_FAILED` where it knows them by more than labels. */
function selectorIn(output: string, name: string): string {
  const selector = at(parsed(output), 'spec', 'selector');
  const labels = at(selector, 'matchLabels');
  const isMore = at(selector, 'matchExpressions') !== undefined;
  if (typeof labels === 'object' && labels !== null && !isMore) {
    return Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(',');
  }
  throw new OutlastError(
    'COMMAND_FAILED',
    `expected ${name} to select its pods by labels alone (spec.selector.matchLabels); give the commands by hand`,
  );
}

function itemsIn(output: string): readonly unknown[] {
  const items = at(parsed(output), 'items');
  return Array.isArray(items) ? items : [];
}

/** Null for one that is going: it serves nobody any more. */
function podIn(pod: unknown): string | null {
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) return null;
  const statuses = at(pod, 'status', 'containerStatuses');
  const containers = (Array.isArray(statuses) ? statuses : []).map((one) =>
    String(at(one, 'containerID') ?? '?'),
  );
  return [`pod ${String(at(pod, 'metadata', 'uid'))}`, ...containers].join(' ');
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new OutlastError('COMMAND_FAILED', 'expected JSON of kubectl; it printed something else', {
      cause: error,
    });
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
