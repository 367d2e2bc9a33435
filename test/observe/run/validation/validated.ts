import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compose } from '../../../../src/app/compose.js';
import { seeded } from '../../../../src/base/random.js';
import { checkConfig } from '../../../../src/config/index.js';
import { anonymous, attach, restart } from '../../../../src/config/face.js';
import { watched, type ClientKind } from '../../../../src/observe/client/index.js';
import type { Disruption } from '../../../../src/observe/disruption/port.js';
import { createRecorder, createRedactor } from '../../../../src/observe/record/index.js';
import { Findings, type Setup, validate } from '../../../../src/observe/run/index.js';
import { createScope, startGuardian } from '../../../../src/system/index.js';

const patience = {
  enter: 5_000,
  answer: 1_500,
  hear: 1_500,
  loss: 2_000,
  back: 5_000,
  repeat: 700,
  gone: 1_500,
};

export interface Served {
  readonly port: number;
  stop(): Promise<unknown>;
}

/** What is validated: a client as a config describes it, at a real server. */
export interface Subject {
  /** Starts the server on this port; 0 picks a free one. It is called again for the restart. */
  serve(port: number): Promise<Served>;
  client(port: number): unknown;
  /** The client made wrong in what no config can: the port itself. */
  readonly spoil?: (kind: ClientKind) => ClientKind;
  readonly builtIn?: boolean;
}

/** What came of each rule in a short exercise. */
export async function validated({ serve, client, spoil = (kind) => kind, builtIn = false }: Subject) {
  const folder = await mkdtemp(path.join(tmpdir(), 'validation-'));
  let served = await serve(0);
  const { port } = served;
  const restarting: Disruption = {
    ...{ type: 'restart', services: [], needs: [], lacks: {} },
    strike: async () => {
      await served.stop();
      served = await serve(port);
    },
  };
  const findings = new Findings();
  const rewind = new Map<string, string>();
  await using guardian = startGuardian();
  const redactor = createRedactor();
  const recorder = createRecorder({ file: path.join(folder, 'history.ndjson'), redactor });
  const scope = createScope(() => undefined);
  try {
    const setup = await setupOf(port, client(port), {
      ...{ run: 'v0000001', seed: 'v', redactor, guardian, note: () => undefined, broken: () => undefined },
      breached: findings.breach,
      hinted: findings.hint,
      rewound: (room) => rewind.get(room),
    });
    const strikes = [{ ...setup.strikes[0], disruption: restarting }] as Setup['strikes'];
    const watching = watched(spoil(setup.client), findings.breach);
    const stage = {
      ...{ setup: { ...setup, client: watching, strikes, target: targetOf(setup) }, recorder, scope },
      ...{ random: seeded('v'), signal: new AbortController().signal, output: () => undefined },
    };
    await validate(stage, { findings, rewind, builtIn, say: () => undefined, patience });
  } finally {
    await scope[Symbol.asyncDispose]();
    await served.stop();
    await recorder[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
  return outcomesOf(findings);
}

function outcomesOf(findings: Findings) {
  const all = findings.all();
  const of = (wanted: (typeof all)[number]['outcome']) =>
    all.filter(({ outcome }) => outcome === wanted).map(({ rule }) => rule);
  return {
    ...{ broken: of('broken'), kept: of('kept'), hints: findings.hints },
    notExercised: Object.fromEntries(
      all
        .filter(({ outcome }) => outcome === 'not-exercised')
        .map(({ rule, said, advice }) => [rule, `${said.join()}. ${advice}`]),
    ),
    /** What was said of each rule. */
    said: Object.fromEntries(all.filter(({ said }) => said.length > 0).map(({ rule, said }) => [rule, said])),
  };
}

/** A target that is there already. */
const targetOf = ({ target }: Setup): Setup['target'] => ({
  ...target,
  start: () =>
    Promise.resolve({
      services: new Map(),
      resolve: (text: string) => text,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
});

function setupOf(port: number, client: unknown, means: Parameters<typeof compose>[1]): Promise<Setup> {
  const services = { chat: attach({ ready: `http://127.0.0.1:${port}/`, commands: { restart: ['true'] } }) };
  const config = checkConfig({
    target: { services, users: anonymous(), client },
    workload: { sessions: 2, roomSize: 2 },
    disruption: restart('chat'),
  });
  return compose(config, means);
}
