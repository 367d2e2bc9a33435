import type { Case } from '../case.js';

const server = {
  name: 'Socket.IO',
  version: ['node', '-p', 'require("socket.io/package.json").version'],
} as const;
const needs = [{ packages: true }] as const;

const atMostOnce = {
  says: 'At most once, in order: a client that is disconnected keeps what it emits, a server keeps nothing for it. Recovery will not always be successful.',
  where: 'https://socket.io/docs/v4/delivery-guarantees',
};
const serverDelivery = {
  says: 'Who comes back is sent what is stored with a higher number than the last that it has.',
  where: 'https://socket.io/docs/v4/tutorial/step-7',
};
const clientDelivery = {
  says: 'With `retries` a message is sent until it is answered, in order; by its client offset it is stored once.',
  where: 'https://socket.io/docs/v4/tutorial/step-8',
};

type Told = Pick<Case, 'config' | 'mode' | 'expected' | 'documents'> & { readonly promise?: string };

/** By what they are. */
const setUps: Readonly<Record<string, Told>> = {
  'in memory': {
    ...{ config: 'memory.config.ts', mode: 'in memory, with connection state recovery' },
    expected: { outcome: 'pass', fails: [] },
    documents: atMostOnce,
  },
  'in memory, asked for more than it promises': {
    ...{ config: 'memory.config.ts', promise: 'at-least-once', mode: 'in memory, held to at least once' },
    // Nobody is recovered by a process that has forgotten everybody.
    expected: { outcome: 'fail', fails: ['messages-lost'], perhaps: ['resumed-honestly'] },
    documents: atMostOnce,
  },
  'the server of the tutorial': {
    ...{ config: 'tutorial.config.ts', mode: 'SQLite, server offset, connection state recovery' },
    expected: { outcome: 'pass', fails: [] },
    documents: serverDelivery,
  },
  'the tutorial with retries': {
    ...{ config: 'retries.config.ts', mode: 'SQLite, client and server offset, retries' },
    expected: { outcome: 'pass', fails: [] },
    documents: clientDelivery,
  },
};

const restarts = { SIGTERM: 'restart', SIGKILL: 'crash' } as const;

export const cases: readonly Case[] = Object.entries(restarts).flatMap(([restart, RESTART]) =>
  Object.entries(setUps).map(([name, { promise: PROMISE = '', ...told }]) => ({
    ...{ name: `${name}, ${restart}`, needs, server, restart },
    environment: { RESTART, PROMISE },
    ...told,
  })),
);
