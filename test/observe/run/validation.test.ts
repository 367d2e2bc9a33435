import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose } from '../../../src/app/compose.js';
import { seeded } from '../../../src/base/random.js';
import { checkConfig } from '../../../src/config/index.js';
import { anonymous, attach, defineClient, restart } from '../../../src/config/face.js';
import { watched, type ClientDefinition, type ClientSession } from '../../../src/observe/client/index.js';
import type { Disruption } from '../../../src/observe/disruption/port.js';
import { createRecorder, createRedactor } from '../../../src/observe/record/index.js';
import { Findings, type Setup, validate } from '../../../src/observe/run/index.js';
import { createScope, startGuardian } from '../../../src/system/index.js';
import { serve } from '../../conformance/client/mission-server.js';
import { connect, parrot } from '../client/custom/parrot.js';

const patience = { enter: 1_500, answer: 500, hear: 500, loss: 700, back: 1_500, repeat: 500, gone: 500 };
type Change = (session: ClientSession, right: () => ReturnType<typeof connect>, port: number) => unknown;

/** What came of each rule: a parrot whose author changed something, at a right server that is restarted. */
async function validated(change: Change, changes: Partial<ClientDefinition> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'validation-'));
  let served = await serve(0, {});
  const { port } = served;
  const restarting: Disruption = {
    ...{ type: 'restart', services: [], needs: [], lacks: {} },
    strike: async () => {
      await served.stop();
      served = await serve(port, {});
    },
  };
  const findings = new Findings();
  const rewind = new Map<string, string>();
  await using guardian = startGuardian();
  const redactor = createRedactor();
  const recorder = createRecorder({ file: path.join(folder, 'history.ndjson'), redactor });
  const scope = createScope(() => undefined);
  try {
    const setup = await setupOf(port, change, changes, {
      ...{ run: 'v0000001', seed: 'v', redactor, guardian, note: () => undefined, broken: () => undefined },
      breached: findings.breach,
      rewound: (room) => rewind.get(room),
    });
    const client = watched(setup.client, findings.breach);
    const strikes = [{ ...setup.strikes[0], disruption: restarting }] as Setup['strikes'];
    const stage = {
      ...{
        setup: { ...setup, client, strikes, target: targetOf(setup) },
        recorder,
        scope,
        random: seeded('v'),
      },
      ...{ signal: new AbortController().signal, output: () => undefined },
    };
    await validate(stage, { findings, rewind, say: () => undefined, patience });
  } finally {
    await scope[Symbol.asyncDispose]();
    await served.stop();
    await recorder[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
  const all = findings.all();
  return {
    broken: all.filter(({ outcome }) => outcome === 'broken').map(({ rule }) => rule),
    kept: all.filter(({ outcome }) => outcome === 'kept').map(({ rule }) => rule),
    said: all.flatMap(({ said }) => said),
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

function setupOf(
  port: number,
  change: Change,
  changes: Partial<ClientDefinition>,
  means: Parameters<typeof compose>[1],
): Promise<Setup> {
  const definition = parrot(port, 'itself', {
    connect: (session) => change(session, () => connect(session, true), port) as ReturnType<typeof connect>,
    ...changes,
  });
  const services = { chat: attach({ ready: `http://127.0.0.1:${port}/`, commands: { restart: ['true'] } }) };
  const config = checkConfig({
    target: { services, users: anonymous(), client: defineClient(definition) },
    workload: { sessions: 2, roomSize: 2 },
    disruption: restart('chat'),
  });
  return compose(config, means);
}

/** What is told, changed on its way. */
function telling(session: ClientSession, changes: Partial<ClientSession['tell']>): ClientSession {
  return { ...session, tell: { ...session.tell, ...changes } };
}

describe.concurrent('an exercise', () => {
  it('finds nothing wrong with a right client, and exercises every rule', async ({ expect }) => {
    const { broken, kept, said } = await validated((_, right) => right());
    expect([broken, said]).toEqual([[], []]);
    expect(kept).toHaveLength(20);
  });

  const wrong: readonly [name: string, rules: readonly string[], change: Change][] = [
    [
      'never gets ready',
      ['enters'],
      (session) => connect(telling(session, { ready: () => undefined }), true),
    ],
    [
      'dials past the relay',
      ['dials-through'],
      (session, _, port) => connect({ ...session, url: `ws://127.0.0.1:${port}/ws` }, true),
    ],
    [
      'never tells a loss',
      ['tells-loss'],
      (session) => connect(telling(session, { closed: () => undefined }), true),
    ],
    ['does not come back', ['comes-back'], (session) => connect(session, false)],
    ['hears nothing', ['hears'], (session) => connect(telling(session, { received: () => undefined }), true)],
    ['filters repeats', ['filters-nothing'], (session) => connect(telling(session, filtered(session)), true)],
    ['never answers', ['answers'], (_, right) => ({ ...right(), send: () => new Promise(() => undefined) })],
    ['leaves its connection open', ['leaves-clean'], (_, right) => ({ ...right(), close: () => undefined })],
    [
      'shows no positions, and does not say so',
      ['says-what-it-lacks'],
      (session) => {
        const { received } = session.tell;
        const without: typeof received = (message) => {
          if ('text' in message) received({ room: message.room, text: message.text });
        };
        return connect(telling(session, { received: without }), true);
      },
    ],
  ];
  it.each(wrong)('finds out a client that %s', async (_name, rules, change) => {
    const { broken, said } = await validated(change);
    expect(broken, said.join('\n')).toEqual(expect.arrayContaining([...rules]));
  });

  it('finds out a client whose sessions share one connection', async ({ expect }) => {
    const all = new Set<() => void>();
    const { broken } = await validated((session) => {
      all.add(() => session.tell.closed({ code: 1006 }));
      const closed = () => all.forEach((close) => close());
      return connect(telling(session, { closed }), true);
    });
    expect(broken).toContain('keeps-apart');
  });
});

/** Passes each message on once. */
function filtered({ tell }: ClientSession): Partial<ClientSession['tell']> {
  const seen = new Set<string>();
  return {
    received: (message) => {
      if ('text' in message && !seen.has(message.text) && seen.add(message.text)) tell.received(message);
    },
  };
}
