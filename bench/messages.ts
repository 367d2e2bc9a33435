import path from 'node:path';
import { atLeast, type Benchmark, type Options } from './support/benchmark.js';
import { Folder } from './support/folder.js';
import { inTurns, median } from './support/statistics.js';
import { microseconds, perSecond } from './support/table.js';
import { measureIn, Worker } from './support/worker.js';
import type { Chattered, Chattering } from './workers/chatter.js';

const chattering = { connections: 50, warmUpMs: 1_500, ms: 3_000 };

/**
 * How many messages can be sent, acknowledged, received and recorded. Our side does for each message what a run does: it
 * tags and digests the text, sends it, and tells `send`, `written`, `ack` and `receive`, each inspected, scrubbed and
 * journalled to the disk; the server answers with two frames, the acknowledgement and the message. The bare side is a `ws` loop that only sends the same frame again when its echo
 * comes. 50 connections, one message of each under way at once; a fresh process for each side and round, one server process
 * for both. Until the journal is closed, the time counts.
 *
 * Aim: at least half as many messages a second.
 */
export const messages: Benchmark = {
  name: 'messages',
  measures: 'sending, acknowledging, receiving and recording, against a bare ws loop that only echoes',
  run,
};

async function run({ rounds, progress }: Options) {
  await using folder = new Folder();
  await using server = Worker.start('server', {});
  const { port } = await server.report<{ port: number }>();
  const chat = (side: Chattering['side']) => () => {
    progress(`chatting: ${side}`);
    const file = path.join(folder.path, 'history.ndjson');
    const url = `ws://127.0.0.1:${port}/${side === 'ours' ? 'chat' : 'echo'}`;
    return measureIn<Chattered>('chatter', { ...chattering, side, url, file } satisfies Chattering);
  };
  const { ours, bare } = await inTurns(rounds, chat('ours'), chat('bare'));
  const ratio = rate(ours) / rate(bare);
  return [
    {
      what: 'messages a second',
      measured: perSecond(rate(ours)),
      against: `${perSecond(rate(bare))} bare ws`,
      ratio,
      aim: atLeast(ratio, 0.5, ' ×'),
    },
    {
      what: 'processor time a message',
      measured: microseconds(cost(ours)),
      against: `${microseconds(cost(bare))} bare ws`,
      ratio: cost(ours) / cost(bare),
    },
  ];
}

const rate = (side: readonly Chattered[]) => median(side.map(({ messages, ms }) => (messages * 1_000) / ms));

const cost = (side: readonly Chattered[]) =>
  median(side.map(({ messages, processorMicroseconds }) => processorMicroseconds / messages));
