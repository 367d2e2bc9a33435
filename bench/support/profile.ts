import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  /** µs, one before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface Work {
  /** Of the main thread, its garbage collection and compiling included; waiting is none. ms. */
  readonly ms: number;
  /** Of that: while a function of these modules was being executed, or what it called. ms. */
  readonly withinMs: number;
}

/** What a process did, by a profile of V8 (`node --cpu-prof`): all of it, and what was done within the modules of src/ that `isWithin` knows. */
export async function workIn(file: string, isWithin: (module: string) => boolean): Promise<Work> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Profile;
  const moduleOf = await modulesOf(nodes);
  const within = new Map<number, boolean>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const from = (id: number | undefined, isAlready: boolean): void => {
    const node = id === undefined ? undefined : byId.get(id);
    if (!node) return;
    const is = isAlready || isWithin(moduleOf(node));
    within.set(node.id, is);
    for (const child of node.children ?? []) from(child, is);
  };
  from(nodes[0]?.id, false);
  let [ms, withinMs] = [0, 0];
  samples.forEach((id, index) => {
    if (byId.get(id)?.callFrame.functionName === '(idle)') return;
    const took = (timeDeltas[index] ?? 0) / 1_000;
    ms += took;
    if (within.get(id)) withinMs += took;
  });
  return { ms, withinMs };
}

/** Chunks of dist/ say above each part from which module it came. */
async function modulesOf(nodes: readonly Node[]): Promise<(node: Node) => string> {
  const urls = new Set(
    nodes.map(({ callFrame: { url } }) => url).filter((url) => /^file:.*\/dist\//.test(url)),
  );
  const chunks = new Map<string, string[]>();
  for (const url of urls) chunks.set(url, modulesByLine(await readFile(fileURLToPath(url), 'utf8')));
  return ({ callFrame: { url, lineNumber } }) => chunks.get(url)?.[lineNumber] ?? '';
}

function modulesByLine(chunk: string): string[] {
  let module = '';
  return chunk.split('\n').map((line) => {
    module = /^\/\/ (src\/\S+\.ts)$/.exec(line)?.[1] ?? module;
    return module;
  });
}
