import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { DisruptionStep } from '../../../src/history/events.js';
import {
  command,
  crash,
  dependency,
  type Disruption,
  network,
  outage,
  pause,
  restart,
  rolling,
  type Scene,
  throughToxiproxy,
  watch,
} from '../../../src/observe/disruption/index.js';
import { createRelay, type Fault } from '../../../src/observe/network/index.js';
import type { Target } from '../../../src/observe/target/index.js';
import { supervised } from '../../observe/disruption/supervised.js';
import { ToxiproxyApi } from '../../observe/disruption/toxiproxy-api.js';
import { fixture, type Ground, service } from '../../observe/target/harness.js';

/** A kind of disruption on a target that is up. */
export interface Stand {
  /** In order; several for a sequence. */
  readonly disruptions: readonly Disruption[];
  readonly target: Target;
  readonly more?: Partial<Pick<Scene, 'dials' | 'network'>>;
  /** What somebody else does when a step is told. */
  readonly act?: (step: DisruptionStep) => void;
  /** What is still broken, besides what the ground looks after. */
  readonly broken?: () => Promise<readonly string[]> | readonly string[];
  /** What it does outlives this program, so that an emergency has to undo it as well. */
  readonly outlives?: boolean;
}

export interface Kind {
  readonly name: string;
  readonly endsWithUs?: true;
  /** No signal of ours begins it: a person does. */
  readonly isByOthers?: true;
  /** What it tells, in order, of one replica. */
  readonly steps: readonly DisruptionStep[];
  stand(here: Ground): Promise<Stand>;
}

const restarted = ['begin', 'signal', 'exited', 'port-closed', 'started', 'ready', 'end'] as const;
const byHand = ['begin', 'signal', 'port-closed', 'started', 'ready', 'end'] as const;
const held = ['begin', 'signal', 'held', 'released', 'ready', 'end'] as const;
const forMs = 60;

const own = (
  name: string,
  steps: readonly DisruptionStep[],
  disruptions: () => readonly Disruption[],
): Kind => ({
  ...{ name, steps },
  stand: async (here) => ({ disruptions: disruptions(), target: await here.up({ backend: service() }) }),
});

const replicated = service({
  ...{ replicas: 2, ready: 'http://127.0.0.1:{port:backend}/ready' },
  environment: { PORT: '{port:backend}' },
});

/** A service that somebody else has started, with commands that restart it. */
async function attached(here: Ground) {
  const { ready, supervise } = await supervised();
  const commands = { stop: supervise('stop'), start: supervise('start'), restart: supervise('restart') };
  const target = await here.up({
    backend: { kind: 'attach', ready, instance: 'header:x-instance', readyWithinMs: 5_000, commands },
  });
  return {
    target,
    supervise,
    outlives: true,
    broken: async () => ((await untilReady(ready)) ? [] : ['the service is not ready']),
  };
}

/** Waits for it: an emergency leaves nobody to wait. */
async function untilReady(url: string): Promise<boolean> {
  for (let look = 0; look < 500; look++) {
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** One session's connection through the relay, over which the service says something now and then. */
async function relayed(here: Ground, fault: Fault): Promise<Stand> {
  const target = await here.up({ backend: service() });
  const address = new URL(target.resolve('http://127.0.0.1:{port:service}/ready'));
  const relay = createRelay();
  here.scope.undo('close the relay', async () => relay[Symbol.asyncDispose]());
  const door = await relay.door('1', address.hostname, Number(address.port));
  const session = connect({ host: door.host, port: door.port }).on('error', () => undefined);
  onTestFinished(() => void session.destroy());
  await once(session, 'connect');
  const ask = () => session.write('GET /ready HTTP/1.1\r\nHost: x\r\n\r\n');
  const asking = setInterval(ask, 10);
  onTestFinished(() => clearInterval(asking));
  return {
    ...{ target, disruptions: [network(fault, { forMs })] },
    more: { network: { afflict: (wrong) => door.afflict(wrong) } },
    broken: async () => ((await passes(door.port)) ? [] : ['the relay does not let through']),
  };
}

/** Does a new connection get to the service and back, or is the relay closed? */
async function passes(port: number): Promise<boolean> {
  const begun = performance.now();
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok && performance.now() - begun < 500;
  } catch (error) {
    // The scope has closed it.
    return error instanceof Error && String((error.cause as { code?: string }).code) === 'ECONNREFUSED';
  }
}

const relays = (type: string, fault: Fault): Kind => ({
  ...{ name: `network: ${type}`, steps: held },
  ...(type !== 'reset_peer' && { endsWithUs: true }),
  stand: (here) => relayed(here, fault),
});

async function toxiproxied(here: Ground, fault: Fault, isThere: boolean): Promise<Stand> {
  const target = await here.up({ backend: service() });
  const [listen, upstream] = ['127.0.0.1:8666', '127.0.0.1:{port:service}'];
  const api = await ToxiproxyApi.start(...(isThere ? [{ name: 'chat', listen, upstream }] : []));
  const at = { url: api.url, proxy: 'chat', ...(isThere ? {} : { listen, upstream }) };
  return {
    ...{ target, disruptions: [throughToxiproxy(fault, { forMs, at })] },
    more: { dials: [`ws://${listen}/`] },
    outlives: true,
    broken: () => [
      ...api.wrong.map((toxic) => JSON.stringify(toxic)),
      ...(isThere ? [] : api.proxies.keys()),
    ],
  };
}

const latency = { type: 'latency', stream: 'downstream', attributes: { latency: 20 } } as const;

export const kinds: readonly Kind[] = [
  own('restart', restarted, () => [restart(['backend'])]),
  own('crash', restarted, () => [crash(['backend'])]),
  {
    ...{ name: 'rolling', steps: [...restarted, ...restarted] },
    stand: async (here) => ({
      disruptions: [rolling(['backend'])],
      target: await here.up({ backend: replicated }),
    }),
  },
  own('pause', held, () => [pause(['backend'], { forMs })]),
  own('outage', [...restarted.slice(0, 4), 'held', 'released', ...restarted.slice(4)], () => [
    outage(['backend'], { forMs }),
  ]),
  own('sequence', [...held, ...restarted], () => [pause(['backend'], { forMs }), restart(['backend'])]),
  {
    ...{ name: 'dependency', steps: restarted },
    stand: async (here) => ({
      disruptions: [dependency(['database'])],
      target: await here.up({
        database: service(),
        backend: fixture('service.js', {
          environment: { PORT: '{port:other}' },
          ready: 'http://127.0.0.1:{port:other}/ready',
        }),
      }),
    }),
  },
  {
    ...{ name: 'restart by commands', steps: byHand },
    stand: async (here) => ({ ...(await attached(here)), disruptions: [restart(['backend'])] }),
  },
  {
    ...{ name: 'outage by commands' },
    steps: ['begin', 'signal', 'port-closed', 'held', 'released', 'started', 'ready', 'end'],
    stand: async (here) => ({ ...(await attached(here)), disruptions: [outage(['backend'], { forMs })] }),
  },
  {
    ...{ name: 'command', steps: byHand },
    stand: async (here) => {
      const { supervise, ...stand } = await attached(here);
      const deploy = { command: supervise('restart'), services: ['backend'], timeoutMs: 10_000 };
      return { ...stand, disruptions: [command(deploy, { variables: process.env, clean: String })] };
    },
  },
  {
    ...{ name: 'watch', isByOthers: true },
    steps: ['begin', 'signal', 'port-closed', 'ready', 'end'],
    stand: async (here) => {
      const { supervise, ...stand } = await attached(here);
      const [program, ...words] = supervise('restart');
      const person = () => execFile(program, words, () => undefined);
      return {
        ...{ ...stand, disruptions: [watch(['backend'], { forMs: 10_000 })] },
        act: (step) => void (step === 'begin' && person()),
      };
    },
  },
  relays('reset_peer', { type: 'reset_peer', stream: 'downstream', attributes: { timeout: 0 } }),
  relays('latency', latency),
  relays('timeout', { type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }),
  relays('down', { type: 'down', stream: 'downstream', attributes: {} }),
  relays('half_open', { type: 'half_open', stream: 'downstream', attributes: {} }),
  {
    ...{ name: 'network: by Toxiproxy', steps: held },
    stand: (here) => toxiproxied(here, latency, true),
  },
  {
    ...{ name: 'network: by Toxiproxy, whose proxy is made for it', steps: held },
    stand: (here) => toxiproxied(here, { type: 'down', stream: 'downstream', attributes: {} }, false),
  },
];
